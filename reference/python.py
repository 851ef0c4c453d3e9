"""Compares the package `torch_optim`, on a real PyTorch, with what the library makes of the same specs.

    python.py CASES FILES STATES

reads what `python_cases.ts` has written, a `.pt` file for some cases among it, and writes the states that
Python has halfway, and files with them, for `python_states.ts` to go on from.
"""

import collections
import doctest
import json
import os
import platform
import sys
import tempfile
import warnings

import torch

import torch_optim

warnings.simplefilter("ignore")
TOLERANCE = 1e-12


def optimizer_of(groups):
    """A real optimizer with such groups."""
    kind = torch.optim.Adam if "betas" in groups[0] else torch.optim.SGD
    return kind([{"params": [torch.nn.Parameter(torch.zeros(1))], **group} for group in groups])


def built(case, optimizer, **options):
    lengths = {name: case[name] for name in ("total", "steps_per_epoch") if name in case}
    return torch_optim.from_spec(optimizer, case["spec"], **lengths, **options)


def values_of(optimizer, names):
    rows = []
    for group in optimizer.param_groups:
        momentum = group["betas"][0] if "betas" in group else group["momentum"]
        row = {**group, "momentum": momentum}
        rows.append({name: float(row[name]) for name in names})
    return rows


def needs_metrics(scheduler):
    return getattr(
        scheduler,
        "takes_metrics",
        isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau),
    )


def follow(case, optimizer, scheduler, start, stop, hand_set):
    names = list(case["course"][0][0])
    course = [values_of(optimizer, names)]
    for k in range(start, stop):
        for group, lr in hand_set.get(str(k), {}).items():
            optimizer.param_groups[int(group)]["lr"] = lr
        optimizer.step()
        scheduler.step(*([METRICS[k]] if needs_metrics(scheduler) else []))
        course.append(values_of(optimizer, names))
    return course


def difference(course, expected):
    """The largest difference of an option, as a share of its largest value."""
    worst = 0.0
    for name in expected[0][0]:
        for g in range(len(expected[0])):
            wanted = [row[g][name] for row in expected]
            largest = max(map(abs, wanted)) or 1.0
            worst = max(
                worst,
                *(abs(row[g][name] - x) / largest for row, x in zip(course, wanted, strict=True)),
            )
    return worst


def run(case, file, file_back):
    """The differences of a case by what was compared, the class that was built, and its state."""
    hand_set, epoch = case["hand_set"], case["epoch"]
    course = case["course"]
    optimizer = optimizer_of(case["groups"])
    scheduler = built(case, optimizer)
    kind = type(scheduler).__name__
    found = {
        "from the start": difference(follow(case, optimizer, scheduler, 0, STEPS, hand_set), course)
    }

    optimizer = optimizer_of(case["groups"])
    scheduler = built(case, optimizer)
    torch_optim.load({"scheduler": case["state"]}, optimizer, scheduler)
    rest = follow(case, optimizer, scheduler, epoch, STEPS, hand_set)
    found["from a state of TypeScript"] = difference(rest, course[epoch:])

    optimizer = optimizer_of(case["groups"])
    scheduler = built(case, optimizer)
    follow(case, optimizer, scheduler, 0, epoch, hand_set)
    state = json.loads(json.dumps(torch_optim.dump(optimizer, scheduler), allow_nan=False))
    for name, through in (
        ("from a state of Python", through_json),
        ("from a file .json", through_file),
        ("from a file .pt", through_file),
    ):
        own = optimizer_of(case["groups"])
        scheduler_there = built(case, own)
        through(state, own, scheduler_there, optimizer, scheduler, name.split()[-1])
        rest = follow(case, own, scheduler_there, epoch, STEPS, hand_set)
        found[name] = difference(rest, course[epoch:])

    if os.path.exists(file):
        torch_optim.save_state(file_back, optimizer, scheduler)
        own = optimizer_of(case["groups"])
        scheduler = built(case, own)
        torch_optim.load_state(file, own, scheduler)
        found["from a file of torch-optim-checkpoint"] = difference(
            follow(case, own, scheduler, epoch, STEPS, hand_set), course[epoch:]
        )

    if "last_epoch" in case:
        found["from last_epoch"] = resumed(case)
    return found, kind, state["scheduler"]


def through_json(state, own, scheduler_there, optimizer, scheduler, ending):
    torch_optim.load(state, own, scheduler_there)


def through_file(state, own, scheduler_there, optimizer, scheduler, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"state{ending}")
        torch_optim.save_state(path, optimizer, scheduler)
        torch_optim.load_state(path, own, scheduler_there)


