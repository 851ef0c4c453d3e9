"""Draws `lr_scheduler/derived.json`: classes derived from PyTorch's schedulers, with a get_lr of their own.

The same classes stand in packages/torch-optim/test/optim/lr_scheduler/derived.test.ts.
"""

import json
import sys
import warnings

import torch
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    OneCycleLR,
    SequentialLR,
    StepLR,
)

warnings.simplefilter("ignore")
EPOCHS = 20


class FlooredCosine(CosineAnnealingLR):
    """Goes on from the lr in force, which the floor has lifted."""

    def get_lr(self):
        return [max(lr, 0.1 * base) for lr, base in zip(super().get_lr(), self.base_lrs)]


class FlooredStep(StepLR):
    def get_lr(self):
        return [max(lr, 0.05) for lr in super().get_lr()]


class SawTooth(CosineAnnealingWarmRestarts):
    def get_lr(self):
        return [base * (1 - self.T_cur / self.T_i) for base in self.base_lrs]


class DampedRestarts(CosineAnnealingWarmRestarts):
    def get_lr(self):
        return [lr * 0.9**self.last_epoch for lr in super().get_lr()]


class DampedCyclic(CyclicLR):
    def get_lr(self):
        return [lr * 0.9**self.last_epoch for lr in super().get_lr()]


class DampedOneCycle(OneCycleLR):
    def get_lr(self):
        return [lr * 0.9**self.last_epoch for lr in super().get_lr()]


class ShiftedLambda(LambdaLR):
    def get_lr(self):
        return [lr + 0.5 for lr in super().get_lr()]


MAKE = {
    "FlooredCosine": lambda o: FlooredCosine(o, T_max=6),
    "FlooredStep": lambda o: FlooredStep(o, step_size=2, gamma=0.5),
    "SawTooth": lambda o: SawTooth(o, T_0=3, T_mult=2),
    "DampedRestarts": lambda o: DampedRestarts(o, T_0=4),
    "DampedCyclic": lambda o: DampedCyclic(o, 0.1, 0.4, step_size_up=3),
    "DampedOneCycle": lambda o: DampedOneCycle(o, 2.0, total_steps=EPOCHS + 1),
    "ShiftedLambda": lambda o: ShiftedLambda(o, lambda epoch: 1 / (1 + epoch)),
}


def draw(make):
    params = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    groups = [{"params": [params[0]], "lr": 1.0}, {"params": [params[1]], "lr": 0.3}]
    optimizer = torch.optim.SGD(groups, momentum=0.6)
    scheduler = make(optimizer)
    lr, momentum = [], []
    for epoch in range(EPOCHS + 1):
        lr.append([group["lr"] for group in optimizer.param_groups])
        momentum.append([group["momentum"] for group in optimizer.param_groups])
        if epoch < EPOCHS:
            optimizer.step()
            scheduler.step()
    return {"lr": lr, "momentum": momentum}


def as_first_phase(make):
    return lambda o: SequentialLR(o, [make(o), ExponentialLR(o, 0.9)], [8])


def as_later_phase(make):
    return lambda o: SequentialLR(o, [LinearLR(o, 0.25, total_iters=3), make(o)], [3])


# The cyclic ones rewrite their neighbours' base lr in PyTorch, so they are drawn alone.
cases = {}
for name, make in MAKE.items():
    cases[name] = {"alone": draw(make)}
    if not name.endswith("Cycle") and not name.endswith("Cyclic"):
        cases[name]["as_first_phase"] = draw(as_first_phase(make))
        cases[name]["as_later_phase"] = draw(as_later_phase(make))
with open(sys.argv[1], "w") as file:
    json.dump({"pytorch": torch.__version__.split("+")[0], "cases": cases}, file, indent=1)
    file.write("\n")
print(sys.argv[1], len(cases))
