"""Loads our .pt files into PyTorch with no help, and checks that it goes on with our numbers."""

import glob
import json
import sys
import warnings

import torch

import lbfgs_runs
import optimizer_runs
from specs import build, course, optimizer_of

warnings.simplefilter("ignore")
FOLDER = sys.argv[1]
CLOSE = {"float64": 1e-12, "float32": 2e-6}


def difference(these, those):
    pairs = [pair for row, other in zip(these, those, strict=True) for pair in zip(row, other, strict=True)]
    return max((abs(x - y) for x, y in pairs), default=0)


def load(name, i):
    with open(f"{FOLDER}/{name}/{i}.json") as file:
        return json.load(file), torch.load(f"{FOLDER}/{name}/{i}.pt", weights_only=True)


def take_up(saved, optimizer, scheduler):
    optimizer.load_state_dict(saved["optimizer"])
    scheduler.load_state_dict(saved["scheduler"])
    assert saved["extra"] == {"epoch": 1, "words": ["a", None, True], "loss": float("inf")}


def check_scheduler(i):
    case, saved = load("schedulers", i)
    optimizer = optimizer_of(case)
    scheduler = build(optimizer, case["spec"])
    take_up(saved, optimizer, scheduler)
    drawn = course(case, scheduler, case["stopped"], case["steps"])
    largest = max(*case["groups"], *(lr for row in drawn["lr"] for lr in row))
    assert difference(case["lr"], drawn["lr"]) <= 1e-12 * largest, (i, case, drawn)
    if "momentum" in case:
        assert difference(case["momentum"], drawn["momentum"]) <= 1e-12, (i, case, drawn)


def check_after(case, params, i):
    after = [param.flatten().tolist() for param in params]
    largest = max(abs(x) for row in case["after"] for x in row)
    assert difference(case["after"], after) <= CLOSE[case["dtype"]] * largest, (i, case, after)


def check_optimizer(i):
    case, saved = load("optimizers", i)
    values = [value.flatten().tolist() for value in saved["model"].values()]
    optimizer, scheduler, params = optimizer_runs.start(case, values)
    take_up(saved, optimizer, scheduler)
    optimizer_runs.train(case, optimizer, scheduler, params, case["stopped"], len(case["grads"]))
    check_after(case, params, i)


def check_lbfgs(i):
    case, saved = load("lbfgs", i)
    values = [value.tolist() for value in saved["model"].values()]
    optimizer, scheduler, params, closure = lbfgs_runs.start(case, values)
    take_up(saved, optimizer, scheduler)
    lbfgs_runs.train(optimizer, scheduler, closure, len(case["losses"]) - case["stopped"])
    check_after(case, params, i)


counts = {}
for name, check in [
    ("schedulers", check_scheduler),
    ("optimizers", check_optimizer),
    ("lbfgs", check_lbfgs),
]:
    counts[name] = len(glob.glob(f"{FOLDER}/{name}/*.pt"))
    for i in range(counts[name]):
        check(i)
with open(f"{FOLDER}/digests.json") as file:
    digests = json.load(file)
assert {name: len(each) for name, each in digests.items()} == counts
with open(f"{FOLDER}/taken.json", "w") as file:
    json.dump({"pytorch": torch.__version__.split("+")[0], "digests": digests}, file)
print("PyTorch", torch.__version__, "went on from", counts)
