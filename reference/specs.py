"""Builds PyTorch's schedulers from the specs that the fixtures hold."""

import torch
from torch.optim import lr_scheduler

from transformers import SCHEDULES

FUNCTIONS = {
    "inverse": lambda k: lambda x: 1 / (1 + x / k),
    "power": lambda base: lambda x: base**x,
    "wave": lambda period: lambda x: 0.5 + (x % period) / (2 * period),
}


def optimizer_of(case):
    kind, options = case.get("optimizer", ["SGD", {"momentum": 0.9}])
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in case["groups"]]
    return getattr(torch.optim, kind)(groups, **options)


def build(optimizer, spec):
    options = {name: _option(optimizer, value) for name, value in spec.items() if name != "type"}
    scheduler = SCHEDULES.get(spec["type"]) or getattr(lr_scheduler, spec["type"])
    return scheduler(optimizer=optimizer, **options)


def _option(optimizer, value):
    if isinstance(value, list):
        return [_option(optimizer, item) for item in value]
    if isinstance(value, dict) and "type" in value:
        return build(optimizer, value)
    if isinstance(value, dict):
        return FUNCTIONS[value["fn"]](**{name: x for name, x in value.items() if name != "fn"})
    return value


def run(case, build_scheduler=None):
    """The lr, and the momentum where it is cycled, of every group at epochs 0 to steps."""
    optimizer = optimizer_of(case)
    scheduler = build_scheduler(optimizer) if build_scheduler else build(optimizer, case["spec"])
    return {**case, **course(case, scheduler, 0, case["steps"])}


def course(case, scheduler, start, stop):
    """The lr, and the momentum where it is cycled, of every group at epochs start to stop."""
    optimizer = scheduler.optimizer
    lrs, momenta = [_lrs(optimizer)], [momenta_of(optimizer)]
    for k in range(start, stop):
        set_by_hand(case, optimizer, k)
        optimizer.step()
        if "metrics" in case:
            scheduler.step(case["metrics"][k])
        elif "epochs" in case:
            scheduler.step(case["epochs"][k])
        else:
            scheduler.step()
        lrs.append(_lrs(optimizer))
        momenta.append(momenta_of(optimizer))
    result = {"lr": _by_group(lrs)}
    if any(value != momenta[0] for value in momenta) or "Cycl" in str(case["spec"]):
        result["momentum"] = _by_group(momenta)
    return result


def set_by_hand(case, optimizer, k):
    for group, lr in case.get("hand_set", {}).get(str(k), {}).items():
        optimizer.param_groups[int(group)]["lr"] = lr


def _lrs(optimizer):
    return [float(group["lr"]) for group in optimizer.param_groups]


def momenta_of(optimizer):
    return [
        group["betas"][0] if "betas" in group else group["momentum"]
        for group in optimizer.param_groups
    ]


def _by_group(rows):
    return [list(column) for column in zip(*rows)]
