"""Tensors of every dtype, and data as JSON."""

import torch

DTYPES = [
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
    "uint16", "uint32", "uint64",
]  # fmt: skip


def described(value):
    """Data as JSON; a tensor row by row, its large whole numbers as words."""
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        values = [worded(x) for x in value.detach().contiguous().flatten().tolist()]
        return {"dtype": dtype, "shape": list(value.shape), "values": values}
    if isinstance(value, dict):
        return {str(key): described(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [described(item) for item in value]
    return worded(value)


def worded(value):
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and value - value != 0:
        return {"word": {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]}
    if isinstance(value, int) and abs(value) >= 2**53:
        return {"whole": str(value)}
    return value


def dtypes():
    values = [0, 1, 2.5, -3.25, 65504, 1e-7]
    tensors = {}
    for name in DTYPES:
        dtype = getattr(torch, name)
        numbers = values if dtype.is_floating_point else [abs(int(x)) % 128 for x in values]
        tensors[name] = torch.tensor(numbers).to(dtype)
    tensors["special"] = torch.tensor([float("inf"), float("-inf"), float("nan"), -0.0, 1e-45])
    tensors["special16"] = torch.tensor([float("inf"), float("-inf"), 6e-8, -0.0, 0.1]).half()
    tensors["special_b16"] = torch.tensor([float("inf"), float("-inf"), 1e-40, -0.0, 0.1]).bfloat16()
    tensors["large"] = torch.tensor([2**53 + 1, -(2**63), 2**63 - 1])
    tensors["larger"] = torch.tensor([2**64 - 1, 2**63], dtype=torch.uint64)
    return tensors
