"""Draws checkpoints that PyTorch writes, and how it goes on: of every scheduler and optimizer."""

import json
import random
import sys
import warnings

import torch

sys.path.insert(0, "out")
import torch_optim
from chain_law import Chain, is_beyond_pytorch
from optimizer_runs import start, train
from specs import build, course, optimizer_of, set_by_hand

warnings.simplefilter("ignore")
rng = random.Random(20260103)
AFTER = 8


def fixture(name):
    with open(f"out/{name}.json") as file:
        return json.load(file)["cases"]


CASES = {
    name: fixture(f"lr_scheduler/{name}")
    for name in [
        "ConstantLR",
        "LinearLR",
        "ExponentialLR",
        "StepLR",
        "MultiStepLR",
        "CosineAnnealingLR",
        "PolynomialLR",
        "CosineAnnealingWarmRestarts",
        "LambdaLR",
        "MultiplicativeLR",
        "CyclicLR",
        "OneCycleLR",
        "ReduceLROnPlateau",
    ]
}
PHASES = [name for name in CASES if name != "ReduceLROnPlateau"]
CYCLIC = ["CyclicLR", "OneCycleLR"]

STEP = {"type": "StepLR", "step_size": 2, "gamma": 0.5}
DECAY = {"type": "ExponentialLR", "gamma": 0.9}
WARMUP = {"type": "ConstantLR", "factor": 0.1, "total_iters": 2}
CHAIN = {"type": "ChainedScheduler", "schedulers": [STEP, DECAY]}


def sequence(schedulers, milestones):
    return {"type": "SequentialLR", "schedulers": schedulers, "milestones": milestones}


# PyTorch begins or passes a milestone with another lr than ours, and goes on alike.
NESTED = [
    (sequence([CHAIN, WARMUP], [5]), 2),
    (sequence([CHAIN, WARMUP], [5]), 6),
    ({"type": "ChainedScheduler", "schedulers": [DECAY, sequence([WARMUP, STEP], [3])]}, 4),
]
# PyTorch is an epoch ahead in the inner sequence.
AHEAD = [(sequence([sequence([WARMUP, DECAY], [2]), STEP], [6]), stopped) for stopped in (0, 3, 7)]


def spec_of(name, groups):
    """A scheduler out of the fixtures that suits the number of groups."""
    return rng.choice([c["spec"] for c in CASES[name] if len(c["groups"]) == len(groups)])


def singles(cases):
    """Each with its steps so far; an lr set by hand is the last thing before the checkpoint."""
    for case in cases:
        by_hand = [int(k) for k in case.get("hand_set", {})]
        stopped = max(by_hand) if by_hand else rng.randint(0, 12)
        steps = min(stopped + AFTER, case["steps"])
        lists = {key: case[key][:steps] for key in ("metrics", "epochs") if key in case}
        kept = {key: case[key] for key in ("groups", "optimizer", "hand_set", "spec") if key in case}
        yield {**kept, **lists, "stopped": stopped, "steps": steps}


def composed(kind, names, **options):
    groups = rng.choice([[1.0], [0.3, 0.1]])
    schedulers = [spec_of(name, groups) for name in names]
    # PyTorch keeps a OneCycleLR's lr in the groups, where there is room for one.
    if names == ["OneCycleLR", "OneCycleLR"]:
        schedulers[1] = schedulers[0]
    stopped = rng.randint(0, 10)
    spec = {"type": kind, "schedulers": schedulers, **options}
    return {"groups": groups, "spec": spec, "stopped": stopped, "steps": stopped + AFTER}


def nested(spec_and_epoch):
    spec, stopped = spec_and_epoch
    return {"groups": [1.0], "spec": spec, "stopped": stopped, "steps": stopped + AFTER}


def cases():
    for drawn in CASES.values():
        yield from singles(drawn[::9])
    for first in PHASES:
        for second in PHASES:
            yield composed("SequentialLR", [first, second], milestones=[rng.randint(1, 10)])
    yield from singles(fixture("lr_scheduler/SequentialLR")[::40])
    yield from singles(fixture("lr_scheduler/ChainedScheduler")[::25])
    for cyclic in CYCLIC:
        for other in [*CYCLIC, "ExponentialLR", "CosineAnnealingLR"]:
            yield composed("ChainedScheduler", [cyclic, other])
            yield composed("ChainedScheduler", [other, cyclic])
    yield from map(nested, NESTED)


def at_checkpoint(case):
    optimizer = optimizer_of(case)
    scheduler = build(optimizer, case["spec"])
    course(case, scheduler, 0, case["stopped"])
    set_by_hand(case, optimizer, case["stopped"])
    return optimizer, scheduler


def draw(case):
    optimizer, scheduler = at_checkpoint(case)
    state = torch_optim.dump(optimizer, scheduler)
    raw = raw_state(scheduler)
    drawn = course(case, scheduler, case["stopped"], case["steps"])
    if is_beyond_pytorch(case):
        drawn = by_law(case)
    # Across phases PyTorch lets the momentum stay where a cyclic scheduler left it.
    if case["spec"]["type"] == "SequentialLR":
        drawn.pop("momentum", None)
    return {**case, "state": state, "raw": raw, **drawn}


def raw_state(scheduler):
    """What a scheduler's own state is as JSON, with no help; bare infinities as words."""
    return worded(json.loads(json.dumps(scheduler.state_dict())))


def worded(value):
    if isinstance(value, dict):
        return {key: worded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [worded(item) for item in value]
    return str(value).replace("inf", "Infinity") if value in (float("inf"), -float("inf")) else value


def by_law(case):
    """How a chain goes on that PyTorch does not treat by the law: a state of it knows no curves."""
    planned = {key: case[key] for key in case if key != "hand_set"}
    chain = Chain(planned)
    course(planned, chain, 0, case["stopped"])
    if len(case["spec"]["schedulers"]) == 1:
        set_by_hand(case, chain.optimizer, case["stopped"])
    return {"by_law": True, **course(planned, chain, case["stopped"], case["steps"])}


def draw_ahead(case):
    optimizer, scheduler = at_checkpoint(case)
    return {**case, "state": torch_optim.dump(optimizer, scheduler)}


def draw_optimizer(case):
    optimizer, scheduler, params = start(case)
    train(case, optimizer, scheduler, params, 0, case["stopped"])
    state = torch_optim.dump(optimizer, scheduler)
    values = [param.flatten().tolist() for param in params]
    train(case, optimizer, scheduler, params, case["stopped"], len(case["grads"]))
    after = [param.flatten().tolist() for param in params]
    return {**case, "state": state, "params": values, "after": after}


def optimizer_cases():
    """The options of each in float32 and in float64 by turns."""
    for name in sys.argv[1:]:
        drawn = fixture(f"optimizer/{name}")
        for case in [case for i, case in enumerate(drawn) if (i + i // 2) % 2 == 0]:
            kept = {key: case[key] for key in ("options", "own", "dtype", "start", "grads")}
            shapes = case.get("shapes", [[len(values), 1] for values in case["start"]])
            yield {"kind": name, **kept, "shapes": shapes, "stopped": 11}


def write(name, drawn):
    path = f"out/interchange/{name}.json"
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(case, allow_nan=False) for case in drawn)
        file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
    print(path, len(drawn))


write("from_pytorch", [draw(case) for case in cases()])
write("ahead_from_pytorch", [draw_ahead(nested(case)) for case in AHEAD])
write("optimizers_from_pytorch", [draw_optimizer(case) for case in optimizer_cases()])
