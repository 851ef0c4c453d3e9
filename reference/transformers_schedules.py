"""Draws the fixture of transformers' schedules, alone and as phases of a sequence."""

import json
import random
import sys
import warnings

import torch

from specs import run
from transformers import SCHEDULES

warnings.simplefilter("ignore")
rng = random.Random(20260102)
one_of = rng.choice


def steps():
    warmup = rng.randint(0, 9)
    return {"num_warmup_steps": warmup, "num_training_steps": warmup + rng.randint(1, 25)}


def wsd_steps():
    warmup, stable, decay = (rng.randint(0, 9) for _ in range(3))
    return {
        "num_warmup_steps": warmup,
        "num_decay_steps": decay,
        **one_of(
            [{"num_stable_steps": stable}, {"num_training_steps": warmup + stable + decay}]
        ),
    }


def some(options):
    return {name: value for name, value in options.items() if rng.random() < 0.7}


DRAW = {
    "ConstantSchedule": lambda: {},
    "ConstantScheduleWithWarmup": lambda: {"num_warmup_steps": rng.randint(0, 9)},
    "LinearScheduleWithWarmup": steps,
    "CosineScheduleWithWarmup": lambda: {
        **steps(),
        **some({"num_cycles": one_of([0.5, 1.0, 1.5, 0.25])}),
    },
    "CosineWithHardRestartsScheduleWithWarmup": lambda: {
        **steps(),
        **some({"num_cycles": rng.randint(1, 4)}),
    },
    "PolynomialDecayScheduleWithWarmup": lambda: {
        **steps(),
        **some({"lr_end": one_of([0.0, 1e-7, 0.001]), "power": one_of([0.5, 1.0, 2.0])}),
    },
    "InverseSqrtSchedule": lambda: {
        "num_warmup_steps": rng.randint(0, 9),
        **some({"timescale": rng.randint(1, 30)}),
    },
    "CosineWithMinLRScheduleWithWarmup": lambda: {
        **steps(),
        **some({"num_cycles": one_of([0.5, 1.5])}),
        **one_of([{"min_lr": one_of([0.0, 0.002])}, {"min_lr_rate": one_of([0.0, 0.1, 0.5])}]),
    },
    "CosineWithMinLRScheduleWithWarmupLRRate": lambda: {
        **steps(),
        **some({"num_cycles": one_of([0.5, 1.5]), "warmup_lr_rate": one_of([0.0, 0.1])}),
        **one_of([{"min_lr": one_of([0.0, 0.002])}, {"min_lr_rate": one_of([0.0, 0.1, 0.5])}]),
    },
    "WSDSchedule": lambda: {
        **wsd_steps(),
        **some(
            {
                "warmup_type": one_of(["linear", "cosine", "1-sqrt"]),
                "decay_type": one_of(["linear", "cosine", "1-sqrt"]),
                "min_lr_ratio": one_of([0.0, 0.1]),
                "num_cycles": one_of([0.5, 1.5]),
            }
        ),
    },
}
BY_METRICS = {
    "GreedyLR": lambda: {
        "patience": rng.randint(0, 3),
        "factor": one_of([0.5, 0.9]),
        **some(
            {
                "mode": one_of(["min", "max"]),
                "threshold": one_of([1e-4, 0.1]),
                "threshold_mode": one_of(["rel", "abs"]),
                "cooldown": rng.randint(0, 3),
                "warmup": rng.randint(0, 3),
                "max_lr": one_of([0.5, 2.0]),
                "eps": one_of([1e-8, 0.01]),
                "smooth": True,
                "window_size": rng.randint(1, 6),
            }
        ),
        **one_of([{}, {"min_lr": 0.005}, {"min_lr": 0.1, "reset_start": rng.randint(0, 3)}]),
    },
}
# Those that read the optimizer's default lr, which is the group's where there is one group.
READS_DEFAULT = [name for name in DRAW if "MinLR" in name or name.startswith("PolynomialDecay")]


def lrs(count):
    return [one_of([1.0, 0.1, 0.3, 0.01]) for _ in range(count)]


def case_of(groups, spec):
    lr = {"lr": groups[0]}
    optimizer = ["SGD", {"momentum": 0.9, **lr}]
    return {"groups": groups, "optimizer": optimizer, "spec": spec, "steps": 36}


def by_metrics(name):
    case = case_of(lrs(rng.randint(1, 3)), {"type": name, **BY_METRICS[name]()})
    metrics = [round(rng.random() / (1 + k / 5), 3) for k in range(case["steps"])]
    return {**case, "metrics": one_of([metrics, sorted(metrics), sorted(metrics)[::-1]])}


def single(name):
    groups = lrs(1 if name in READS_DEFAULT else rng.randint(1, 3))
    return case_of(groups, {"type": name, **DRAW[name]()})


def sequence():
    phases = rng.randint(2, 4)
    milestones = sorted(rng.sample(range(1, 30), phases - 1))
    schedulers = [{"type": name, **DRAW[name]()} for name in rng.choices(list(DRAW), k=phases)]
    spec = {"type": "SequentialLR", "milestones": milestones, "schedulers": schedulers}
    return case_of(lrs(1), spec)


assert {*DRAW, *BY_METRICS} == {*SCHEDULES}
cases = [single(name) for name in DRAW for _ in range(30)] + [sequence() for _ in range(100)]
cases += [by_metrics(name) for name in BY_METRICS for _ in range(120)]
path = f"{sys.argv[1]}/transformers.json"
with open(path, "w") as file:
    lines = ",\n".join(json.dumps(run(case)) for case in cases)
    file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
print(path, len(cases))
