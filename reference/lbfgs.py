"""Draws LBFGS's fixture: small problems with both ways to a step length, and checkpoints."""

import json
import random
import sys

import torch

sys.path.insert(0, "out")
import torch_optim
from lbfgs_runs import start, train

rng = random.Random(20260105)
STEPS = 6
STOPPED = 2


def numbers(size):
    return [round(rng.gauss(0, 1), 3) for _ in range(size)]


INPUTS = [numbers(3) for _ in range(10)]
# What each problem starts from (the last parameter never has a gradient), and its data.
PROBLEMS = {
    "rosenbrock": ([[-1.2, 0.5], [1.0, -0.3], [7.0]], []),
    "least_squares": ([[0.0, 0.0, 0.0], [0.0], [7.0]], [INPUTS, numbers(10)]),
    "logistic": ([[0.5, -2.0, 1.0], [0.0], [7.0]], [INPUTS, [rng.randint(0, 1) for _ in INPUTS]]),
}
SEARCH = {"line_search_fn": "strong_wolfe"}
OPTIONS = {
    "rosenbrock": [
        {"lr": 0.1, "max_iter": 4, "history_size": 3},
        {"max_iter": 5, **SEARCH},
        {"lr": 3.0, "max_iter": 6, "max_eval": 5, "history_size": 2, **SEARCH},
        {"max_iter": 4, "maximize": True, **SEARCH},
    ],
    "least_squares": [
        {"lr": 0.5, "max_iter": 2},
        {"max_iter": 1},
        {"lr": 0.1, "max_iter": 1, **SEARCH},
        {"max_iter": 4, "tolerance_change": 1e-2, **SEARCH},
    ],
    "logistic": [
        {"max_iter": 2, "history_size": 2},
        {"max_iter": 8, "tolerance_grad": 1e-2},
        {"lr": 0.8, "max_iter": 2, "maximize": True},
        {"lr": 20.0, "max_iter": 3, "history_size": 2, **SEARCH},
    ],
}


def draw(problem, options, dtype):
    values, data = PROBLEMS[problem]
    case = {"problem": problem, "options": options, "dtype": dtype, "start": values, "data": data}
    optimizer, scheduler, params, closure = start(case)
    # After one iteration nothing is remembered yet.
    stopped = min(STOPPED, options["max_iter"])
    before = train(optimizer, scheduler, closure, stopped)
    state = torch_optim.dump(optimizer, scheduler)
    at_checkpoint = [param.tolist() for param in params]
    after = train(optimizer, scheduler, closure, STEPS - stopped)
    return {
        **case,
        **{key: before[key] + after[key] for key in before},
        "stopped": stopped,
        "params": at_checkpoint,
        "state": state,
        "after": [param.tolist() for param in params],
    }


cases = [
    draw(problem, options, dtype)
    for problem, choices in OPTIONS.items()
    for options in choices
    for dtype in ("float32", "float64")
]
with open(sys.argv[1], "w") as file:
    lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
print(sys.argv[1], len(cases))
