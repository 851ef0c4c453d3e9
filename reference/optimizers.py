"""Draws the optimizers' fixtures: every option that changes the numbers, under a SequentialLR."""

import json
import random
import sys
import warnings

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

warnings.simplefilter("ignore")
rng = random.Random(20260102)

SIZES = [7, 5]
STEPS = 20
WATCHED = [1, 2, 5, 20]
# What the second group has of its own where there is no weight decay.
OWN = {"Rprop": {"etas": [0.4, 1.3]}}

OPTIONS = {
    "SGD": [
        {"lr": 0.1},
        {"lr": 0.1, "weight_decay": 0.1},
        {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.5},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        {"lr": 0.1, "momentum": 0.9, "maximize": True, "weight_decay": 0.01},
    ],
    "Adam": [
        {"lr": 0.01},
        {"lr": 0.01, "betas": [0.8, 0.99], "eps": 1e-4},
        {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "amsgrad": True},
        {"lr": 0.01, "amsgrad": True, "maximize": True, "weight_decay": 0.1},
    ],
    "AdamW": [
        {"lr": 0.01},
        {"lr": 0.01, "betas": [0.8, 0.99], "eps": 1e-4, "weight_decay": 0.1},
        {"lr": 0.01, "amsgrad": True},
        {"lr": 0.01, "amsgrad": True, "maximize": True, "weight_decay": 0.1},
    ],
    "NAdam": [
        {"lr": 0.01},
        {"lr": 0.01, "betas": [0.4, 0.9], "eps": 1e-2},
        {"lr": 0.01, "weight_decay": 0.1, "momentum_decay": 0.1},
        {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True},
    ],
    "RAdam": [
        {"lr": 0.01},
        {"lr": 0.01, "betas": [0.4, 0.9], "eps": 1e-2},
        {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True},
    ],
    "Adamax": [
        {"lr": 0.01},
        {"lr": 0.01, "betas": [0.4, 0.9], "eps": 1e-2},
        {"lr": 0.01, "weight_decay": 0.1, "maximize": True},
    ],
    "Adagrad": [
        {"lr": 0.1},
        {"lr": 0.1, "lr_decay": 0.1, "eps": 1e-2},
        {"lr": 0.1, "initial_accumulator_value": 0.5, "weight_decay": 0.1, "maximize": True},
    ],
    "Adadelta": [
        {"lr": 1.0},
        {"lr": 0.5, "rho": 0.4, "eps": 1e-2},
        {"lr": 1.0, "weight_decay": 0.1, "maximize": True},
    ],
    "RMSprop": [
        {"lr": 0.01},
        {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.1},
        {"lr": 0.01, "centered": True},
        {"lr": 0.01, "alpha": 0.4, "eps": 1e-2, "centered": True},
        {"lr": 0.01, "centered": True, "momentum": 0.9, "maximize": True},
    ],
    "Rprop": [
        {"lr": 0.01},
        {"lr": 0.01, "etas": [0.3, 1.5], "step_sizes": [5e-3, 0.05]},
        {"lr": 0.01, "maximize": True},
    ],
    "ASGD": [
        {"lr": 0.1},
        {"lr": 0.1, "lambd": 0.1, "alpha": 0.5, "t0": 5},
        {"lr": 0.1, "weight_decay": 0.1, "t0": 5, "maximize": True},
    ],
}


def numbers(size):
    return [round(rng.gauss(0, 1), 3) for _ in range(size)]


def draw(kind, options, dtype):
    start = [numbers(size) for size in SIZES]
    grads = [[numbers(size) for size in SIZES] for _ in range(STEPS)]
    params = [torch.nn.Parameter(torch.tensor(values, dtype=dtype)) for values in start]
    # The second group has options of its own.
    own = {"lr": options["lr"] / 2, **OWN.get(kind, {"weight_decay": 0.05})}
    groups = [{"params": [params[0]]}, {"params": [params[1]], **own}]
    optimizer = getattr(torch.optim, kind)(groups, foreach=False, **options)
    scheduler = SequentialLR(
        optimizer,
        [LinearLR(optimizer, total_iters=5), CosineAnnealingLR(optimizer, T_max=20)],
        milestones=[5],
    )
    after = {}
    for k in range(1, STEPS + 1):
        for param, grad in zip(params, grads[k - 1]):
            # The last steps leave the second parameter without a gradient.
            skip = param is params[1] and k > 17
            param.grad = None if skip else torch.tensor(grad, dtype=dtype)
        optimizer.step()
        scheduler.step()
        if k in WATCHED:
            after[k] = [param.tolist() for param in params]
    return {
        "options": options,
        "own": own,
        "dtype": str(dtype).removeprefix("torch."),
        "start": start,
        "grads": grads,
        "after": after,
        "state": to_json(optimizer.state_dict()),
    }


def to_json(value):
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


for kind, choices in OPTIONS.items():
    cases = [draw(kind, o, dtype) for o in choices for dtype in (torch.float32, torch.float64)]
    path = f"{sys.argv[1]}/{kind}.json"
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
    print(path, len(cases))
