"""Loads our checkpoints into PyTorch, checks that it goes on with our numbers, and draws that."""

import json
import sys
import warnings

import torch

sys.path.insert(0, "out")
import lbfgs_runs
import torch_optim
from optimizer_runs import start, train
from specs import build, course, optimizer_of

warnings.simplefilter("ignore")
CLOSE = 1e-12


def read(name):
    with open(f"out/interchange/{name}.json") as file:
        return json.load(file)["cases"]


def difference(these, those):
    pairs = [pair for row, other in zip(these, those) for pair in zip(row, other, strict=True)]
    return max((abs(x - y) for x, y in pairs), default=0)


def go_on(case):
    optimizer = optimizer_of(case)
    scheduler = build(optimizer, case["spec"])
    torch_optim.load(case["state"], optimizer, scheduler)
    drawn = course(case, scheduler, case["stopped"], case["steps"])
    if "momentum" not in case:
        drawn.pop("momentum", None)
    largest = max(*case["groups"], *(lr for row in drawn["lr"] for lr in row))
    assert difference(case["lr"], drawn["lr"]) <= CLOSE * largest, case
    assert difference(case.get("momentum", []), drawn.get("momentum", [])) <= CLOSE, case
    return {**case, **drawn}


def train_on(case):
    optimizer, scheduler, params = start(case, case["params"])
    torch_optim.load(case["state"], optimizer, scheduler)
    train(case, optimizer, scheduler, params, case["stopped"], len(case["grads"]))
    return {**case, "after": [param.flatten().tolist() for param in params]}


def minimize_on(case):
    optimizer, scheduler, params, closure = lbfgs_runs.start(case, case["params"])
    torch_optim.load(case["state"], optimizer, scheduler)
    drawn = lbfgs_runs.train(optimizer, scheduler, closure, len(case["losses"]) - case["stopped"])
    whole = {key: case[key][: case["stopped"]] + drawn[key] for key in drawn}
    return {**case, **whole, "after": [param.tolist() for param in params]}


def write(name, drawn):
    path = f"out/interchange/{name}.json"
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(case, allow_nan=False) for case in drawn)
        file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
    print(path, len(drawn))


write("to_pytorch", [go_on(case) for case in read("schedulers_from_here")])
write("optimizers_to_pytorch", [train_on(case) for case in read("optimizers_from_here")])
write("lbfgs_to_pytorch", [minimize_on(case) for case in read("lbfgs_from_here")])
