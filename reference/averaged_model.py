"""Draws what PyTorch's AveragedModel makes of parameters in training, and its states for TypeScript."""

import json
import random
import sys

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, get_swa_multi_avg_fn

sys.path.insert(0, "out")
from torch_optim import dump_averages, load_averages

rng = random.Random(20260105)

SHAPES = [(3, 7), (5,), ()]
UPDATES = 6
FUNCTIONS = {
    "equal": lambda: None,
    "swa": get_swa_multi_avg_fn,
    "ema .999": get_ema_multi_avg_fn,
    "ema .3": lambda: get_ema_multi_avg_fn(0.3),
    "ema 0": lambda: get_ema_multi_avg_fn(0.0),
    "ema 1": lambda: get_ema_multi_avg_fn(1.0),
}


class Model(torch.nn.Module):
    def __init__(self, dtype):
        super().__init__()
        zeros = [torch.nn.Parameter(torch.zeros(shape, dtype=dtype)) for shape in SHAPES]
        self.params = torch.nn.ParameterList(zeros)

    def take(self, values):
        with torch.no_grad():
            for param, row in zip(self.params, values):
                param.copy_(torch.tensor(row, dtype=param.dtype).reshape(param.shape))


def random_values():
    count = lambda shape: torch.Size(shape).numel()
    return [[round(rng.gauss(0, 1), 4) for _ in range(count(shape))] for shape in SHAPES]


def rows_of(averaged):
    return [param.flatten().tolist() for param in averaged.parameters()]


def draw(name, dtype):
    model = Model(getattr(torch, dtype))
    model.take(random_values())
    averaged = AveragedModel(model, multi_avg_fn=FUNCTIONS[name]())
    case = {"name": name, "dtype": dtype, "values": [], "averages": []}
    for update in range(UPDATES):
        case["values"].append(random_values())
        model.take(case["values"][-1])
        averaged.update_parameters(model)
        case["averages"].append(rows_of(averaged))
        if update == UPDATES // 2:
            case["state"] = dump_averages(averaged)
            other = AveragedModel(Model(getattr(torch, dtype)), multi_avg_fn=FUNCTIONS[name]())
            load_averages(json.loads(json.dumps(case["state"])), other)
            assert rows_of(other) == rows_of(averaged) and other.n_averaged == averaged.n_averaged
    return case


cases = [draw(name, dtype) for name in FUNCTIONS for dtype in ("float32", "float64")]
with open(sys.argv[1], "w") as file:
    lines = ",\n".join(json.dumps(case) for case in cases)
    file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
print(sys.argv[1], len(cases))
