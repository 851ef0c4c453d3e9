"""Draws the optimizers' fixtures: every option that changes the numbers, under a SequentialLR."""

import itertools
import json
import math
import random
import sys
import warnings

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

warnings.simplefilter("ignore")
rng = random.Random(20260102)

VECTORS = [[7], [5]]
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
    "Adafactor": [
        {"lr": 0.1},
        {"lr": 0.5, "beta2_decay": -0.4},
        {"lr": 0.1, "eps": [0.5, 2.0], "d": 1.5},
        {"lr": 0.1, "eps": [0.5, 2.0], "weight_decay": 0.1},
        {"lr": 0.1, "maximize": True, "weight_decay": 0.1},
    ],
    "Muon": [
        {"lr": 0.1},
        {"lr": 0.1, "momentum": 0.4, "weight_decay": 0.5},
        {"lr": 0.1, "nesterov": False, "adjust_lr_fn": "match_rms_adamw"},
        {"lr": 0.1, "ns_steps": 3, "eps": 3.0, "adjust_lr_fn": "spectral_unclamped"},
        {"lr": 0.1, "ns_coefficients": [2.0, -1.5, 0.5], "adjust_lr_fn": "original"},
    ],
}

# Where shapes matter: those of the two parameters, option by option.
SHAPES = {
    "Adafactor": [[[3, 5], [6]], [[2, 3, 4], [1, 5]], [[5, 2], [4]], [[3, 2, 2], []], [[4], [7, 1]]],
    "Muon": [[[6, 9], [5, 3]], [[4, 4], [3, 6]], [[8, 5], [1, 4]], [[5, 3], [2, 7]], [[7, 3], [4, 5]]],
}


def draw(kind, options, dtype, shapes, rng):
    numbers = lambda shape: [round(rng.gauss(0, 1), 3) for _ in range(math.prod(shape))]
    start = [numbers(shape) for shape in shapes]
    grads = [[numbers(shape) for shape in shapes] for _ in range(STEPS)]
    tensor = lambda values, shape: torch.tensor(values, dtype=dtype).reshape(shape)
    params = [torch.nn.Parameter(tensor(*pair)) for pair in zip(start, shapes)]
    # The second group has options of its own.
    own = {"lr": options["lr"] / 2, **OWN.get(kind, {"weight_decay": 0.05})}
    groups = [{"params": [params[0]]}, {"params": [params[1]], **own}]
    loop = {} if kind == "Muon" else {"foreach": False}
    optimizer = getattr(torch.optim, kind)(groups, **loop, **options)
    scheduler = SequentialLR(
        optimizer,
        [LinearLR(optimizer, total_iters=5), CosineAnnealingLR(optimizer, T_max=20)],
        milestones=[5],
    )
    after = {}
    for k in range(1, STEPS + 1):
        for param, grad, shape in zip(params, grads[k - 1], shapes):
            # The last steps leave the second parameter without a gradient.
            skip = param is params[1] and k > 17
            param.grad = None if skip else tensor(grad, shape)
        optimizer.step()
        scheduler.step()
        if k in WATCHED:
            after[k] = [param.flatten().tolist() for param in params]
    # Vectors need no shapes.
    kept = {"shapes": shapes} if kind in SHAPES else {}
    return {
        "options": options,
        "own": own,
        "dtype": str(dtype).removeprefix("torch."),
        **kept,
        "start": start,
        "grads": grads,
        "after": after,
        "state": to_json(optimizer.state_dict()),
    }


def to_json(value):
    if isinstance(value, torch.Tensor):
        return value.flatten().tolist() if value.dim() > 0 else value.item()
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def cases_of(kind):
    # Numbers of their own, so that no other optimizer's cases change them.
    source = random.Random(f"{kind} 20260102") if kind in SHAPES else rng
    for options, shapes in zip(OPTIONS[kind], itertools.cycle(SHAPES.get(kind, [VECTORS]))):
        for dtype in (torch.float32, torch.float64):
            yield draw(kind, options, dtype, shapes, source)


for kind in OPTIONS:
    cases = list(cases_of(kind))
    path = f"{sys.argv[1]}/{kind}.json"
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
    print(path, len(cases))
