"""Draws PyTorch's side of the table in docs/from-pytorch.md: what it gives where we leave it."""

import json
import sys
import warnings

import torch
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

warnings.simplefilter("ignore")
rows = []


def sgd(lr=1.0, **options):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, **options)


def row(composition):
    """Notes what the decorated function returns, a list of numbers, or how it fails."""

    def draw(function):
        result = {"composition": composition}
        try:
            result["lr"] = [float(x) for x in function()]
        except Exception as error:
            result["error"] = f"{type(error).__name__}: {error}"
        rows.append(result)

    return draw


def curve(optimizer, scheduler, steps, key="lr"):
    yield optimizer.param_groups[-1][key]
    for _ in range(steps):
        optimizer.step()
        scheduler.step()
        yield optimizer.param_groups[-1][key]


def curve_row(composition, make, steps):
    @row(composition)
    def _():
        optimizer = sgd()
        return list(curve(optimizer, make(optimizer), steps))


curve_row(
    "Sequential([Constant(.1, 2), Chained([Step(2, .5), Exp(.9)])], [2])",
    lambda o: SequentialLR(
        o,
        [ConstantLR(o, 0.1, 2), ChainedScheduler([StepLR(o, 2, 0.5), ExponentialLR(o, 0.9)])],
        [2],
    ),
    5,
)
curve_row(
    "Sequential([Constant(.1, 2), Sequential([Constant(.5, 2), Exp(.9)], [2])], [3])",
    lambda o: SequentialLR(
        o,
        [
            ConstantLR(o, 0.1, 2),
            SequentialLR(o, [ConstantLR(o, 0.5, 2), ExponentialLR(o, 0.9)], [2]),
        ],
        [3],
    ),
    7,
)
curve_row(
    "Sequential([Sequential([Constant(.1, 2), Exp(.9)], [2]), Constant(.5, 2)], [6])",
    lambda o: SequentialLR(
        o,
        [
            SequentialLR(o, [ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)], [2]),
            ConstantLR(o, 0.5, 2),
        ],
        [6],
    ),
    8,
)
curve_row(
    "Sequential([Chained([Step(2, .5), Exp(.9)]), Constant(.1, 2)], [5])",
    lambda o: SequentialLR(
        o,
        [ChainedScheduler([StepLR(o, 2, 0.5), ExponentialLR(o, 0.9)]), ConstantLR(o, 0.1, 2)],
        [5],
    ),
    7,
)
curve_row(
    "Chained([Exp(.9), Sequential([Constant(.5, 3), Step(2, .5)], [3])])",
    lambda o: ChainedScheduler(
        [ExponentialLR(o, 0.9), SequentialLR(o, [ConstantLR(o, 0.5, 3), StepLR(o, 2, 0.5)], [3])]
    ),
    5,
)
curve_row(
    "Sequential([Linear(.1, 3), ReduceLROnPlateau()], [3])",
    lambda o: SequentialLR(o, [LinearLR(o, 0.1, total_iters=3), ReduceLROnPlateau(o)], [3]),
    5,
)


@row("Sequential([Linear(.1, 3), OneCycle(1, total_steps=8)], [4])")
def _():
    optimizer = sgd(momentum=0.9)
    linear = LinearLR(optimizer, 0.1, total_iters=3)
    one_cycle = OneCycleLR(optimizer, 1, total_steps=8)
    return list(curve(optimizer, SequentialLR(optimizer, [linear, one_cycle], [4]), 9))


@row("Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [4]), Cyclic built first")
def _():
    optimizer = sgd()
    cyclic = CyclicLR(optimizer, 0.1, 0.4, step_size_up=2, cycle_momentum=False)
    exponential = ExponentialLR(optimizer, 0.9)
    return list(curve(optimizer, SequentialLR(optimizer, [cyclic, exponential], [4]), 6))


@row("Sequential([Linear(.1, 3), Exp(.9)], [3], last_epoch=4)")
def _():
    optimizer = sgd()
    optimizer.param_groups[0]["initial_lr"] = 1.0
    schedulers = [LinearLR(optimizer, 0.1, total_iters=3), ExponentialLR(optimizer, 0.9)]
    return list(curve(optimizer, SequentialLR(optimizer, schedulers, [3], last_epoch=4), 1))