def resumed(case):
    optimizer = optimizer_of(case["groups"])
    before = [dict(group) for group in optimizer.param_groups]
    try:
        scheduler = built(case, optimizer, last_epoch=case["last_epoch"])
    except ValueError:
        assert [
            dict(group) for group in optimizer.param_groups
        ] == before, "a refusal has changed groups"
        return 0.0 if case["resumed"] is None else float("inf")
    if case["resumed"] is None:
        return float("inf")
    course = follow(case, optimizer, scheduler, case["last_epoch"] + 1, STEPS, {})
    return difference(course, case["resumed"])


def refusal(case):
    optimizer = optimizer_of(case["groups"])
    try:
        built(case, optimizer)
        return None
    except (ValueError, TypeError) as error:
        return str(error)


def joined(case):
    """The difference of a run in which a group is added."""
    optimizer = optimizer_of(case["groups"])
    scheduler = built(case, optimizer)
    worst = 0.0
    for k, expected in enumerate(case["lrs"]):
        if k == case["added"]["step"]:
            param = torch.nn.Parameter(torch.zeros(1))
            optimizer.add_param_group({"params": [param], "lr": case["added"]["lr"]})
        scheduler.step()
        lrs = [group["lr"] for group in optimizer.param_groups]
        worst = max(worst, *(abs(a - b) for a, b in zip(lrs, expected, strict=True)))
    return worst


def refused(act, sentence):
    try:
        act()
    except (TypeError, ValueError) as error:
        assert str(error) == sentence, str(error)
        return
    raise AssertionError(f"{sentence!r} was not said")


def facts():
    """What holds beside numbers; gives how many facts."""
    from_spec = torch_optim.from_spec

    def sgd(**group):
        param = torch.nn.Parameter(torch.zeros(1))
        return torch.optim.SGD([{"params": [param], "lr": 1.0, "momentum": 0.9, **group}])

    # A step that is refused has changed nothing, and the next one goes on.
    optimizer = sgd()
    scheduler = from_spec(optimizer, "linear:2 > plateau(patience=0, factor=0.5)")
    for _ in range(2):
        scheduler.step()
    before = (scheduler.state_dict(), dict(optimizer.param_groups[0]))
    refused(scheduler.step, "SequentialLR: metric must be a number, got null")
    assert (scheduler.state_dict(), dict(optimizer.param_groups[0])) == before
    scheduler.step(1.0)
    scheduler.step(torch.tensor(2.0))
    assert scheduler.get_last_lr() == [0.5]

    optimizer = sgd()
    recipe = from_spec(
        optimizer,
        "lr = linear:3 > onecycle:4(max_lr=1, pct_start=0.5); weight_decay = ramp:9(end_factor=2)",
    )
    for _ in range(7):
        recipe.step()
    before = (recipe.state_dict(), dict(optimizer.param_groups[0]))
    refused(recipe.step, "OneCycleLR: step 5 is past the end of the cycle, total_steps is 4")
    assert (recipe.state_dict(), dict(optimizer.param_groups[0])) == before
    state = recipe.state_dict()
    state["_schedules"][1]["last_epoch"] = 3
    refused(
        lambda: recipe.load_state_dict(state),
        "Recipe: state_dict._schedules[1].last_epoch must be 7, as around it, got 3",
    )
    assert (recipe.state_dict(), dict(optimizer.param_groups[0])) == before

    # An epoch that is far away is reached at once.
    far = "linear:5 > restarts:7(T_mult=2)"
    assert from_spec(sgd(), f"({far}) + exp(gamma=1)", last_epoch=10**9).last_epoch == 10**9 + 1
    assert from_spec(sgd(), far, last_epoch=10**9).last_epoch == 10**9 + 1

    # A tensor is written to, as a captured step holds on to it.
    lr = torch.tensor(1.0, dtype=torch.float64)
    optimizer = sgd(lr=lr)
    scheduler = from_spec(optimizer, "restarts:4 + exp(gamma=0.5)")
    scheduler.step()
    assert (
        optimizer.param_groups[0]["lr"] is lr and abs(lr.item() - 0.5 * (1 + 0.5**0.5) / 2) < 1e-15
    )

    # The states of PyTorch's own composites are taken up where both obey the same laws.
    sequence = {
        "type": "SequentialLR",
        "milestones": [3],
        "schedulers": [
            {"type": "LinearLR", "total_iters": 3},
            {"type": "StepLR", "step_size": 2, "gamma": 0.5},
        ],
    }
    theirs, ours = sgd(), sgd()
    real = from_spec(theirs, sequence)
    own = torch_optim.SpecLR(ours, sequence)
    assert isinstance(real, torch.optim.lr_scheduler.SequentialLR)
    for _ in range(5):
        real.step()
    own.load_state_dict(real.state_dict())
    for _ in range(4):
        real.step()
        own.step()
        assert abs(ours.param_groups[0]["lr"] - theirs.param_groups[0]["lr"]) < 1e-15

    # What is no optimizer, no file and no epoch.
    refused(
        lambda: from_spec({}, far),
        "from_spec: optimizer must be a torch.optim.Optimizer, got a dict",
    )
    refused(
        lambda: from_spec(sgd(), far, last_epoch=-2),
        "SequentialLR: last_epoch must be a whole number of at least -1, got -2",
    )
    refused(
        lambda: from_spec(sgd(), far, total=0),
        "from_spec: total must be a whole number of at least 1, got 0",
    )
    refused(
        lambda: torch_optim.save_state("state.txt", sgd()),
        "save_state: path must end in .json, .pt or .pth, got 'state.txt'",
    )
    refused(
        lambda: from_spec(sgd(momentum=0.9), "lr[bias] = cosine:9"),
        'schedules[0].groups: must be groups that the optimizer has, got ["bias"]\n'
        "  lr[bias] = cosine:9\n  ^",
    )
    return 12


