"""Checks what torch_optim.py refuses, and that it brings every optimizer of PyTorch back."""

import json
import sys
import warnings

import torch
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ExponentialLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    SequentialLR,
    StepLR,
)

sys.path.insert(0, "out")
import torch_optim

warnings.simplefilter("ignore")

OPTIMIZERS = {
    "ASGD": {},
    "Adadelta": {},
    "Adafactor": {},
    "Adagrad": {},
    "Adam": {"amsgrad": True},
    "AdamW": {"betas": (0.8, 0.99)},
    "Adamax": {},
    "LBFGS": {"lr": 0.1, "max_iter": 3},
    "Muon": {},
    "NAdam": {},
    "RAdam": {},
    "RMSprop": {"centered": True, "momentum": 0.9},
    "Rprop": {},
    "SGD": {"momentum": 0.9},
}


def through_json(state):
    return json.loads(json.dumps(state, allow_nan=False))


def sgd(groups=1):
    params = [{"params": [torch.nn.Parameter(torch.ones(2, 3))]} for _ in range(groups)]
    return torch.optim.SGD(params, lr=0.1, momentum=0.9)


def made(schedulers, groups=1):
    optimizer = sgd(groups)
    return optimizer, schedulers(optimizer)


def refuses(sentence, state, optimizer, scheduler=None):
    """That nothing changes goes without saying only if it is looked at."""
    before = str([optimizer.param_groups, scheduler and scheduler.state_dict()])
    try:
        torch_optim.load(through_json(state), optimizer, scheduler)
    except ValueError as error:
        assert str(error) == sentence, error
    else:
        raise AssertionError(f"not refused: {sentence}")
    assert str([optimizer.param_groups, scheduler and scheduler.state_dict()]) == before, sentence
    print("refused:", sentence)


def check_refusals():
    step = torch_optim.dump(*made(lambda o: StepLR(o, 2)))
    sequence = lambda second: lambda o: SequentialLR(o, [LinearLR(o), second(o)], [2])
    chain = lambda o: ChainedScheduler([StepLR(o, 2), ExponentialLR(o, 0.9)])
    cycle = lambda max_lr: lambda o: OneCycleLR(o, max_lr, total_steps=30)
    cycles = torch_optim.dump(*made(lambda o: SequentialLR(o, [cycle(1.0)(o), cycle(1.0)(o)], [9])))
    cycles["scheduler"]["_schedulers"][1]["max_lrs"] = [0.5]
    refuses(
        'MultiStepLR: "milestones" is missing, so it is the state of another class',
        step,
        *made(lambda o: MultiStepLR(o, [2])),
    )
    refuses(
        "SGD: param_groups must have 2 items, got 1", step, *made(lambda o: StepLR(o, 2), groups=2)
    )
    refuses("SGD: param_groups must have 2 items, got 1", {"optimizer": step["optimizer"]}, sgd(2))
    refuses(
        'Adam: "momentum" of group 0 is no option of this optimizer',
        {"optimizer": step["optimizer"]},
        torch.optim.Adam([torch.nn.Parameter(torch.ones(2, 3))]),
    )
    refuses(
        "the state holds no scheduler",
        {"optimizer": step["optimizer"]},
        *made(lambda o: StepLR(o, 2)),
    )
    refuses(
        "ChainedScheduler: _schedulers must have 1 items, got 2",
        torch_optim.dump(*made(chain)),
        *made(lambda o: ChainedScheduler([StepLR(o, 2)])),
    )
    refuses(
        "SequentialLR: PyTorch cannot begin a ChainedScheduler as a later phase, "
        "and one would begin at epoch 2",
        torch_optim.dump(*made(sequence(chain))),
        *made(sequence(chain)),
    )
    refuses(
        "PyTorch cannot run two different OneCycleLR on one optimizer",
        cycles,
        *made(lambda o: SequentialLR(o, [cycle(1.0)(o), cycle(1.0)(o)], [9])),
    )
    short = torch_optim.dump(*trained("Adam", {}, 2)[:2])
    short["optimizer"]["state"]["0"]["exp_avg"] = [1.0]
    optimizer, scheduler, _ = trained("Adam", {}, 0)
    refuses("Adam: state[0].exp_avg must have 12 values, got 1", short, optimizer, scheduler)


def check_tags():
    """A group's names, notes and tags come through, as PyTorch's own load_state_dict keeps them."""
    optimizer = sgd()
    state = torch_optim.dump(optimizer)
    tags = {"name": "head", "lr_mult": 2, "initial_weight_decay": 0.1, "param_names": ["weight"]}
    state["optimizer"]["param_groups"][0].update(tags)
    torch_optim.load(through_json(state), optimizer)
    assert tags.items() <= optimizer.param_groups[0].items()
    print("kept:", ", ".join(tags))


def trained(kind, options, steps, start=0, state=None):
    """A matrix and a longer one, trained towards 0 on a loss of unequal curvature."""
    shapes = [(3, 4), (2, 5)]
    values = state["values"] if state else [torch.arange(1.0, 13.0), torch.arange(-5.0, 5.0)]
    params = [torch.nn.Parameter(v.clone().reshape(shape)) for v, shape in zip(values, shapes)]
    optimizer = getattr(torch.optim, kind)(params, **options)
    scheduler = LinearLR(optimizer, total_iters=6)
    if state:
        torch_optim.load(through_json(state["dump"]), optimizer, scheduler)

    def closure():
        optimizer.zero_grad()
        loss = sum((p.pow(4) / 4 + p.pow(2)).sum() for p in params)
        loss.backward()
        return loss

    for _ in range(start, steps):
        optimizer.step(closure)
        scheduler.step()
    return optimizer, scheduler, params


def check_optimizer(kind, options):
    optimizer, scheduler, params = trained(kind, options, 4)
    values = [param.detach() for param in params]
    state = {"dump": torch_optim.dump(optimizer, scheduler), "values": values}
    _, _, resumed = trained(kind, options, 9, start=4, state=state)
    _, _, whole = trained(kind, options, 9)
    assert all(torch.equal(x, y) for x, y in zip(resumed, whole)), kind
    print("brought back to the last bit:", kind)


check_refusals()
check_tags()
for kind, options in OPTIMIZERS.items():
    check_optimizer(kind, options)
