"""Draws what PyTorch's clip_grad_norm_ and clip_grad_value_ make of gradients of every precision."""

import json
import math
import random
import sys

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

rng = random.Random(20260104)

PRECISIONS = [["float32"] * 3, ["float64"] * 3, ["float32", "float64", "float32"]]
SIZES = [4, 17, 3]
NORM_TYPES = [2.0, 1.0, math.inf, 3.0, 0.5]
# The first clips, the second does not, the third does to nothing.
MAX_NORMS = [1.0, 1e4, 0.0]
SPECIAL = [[[3.0, math.inf, -1.0]], [[3.0, math.nan, -1.0]], [[0.0, 0.0]], []]


def numbers(size):
    return [round(rng.gauss(0, 1), 3) for _ in range(size)]


def parameters(grads, dtypes):
    made = []
    for grad, dtype in zip(grads, dtypes):
        values = torch.tensor(grad, dtype=getattr(torch, dtype))
        made.append(torch.nn.Parameter(torch.zeros_like(values)))
        made[-1].grad = values
    return made


def draw_norm(grads, dtypes, max_norm, norm_type):
    params = parameters(grads, dtypes)
    total = clip_grad_norm_(params, max_norm, norm_type, foreach=False).item()
    case = {"grads": grads, "dtypes": dtypes, "max_norm": max_norm, "norm_type": norm_type}
    return {**case, "total": total, "after": [param.grad.tolist() for param in params]}


def draw_value(grads, dtypes, clip_value):
    params = parameters(grads, dtypes)
    clip_grad_value_(params, clip_value, foreach=False)
    case = {"grads": grads, "dtypes": dtypes, "clip_value": clip_value}
    return {**case, "after": [param.grad.tolist() for param in params]}


def norm_cases():
    for dtypes in PRECISIONS:
        for norm_type in NORM_TYPES:
            for max_norm in MAX_NORMS:
                yield draw_norm([numbers(size) for size in SIZES], dtypes, max_norm, norm_type)
    for grads in SPECIAL:
        for norm_type in (2.0, math.inf):
            for max_norm in (1.0, math.inf):
                yield draw_norm(grads, ["float32"] * len(grads), max_norm, norm_type)


def value_cases():
    for dtypes in PRECISIONS:
        yield draw_value([numbers(size) for size in SIZES], dtypes, 0.7)
    yield draw_value([[math.inf, -math.inf, math.nan, 0.0]], ["float32"], 2.0)


def words(value):
    """JSON has no numbers that are not finite."""
    if isinstance(value, dict):
        return {key: words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [words(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def lines(cases):
    return ",\n".join(json.dumps(words(case), allow_nan=False) for case in cases)


with open(sys.argv[1], "w") as file:
    version = torch.__version__.split("+")[0]
    file.write(f'{{"pytorch": "{version}", "norm": [\n{lines(norm_cases())}\n], "value": [\n')
    file.write(f"{lines(value_cases())}\n]}}\n")
