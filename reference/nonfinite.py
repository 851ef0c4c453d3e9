"""Draws what every optimizer makes of gradients that are infinite or not a number."""

import json
import random
import sys

import torch

rng = random.Random(20260104)
INF, NAN = float("inf"), float("nan")

OPTIONS = {
    "SGD": [{"lr": 0.1}, {"lr": 0.1, "momentum": 0.9}],
    "Adam": [{"lr": 0.1}, {"lr": 0.1, "amsgrad": True}],
    "AdamW": [{"lr": 0.1, "weight_decay": 0}, {"lr": 0.1, "betas": [0.3, 0.9], "weight_decay": 0}],
    "NAdam": [{"lr": 0.1}, {"lr": 0.1, "betas": [0, 0.9]}],
    "RAdam": [{"lr": 0.1}, {"lr": 0.1, "betas": [0.3, 0.99]}],
    "Adamax": [{"lr": 0.1}],
    "Adagrad": [{"lr": 0.1}],
    "Adadelta": [{"lr": 1.0}],
    "RMSprop": [{"lr": 0.1}, {"lr": 0.1, "centered": True}, {"lr": 0.1, "momentum": 0.9}],
    "Rprop": [{"lr": 0.1}],
    "ASGD": [{"lr": 0.1}, {"lr": 0.1, "t0": 2}],
}
WITHOUT_DECAY = ["Rprop"]
STEPS = 6
# The values, one of them infinite from the start, and what the third step brings.
START = [0.5, -0.5, 0.25, -1.5, 2.0, INF]
THIRD = [INF, -INF, NAN, 0.0, -1.25, 0.75]
WORDS = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}


def to_json(values):
    return [WORDS.get(str(x), x) for x in values]


def draw(kind, options, dtype, grads):
    param = torch.nn.Parameter(torch.tensor(START, dtype=dtype))
    optimizer = getattr(torch.optim, kind)([param], foreach=False, **options)
    after = []
    for grad in grads:
        param.grad = torch.tensor(grad, dtype=dtype)
        optimizer.step()
        after.append(to_json(param.tolist()))
    name = str(dtype).removeprefix("torch.")
    return {"kind": kind, "options": options, "dtype": name, "after": after}


def options_of(kind):
    for options in OPTIONS[kind]:
        yield options
        if kind not in WITHOUT_DECAY:
            yield {**options, "weight_decay": 0.1}


grads = [[round(rng.gauss(0, 1), 3) for _ in START] for _ in range(STEPS)]
grads[2] = THIRD
cases = [
    draw(kind, options, dtype, grads)
    for kind in OPTIONS
    for options in options_of(kind)
    for dtype in (torch.float32, torch.float64)
]
path = f"{sys.argv[1]}/nonfinite.json"
with open(path, "w") as file:
    head = {
        "pytorch": torch.__version__.split("+")[0],
        "start": to_json(START),
        "grads": [to_json(row) for row in grads],
    }
    lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    file.write(f'{json.dumps(head)[:-1]}, "cases": [\n{lines}\n]}}\n')
print(path, len(cases))
