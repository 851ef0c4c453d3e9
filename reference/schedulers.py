"""Draws the schedulers' fixtures: random cases of every class, flat sequences and chains."""

import json
import random
import sys
import warnings

import torch

from chain_law import Chain, is_beyond_pytorch
from specs import course, run

warnings.simplefilter("ignore")
rng = random.Random(20260101)
one_of = rng.choice


def factor():
    return one_of([0.1, 0.25, 1 / 3, 0.5, 0.9, 1.0])


def fn():
    return one_of(
        [
            {"fn": "inverse", "k": rng.randint(1, 9)},
            {"fn": "power", "base": one_of([0.5, 0.9])},
            {"fn": "wave", "period": rng.randint(2, 7)},
        ]
    )


def per_group(draw, groups):
    return [draw() for _ in range(groups)] if rng.random() < 0.3 else draw()


DRAW = {
    "ConstantLR": lambda n: {"factor": factor(), "total_iters": rng.randint(1, 12)},
    "LinearLR": lambda n: {
        "start_factor": factor(),
        "end_factor": one_of([0.0, 0.1, 0.5, 1.0]),
        "total_iters": rng.randint(1, 12),
    },
    "ExponentialLR": lambda n: {"gamma": one_of([0.5, 0.9, 0.99, 1.01])},
    "StepLR": lambda n: {"step_size": rng.randint(1, 9), "gamma": one_of([0.1, 0.5, 0.9])},
    "MultiStepLR": lambda n: {
        "milestones": [rng.randint(0, 25) for _ in range(rng.randint(0, 6))],
        "gamma": one_of([0.1, 0.5, 0.9]),
    },
    "CosineAnnealingLR": lambda n: {
        "T_max": rng.randint(1, 15),
        "eta_min": one_of([0.0, 0.0, 0.001, 0.05]),
    },
    "PolynomialLR": lambda n: {
        "total_iters": rng.randint(1, 20),
        "power": one_of([0.5, 1.0, 2.0, 3.0]),
    },
    "CosineAnnealingWarmRestarts": lambda n: {
        "T_0": rng.randint(1, 8),
        "T_mult": rng.randint(1, 3),
        "eta_min": one_of([0.0, 0.001]),
    },
    "LambdaLR": lambda n: {"lr_lambda": per_group(fn, n)},
    "MultiplicativeLR": lambda n: {"lr_lambda": per_group(fn, n)},
    "CyclicLR": lambda n: {
        "base_lr": per_group(lambda: one_of([0.01, 0.1]), n),
        "max_lr": per_group(lambda: one_of([0.5, 1.0]), n),
        "step_size_up": rng.randint(1, 9),
        "step_size_down": one_of([None, rng.randint(1, 9)]),
        "mode": one_of(["triangular", "triangular2", "exp_range"]),
        "gamma": one_of([1.0, 0.9]),
        "scale_fn": one_of([None, None, fn()]),
        "scale_mode": one_of(["cycle", "iterations"]),
        "cycle_momentum": one_of([True, False]),
        "base_momentum": per_group(lambda: one_of([0.7, 0.8]), n),
        "max_momentum": per_group(lambda: one_of([0.9, 0.95]), n),
    },
    "OneCycleLR": lambda n: {
        "max_lr": per_group(lambda: one_of([0.3, 1.0]), n),
        **one_of([{"total_steps": rng.randint(30, 45)}, {"epochs": 6, "steps_per_epoch": 6}]),
        "pct_start": one_of([0.1, 0.3, 0.45]),
        "anneal_strategy": one_of(["cos", "linear"]),
        "cycle_momentum": one_of([True, False]),
        "base_momentum": per_group(lambda: one_of([0.8, 0.85]), n),
        "max_momentum": per_group(lambda: one_of([0.9, 0.95]), n),
        "div_factor": one_of([25.0, 10.0]),
        "final_div_factor": one_of([1e4, 100.0]),
        "three_phase": one_of([True, False]),
    },
    "ReduceLROnPlateau": lambda n: {
        "mode": one_of(["min", "max"]),
        "factor": one_of([0.1, 0.5]),
        "patience": rng.randint(0, 4),
        "threshold": one_of([1e-4, 0.1]),
        "threshold_mode": one_of(["rel", "abs"]),
        "cooldown": rng.randint(0, 3),
        "min_lr": per_group(lambda: one_of([0.0, 0.01]), n),
        "eps": one_of([1e-8, 0.01]),
    },
}

CYCLIC = ["CyclicLR", "OneCycleLR"]
SCALING = [name for name in DRAW if name not in [*CYCLIC, "ReduceLROnPlateau"]]


def groups():
    return [one_of([1.0, 0.1, 0.3, 0.003]) for _ in range(rng.randint(1, 3))]


def spec_of(name, count):
    return {"type": name, **DRAW[name](count)}


def single(name):
    lrs = groups()
    case = {"groups": lrs, "spec": spec_of(name, len(lrs)), "steps": rng.randint(12, 30)}
    if name in CYCLIC and rng.random() < 0.4:
        case["optimizer"] = ["Adam", {}]
    if name == "ReduceLROnPlateau":
        case["metrics"] = [round(rng.random() / (1 + k / 5), 3) for k in range(case["steps"])]
    return case


def hand_set(case):
    steps = rng.sample(range(case["steps"]), 2)
    for step in steps:
        group = rng.randrange(len(case["groups"]))
        lr = one_of([0.7, 0.05, 0.2])
        case.setdefault("hand_set", {})[str(step)] = {str(group): lr}
    return case


def jumping(name):
    """PyTorch's step(epoch)."""
    case = single(name)
    whole = name != "CosineAnnealingWarmRestarts"
    draw = (lambda: rng.randint(0, 25)) if whole else (lambda: round(rng.uniform(0, 25), 2))
    case["epochs"] = [draw() for _ in range(case["steps"])]
    return case


def sequence(names):
    lrs = groups()
    phases = rng.randint(2, 5)
    milestones = sorted(rng.sample(range(1, 24), phases - 1))
    schedulers = [spec_of(one_of(names), len(lrs)) for _ in range(phases)]
    spec = {"type": "SequentialLR", "milestones": milestones, "schedulers": schedulers}
    return {"groups": lrs, "spec": spec, "steps": 30}


def chain(names):
    lrs = groups()
    schedulers = [spec_of(one_of(names), len(lrs)) for _ in range(rng.randint(1, 3))]
    return {"groups": lrs, "spec": {"type": "ChainedScheduler", "schedulers": schedulers}, "steps": 24}


def drawn(case):
    """What PyTorch does; of a chain that it does not treat by the law, what the law makes of its members."""
    if not is_beyond_pytorch(case):
        return run(case)
    chain = Chain(case)
    return {**case, "by_law": True, **course(case, chain, 0, case["steps"])}


def write(name, cases):
    path = f"{sys.argv[1]}/{name}.json"
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(drawn(case)) for case in cases)
        file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
    print(path, len(cases))


for name in DRAW:
    cases = [single(name) for _ in range(50)]
    if name not in ["OneCycleLR", "ReduceLROnPlateau"]:
        cases += [jumping(name) for _ in range(15)]
    cases += [hand_set(single(name)) for _ in range(15)]
    write(name, cases)

write(
    "SequentialLR",
    [sequence(SCALING) for _ in range(700)] + [hand_set(sequence(SCALING)) for _ in range(100)],
)
write(
    "ChainedScheduler",
    [chain(SCALING) for _ in range(350)] + [hand_set(chain(SCALING)) for _ in range(50)],
)