def docs():
    """Runs the examples of the package."""
    names = {**vars(torch_optim), "torch": torch}
    modules = [
        module for name, module in sys.modules.items() if name.split(".")[0] == "torch_optim"
    ]
    results = [doctest.testmod(module, extraglobs=names) for module in modules]
    return sum(result.attempted for result in results), sum(result.failed for result in results)


def main(path, files, states_path):
    global METRICS, STEPS
    with open(path) as file:
        drawn = json.load(file)
    METRICS, STEPS = drawn["metrics"], drawn["steps"]
    failures, states, worst = [], [], collections.defaultdict(float)
    back = f"{files}_back"
    os.makedirs(back, exist_ok=True)
    print(f"Python {platform.python_version()}, PyTorch {torch.__version__.split('+')[0]}")
    for name, cases in drawn["cases"].items():
        kinds = collections.Counter()
        for i, case in enumerate(cases):
            if "error" in case:
                kinds["refused"] += 1
                failures += [(wrong, case) for wrong in wrong_refusal(case)]
                continue
            # Files belong to the first kind of cases.
            number = f"{i}.pt" if cases is next(iter(drawn["cases"].values())) else "none"
            try:
                found, kind, state = run(case, f"{files}/{number}", f"{back}/{number}")
            except Exception as error:
                failures.append((f"{type(error).__name__}: {error}", case))
                continue
            kinds[kind if kind in ("SpecLR", "Recipe") else "PyTorch's own"] += 1
            states.append({**case, "state": state, "file": f"{back}/{number}"})
            for what, value in found.items():
                worst[what] = max(worst[what], value)
            wrong = [
                f"{what} differs by {value}"
                for what, value in found.items()
                if not value <= TOLERANCE
            ]
            if wrong:
                failures.append(("; ".join(wrong), case))
        print(f"{name}: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}")
    for case in drawn["joined"]:
        worst["with a group added in mid-run"] = max(
            worst["with a group added in mid-run"], joined(case)
        )
    if not worst["with a group added in mid-run"] <= TOLERANCE:
        failures.append(("a group added in mid-run differs", drawn["joined"][0]))
    print("largest difference, as a share of the largest value:")
    for what, value in worst.items():
        print(f"  {value:.1e} {what}")
    attempted, failed = docs()
    print(
        f"facts beside numbers: {facts()}, examples in docstrings: {attempted} lines, {failed} wrong"
    )
    for reason, case in failures[:20]:
        drawn_by = {key: case.get(key) for key in ("epoch", "last_epoch", "hand_set")}
        print(reason, json.dumps(case["spec"])[:600], json.dumps(case["groups"]), drawn_by)
    print(f"{len(failures)} failures")
    with open(states_path, "w") as file:
        json.dump({**drawn, "cases": states}, file)
    sys.exit(bool(failures or failed))


def wrong_refusal(case):
    """What is wrong with the sentence that refuses a case, if anything is."""
    sentence, wanted = refusal(case), case["error"]
    if sentence == wanted:
        return []
    # Of a text, Python points at what is wrong for this optimizer as well.
    if isinstance(case["spec"], str) and sentence is not None and "\n  " not in wanted:
        if sentence.split("\n")[0] == wanted.split("\n")[0]:
            return []
    return [f"refused by {sentence!r} and not {wanted!r}"]


main(*sys.argv[1:])