@row(
    "Sequential([Linear(total_iters=3), Cosine(T_max=9)], [3]) after 6 steps, "
    "state loaded into a new scheduler, optimizer not restored"
)
def _():
    def make():
        optimizer = sgd()
        schedulers = [LinearLR(optimizer, total_iters=3), CosineAnnealingLR(optimizer, 9)]
        return optimizer, SequentialLR(optimizer, schedulers, [3])

    stopped = list(make())
    list(curve(*stopped, 6))
    optimizer, scheduler = make()
    scheduler.load_state_dict(stopped[1].state_dict())
    return [optimizer.param_groups[0]["lr"]]


@row("Exponential(.9), last_epoch=4, initial_lr present, lr not restored")
def _():
    optimizer = sgd()
    optimizer.param_groups[0]["initial_lr"] = 1.0
    ExponentialLR(optimizer, 0.9, last_epoch=4)
    return [optimizer.param_groups[0]["lr"]]


@row("Cyclic(.1, 1, 4), last_epoch=4")
def _():
    optimizer = sgd()
    optimizer.param_groups[0]["initial_lr"] = 1.0
    CyclicLR(optimizer, 0.1, 1, 4, cycle_momentum=False, last_epoch=4)
    return [optimizer.param_groups[0]["lr"]]


for milestones in ([6, 3], [3, 3], [-2], [2.5]):

    @row(f"milestones {milestones}")
    def _():
        optimizer = sgd()
        phases = [ExponentialLR(optimizer, 0.9) for _ in range(len(milestones) + 1)]
        return list(curve(optimizer, SequentialLR(optimizer, phases, milestones), 8))


curve_row(
    "Linear(.1, total_iters=0), a warm-up of no length", lambda o: LinearLR(o, 0.1, total_iters=0), 2
)
curve_row(
    "Sequential([Exp(.9), Linear(.1, total_iters=0)], [2])",
    lambda o: SequentialLR(o, [ExponentialLR(o, 0.9), LinearLR(o, 0.1, total_iters=0)], [2]),
    3,
)
curve_row("Constant(.1, total_iters=0)", lambda o: ConstantLR(o, 0.1, total_iters=0), 2)
curve_row("Cosine(T_max=0)", lambda o: CosineAnnealingLR(o, 0), 3)
curve_row("Step(step_size=0)", lambda o: StepLR(o, 0), 3)
curve_row("Polynomial(total_iters=0)", lambda o: PolynomialLR(o, 0), 3)
curve_row(
    "OneCycle(1, total_steps=3), whose first phase has no length",
    lambda o: OneCycleLR(o, 1, total_steps=3, cycle_momentum=False),
    2,
)


@row("SGD(lr=nan)")
def _():
    return [sgd(float("nan")).param_groups[0]["lr"]]


curve_row("Linear(total_iters=2.5)", lambda o: LinearLR(o, total_iters=2.5), 4)


@row("CosineWarmRestarts(1, T_mult=3).step(121)")
def _():
    optimizer = sgd()
    CosineAnnealingWarmRestarts(optimizer, 1, 3).step(121)
    return [optimizer.param_groups[0]["lr"]]


@row("a user's get_lr() subclass as a later phase")
def _():
    class Halving(LRScheduler):
        def get_lr(self):
            lrs = [group["lr"] for group in self.optimizer.param_groups]
            return [lr / 2 for lr in lrs] if self.last_epoch > 0 else lrs

    optimizer = sgd()
    schedulers = [ExponentialLR(optimizer, 0.9), Halving(optimizer)]
    return list(curve(optimizer, SequentialLR(optimizer, schedulers, [2]), 4))


@row("momentum in Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [3])")
def _():
    optimizer = sgd(momentum=0.6)
    schedulers = [
        CyclicLR(optimizer, 0.1, 0.4, step_size_up=2),
        ExponentialLR(optimizer, 0.9),
    ]
    return list(curve(optimizer, SequentialLR(optimizer, schedulers, [3]), 5, "momentum"))


@row("a group with lr 2 added to Linear(1/3, total_iters=5) after 2 steps")
def _():
    optimizer = sgd()
    scheduler = LinearLR(optimizer, total_iters=5)
    list(curve(optimizer, scheduler, 2))
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 2.0})
    return list(curve(optimizer, scheduler, 4))


curve_row("Linear(0, total_iters=5)", lambda o: LinearLR(o, 0, total_iters=5), 5)


@row("Exp(10), lr=1e308")
def _():
    optimizer = sgd(1e308)
    return list(curve(optimizer, ExponentialLR(optimizer, 10), 1))


curve_row(
    "Chained([Cyclic(.1, .4, step_size_up=2), Step(2, .5)])",
    lambda o: ChainedScheduler(
        [CyclicLR(o, 0.1, 0.4, step_size_up=2, cycle_momentum=False), StepLR(o, 2, 0.5)]
    ),
    4,
)
curve_row(
    "Chained([Lambda(epoch % 2), Exp(.5)])",
    lambda o: ChainedScheduler([LambdaLR(o, lambda epoch: epoch % 2), ExponentialLR(o, 0.5)]),
    5,
)


@row("Chained([CosineWarmRestarts(30), Step(30, .5)]) at epochs 30 and 31")
def _():
    optimizer = sgd()
    members = [CosineAnnealingWarmRestarts(optimizer, 30), StepLR(optimizer, 30, 0.5)]
    return list(curve(optimizer, ChainedScheduler(members), 31))[30:]


@row("Chained([Lambda(min(1, (epoch + 1) / 4)), ReduceLROnPlateau(patience=1, factor=.5)]), metric 1")
def _():
    optimizer = sgd()
    warmup = LambdaLR(optimizer, lambda epoch: min(1, (epoch + 1) / 4))
    plateau = ReduceLROnPlateau(optimizer, patience=1, factor=0.5)
    scheduler = ChainedScheduler([warmup, plateau])
    lrs = [optimizer.param_groups[0]["lr"]]
    for _ in range(8):
        optimizer.step()
        scheduler.step(1.0)
        lrs.append(optimizer.param_groups[0]["lr"])
    return lrs


@row("Chained([own class max(lr * .5, .1), Exp(.5)])")
def _():
    class Floored(LRScheduler):
        def get_lr(self):
            lrs = [group["lr"] for group in self.optimizer.param_groups]
            return [max(lr * 0.5, 0.1) for lr in lrs] if self.last_epoch > 0 else lrs

    optimizer = sgd()
    return list(
        curve(optimizer, ChainedScheduler([Floored(optimizer), ExponentialLR(optimizer, 0.5)]), 3)
    )


@row("Chained([Lambda(.9 ** epoch)]), lr set to .1 at epoch 1")
def _():
    optimizer = sgd()
    scheduler = ChainedScheduler([LambdaLR(optimizer, lambda epoch: 0.9**epoch)])
    lrs = list(curve(optimizer, scheduler, 1))[:1]
    optimizer.param_groups[0]["lr"] = 0.1
    return lrs + list(curve(optimizer, scheduler, 2))


@row("a parameter under Adam and Cyclic(max_momentum=1)")
def _():
    param = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.Adam([param], lr=0.1)
    scheduler = CyclicLR(optimizer, 0.1, 0.4, step_size_up=2, max_momentum=1.0)
    values = []
    for _ in range(2):
        param.grad = torch.ones(1)
        optimizer.step()
        scheduler.step()
        values.append(param.item())
    return values


@row("a group of Adagrad with initial_accumulator_value=1")
def _():
    param = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adagrad([{"params": [param], "initial_accumulator_value": 1.0}])
    return optimizer.state[param]["sum"]


@row("RMSprop(momentum=0), momentum set to .9 after a step")
def _():
    param = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.RMSprop([param], lr=0.1, alpha=0)
    param.grad = torch.ones(1)
    values = []
    for momentum in (0, 0.9, 0.9):
        optimizer.param_groups[0]["momentum"] = momentum
        optimizer.step()
        values.append(param.item())
    return values


with open(sys.argv[1], "w") as file:
    # Python writes NaN and Infinity as such, which is not JSON.
    text = json.dumps({"pytorch": torch.__version__.split("+")[0], "rows": rows}, indent=1)
    file.write(text.replace("NaN", '"NaN"').replace(" Infinity", ' "Infinity"') + "\n")
print(sys.argv[1], len(rows))
