"""Every scheduler that a spec can name: its options, its names in the short form, how it counts."""

from dataclasses import dataclass, field

from .fields import (
    _are_epochs,
    _are_increasing,
    _boolean,
    _Field,
    _is_number,
    _list_of,
    _nullable,
    _number,
    _one_of,
    _per_group,
    _whole_number,
)
from .problems import _show


@dataclass(frozen=True)
class _Entry:
    fields: dict[str, _Field]
    short_names: tuple[str, ...] = ()
    #: The option that is its length in epochs.
    length_option: str | None = None
    #: How options count epochs: a "length" from where the scheduler begins, a list of "epochs" counted
    #: from there, a "period" that begins anywhere, or how much of its curve a phase has behind it ("start").
    counts: dict[str, str] = field(default_factory=dict)


_COUNT = _whole_number(min=0)
_SHAPES = ["linear", "cosine", "1-sqrt"]
_MODE = _one_of(["min", "max"], "min")
_SCHEDULERS = _Field(
    "a list of at least one scheduler",
    lambda value, _groups: isinstance(value, list) and len(value) > 0,
)
_NOT_NEGATIVE = "a list of finite numbers of at least 0"


def _steps(*options: str) -> dict[str, str]:
    return {option: "length" for option in options}


def _momenta(lowest: float, highest: float) -> dict[str, _Field]:
    return {
        "cycle_momentum": _boolean(True),
        "base_momentum": _per_group(_number(lowest, min=0)),
        "max_momentum": _per_group(_number(highest, min=0)),
    }


def _lowest_lr() -> dict[str, _Field]:
    return {
        "min_lr": _nullable(_number(min=0)),
        "min_lr_rate": _nullable(_number(min=0, max=1)),
    }


_CATALOGUE: dict[str, _Entry] = {
    "LinearLR": _Entry(
        {
            "start_factor": _number(1 / 3, min=0, max=1),
            "end_factor": _number(1.0, min=0, max=1),
            "total_iters": _whole_number(5, min=0),
        },
        ("linear",),
        "total_iters",
        _steps("total_iters"),
    ),
    "ConstantLR": _Entry(
        {"factor": _number(1 / 3, min=0, max=1), "total_iters": _whole_number(5, min=0)},
        ("constant",),
        "total_iters",
        _steps("total_iters"),
    ),
    "PolynomialLR": _Entry(
        {"total_iters": _whole_number(5, min=1), "power": _number(1.0, min=0)},
        ("polynomial",),
        "total_iters",
        _steps("total_iters"),
    ),
    "RampLR": _Entry(
        {
            "total_iters": _COUNT,
            "end_factor": _number(min=0),
            "start_factor": _number(1.0, min=0),
            "shape": _one_of(
                ["linear", "cosine", "sqrt", "square", "log", "exponential"], "linear"
            ),
        },
        ("ramp",),
        "total_iters",
        _steps("total_iters"),
    ),
    "KeyframesLR": _Entry(
        {
            "epochs": _list_of(
                "a list of strictly increasing whole numbers, the first of them 0",
                lambda values: values[:1] == [0] and _are_increasing(values),
                int,
            ),
            "factors": _list_of(
                _NOT_NEGATIVE, lambda values: all(_is_number(x) and x >= 0 for x in values), float
            ),
            "interpolation": _one_of(["linear", "step", "cosine"], "linear"),
        },
        ("keyframes",),
        counts={"epochs": "epochs"},
    ),
    "StepLR": _Entry(
        {"step_size": _whole_number(min=1), "gamma": _number(0.1, min=0)},
        ("step",),
        counts={"step_size": "period"},
    ),
    "MultiStepLR": _Entry(
        {
            "milestones": _list_of("a list of whole numbers from 0 on", _are_epochs, int),
            "gamma": _number(0.1, min=0),
        },
        ("multistep",),
        counts={"milestones": "epochs"},
    ),
    "ExponentialLR": _Entry({"gamma": _number(min=0)}, ("exponential", "exp")),
    "ReduceLROnPlateau": _Entry(
        {
            "mode": _MODE,
            "factor": _number(0.1, min=0, below=1),
            "patience": _whole_number(10, min=0),
            "threshold": _number(1e-4, min=0),
            "threshold_mode": _one_of(["rel", "abs"], "rel"),
            "cooldown": _whole_number(0, min=0),
            "min_lr": _per_group(_number(0.0, min=0)),
            "eps": _number(1e-8, min=0),
        },
        ("plateau",),
        counts={"patience": "period", "cooldown": "period"},
    ),
    "CosineAnnealingLR": _Entry(
        {"T_max": _whole_number(min=1), "eta_min": _per_group(_number(0.0, min=0))},
        ("cosine",),
        "T_max",
        _steps("T_max"),
    ),
    "CosineAnnealingWarmRestarts": _Entry(
        {
            "T_0": _whole_number(min=1),
            "T_mult": _whole_number(1, min=1),
            "eta_min": _per_group(_number(0.0, min=0)),
        },
        ("restarts",),
        "T_0",
        {"T_0": "period"},
    ),
    "CyclicLR": _Entry(
        {
            "base_lr": _per_group(_number(min=0)),
            "max_lr": _per_group(_number(min=0)),
            "step_size_up": _whole_number(2000, min=1),
            "step_size_down": _nullable(_COUNT),
            "mode": _one_of(["triangular", "triangular2", "exp_range"], "triangular"),
            "gamma": _number(1.0, min=0),
            "scale_fn": _Field("a function or null", lambda value, _groups: value is None, None),
            "scale_mode": _one_of(["cycle", "iterations"], "cycle"),
            **_momenta(0.8, 0.9),
        },
        ("cyclic",),
        counts={"step_size_up": "period", "step_size_down": "period"},
    ),
    "OneCycleLR": _Entry(
        {
            "max_lr": _per_group(_number(min=0)),
            "total_steps": _nullable(_whole_number(min=1)),
            "epochs": _nullable(_whole_number(min=1)),
            "steps_per_epoch": _nullable(_whole_number(min=1)),
            "pct_start": _number(0.3, min=0, max=1),
            "anneal_strategy": _one_of(["cos", "linear"], "cos"),
            **_momenta(0.85, 0.95),
            "div_factor": _number(25.0, above=0),
            "final_div_factor": _number(1e4, above=0),
            "three_phase": _boolean(False),
        },
        ("onecycle",),
        "total_steps",
        _steps("total_steps"),
    ),
    "SWALR": _Entry(
        {
            "swa_lr": _per_group(_number(min=0)),
            "anneal_epochs": _whole_number(10, min=0),
            "anneal_strategy": _one_of(["cos", "linear"], "cos"),
        },
        ("swa",),
        "anneal_epochs",
        _steps("anneal_epochs"),
    ),
    "SequentialLR": _Entry(
        {
            "schedulers": _SCHEDULERS,
            "milestones": _list_of(
                "strictly increasing whole numbers from 0 on", _are_increasing, int
            ),
            "starts": _Field(
                "a list of whole numbers from 0 on",
                lambda value, _groups: value is None
                or isinstance(value, list)
                and _are_epochs(value),
                None,
                lambda value: value and [int(start) for start in value],
            ),
        },
        counts={"milestones": "epochs", "starts": "start"},
    ),
    "ChainedScheduler": _Entry({"schedulers": _SCHEDULERS}),
    "ConstantSchedule": _Entry({}),
    "ConstantScheduleWithWarmup": _Entry(
        {"num_warmup_steps": _COUNT}, counts=_steps("num_warmup_steps")
    ),
    "LinearScheduleWithWarmup": _Entry(
        {"num_warmup_steps": _COUNT, "num_training_steps": _COUNT},
        counts=_steps("num_warmup_steps", "num_training_steps"),
    ),
    "CosineScheduleWithWarmup": _Entry(
        {
            "num_warmup_steps": _COUNT,
            "num_training_steps": _COUNT,
            "num_cycles": _number(0.5, min=0),
        },
        counts=_steps("num_warmup_steps", "num_training_steps"),
    ),
    "CosineWithHardRestartsScheduleWithWarmup": _Entry(
        {
            "num_warmup_steps": _COUNT,
            "num_training_steps": _COUNT,
            "num_cycles": _whole_number(1, min=1),
        },
        counts=_steps("num_warmup_steps", "num_training_steps"),
    ),
    "CosineWithMinLRScheduleWithWarmup": _Entry(
        {
            "num_warmup_steps": _COUNT,
            "num_training_steps": _COUNT,
            "num_cycles": _number(0.5, min=0),
            **_lowest_lr(),
        },
        counts=_steps("num_warmup_steps", "num_training_steps"),
    ),
    "CosineWithMinLRScheduleWithWarmupLRRate": _Entry(
        {
            "num_warmup_steps": _COUNT,
            "num_training_steps": _COUNT,
            "num_cycles": _number(0.5, min=0),
            **_lowest_lr(),
            "warmup_lr_rate": _nullable(_number(min=0)),
        },
        counts=_steps("num_warmup_steps", "num_training_steps"),
    ),
    "PolynomialDecayScheduleWithWarmup": _Entry(
        {
            "num_warmup_steps": _COUNT,
            "num_training_steps": _COUNT,
            "lr_end": _number(1e-7, min=0),
            "power": _number(1.0, min=0),
        },
        counts=_steps("num_warmup_steps", "num_training_steps"),
    ),
    "InverseSqrtSchedule": _Entry(
        {"num_warmup_steps": _COUNT, "timescale": _nullable(_whole_number(min=1))},
        counts={"num_warmup_steps": "length", "timescale": "period"},
    ),
    "WSDSchedule": _Entry(
        {
            "num_warmup_steps": _COUNT,
            "num_decay_steps": _COUNT,
            "num_training_steps": _nullable(_COUNT),
            "num_stable_steps": _nullable(_COUNT),
            "warmup_type": _one_of(_SHAPES, "linear"),
            "decay_type": _one_of(_SHAPES, "cosine"),
            "min_lr_ratio": _number(0.0, min=0, max=1),
            "num_cycles": _number(0.5, min=0),
        },
        counts={
            "num_warmup_steps": "length",
            "num_decay_steps": "period",
            "num_training_steps": "length",
            "num_stable_steps": "period",
        },
    ),
    "GreedyLR": _Entry(
        {
            "mode": _MODE,
            "factor": _number(0.95, above=0, below=1),
            "patience": _whole_number(10, min=0),
            "threshold": _number(1e-6, min=0),
            "threshold_mode": _one_of(["rel", "abs"], "abs"),
            "cooldown": _whole_number(0, min=0),
            "warmup": _whole_number(0, min=0),
            "min_lr": _per_group(_number(1e-3, min=0)),
            "max_lr": _per_group(_number(1.0, min=0)),
            "eps": _number(1e-8, min=0),
            "smooth": _boolean(False),
            "window_size": _whole_number(50, min=1),
            "reset_start": _whole_number(500, min=0),
        },
        counts={
            "patience": "period",
            "cooldown": "period",
            "warmup": "period",
            "window_size": "period",
            "reset_start": "period",
        },
    ),
}

_TYPES_BY_SHORT_NAME = {
    name: kind for kind, entry in _CATALOGUE.items() for name in entry.short_names
}


def _entry_of(kind) -> _Entry | None:
    return _CATALOGUE.get(kind) if isinstance(kind, str) else None


def _suggestion(name, names: list[str] | None = None) -> str:
    """Which name is likely meant by one that is not known."""
    near = _nearest(name, names or sorted(_CATALOGUE)) if isinstance(name, str) else None
    return f"did you mean {_show(near)}?" if near else "describe_schedulers() has them all"


def _short_form_names() -> list[str]:
    return [*_TYPES_BY_SHORT_NAME, *sorted(_CATALOGUE)]


def _nearest(name: str, names: list[str]) -> str | None:
    if len(name) > 64:
        return None
    best, least = None, max(2, len(name) // 3) + 1
    for candidate in names:
        edits = _edits_between(name.lower(), candidate.lower())
        if edits < least:
            best, least = candidate, edits
    return best


def _edits_between(a: str, b: str) -> int:
    """How many letters are to be put in, left out or exchanged (Levenshtein's distance)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        following = [i]
        for j, y in enumerate(b, 1):
            following.append(min(row[j - 1] + (x != y), row[j] + 1, following[j - 1] + 1))
        row = following
    return row[-1]


def _taken_options(kind: str, options: dict) -> dict:
    """All options of a scheduler, defaults filled in, as formulas reckon with them."""
    return {
        name: field.taken(options[name]) if name in options else field.default
        for name, field in _CATALOGUE[kind].fields.items()
        if name != "schedulers"
    }


def describe_schedulers() -> list[dict]:
    """All schedulers that a spec can name, in alphabetical order, with their options.

    >>> next(each for each in describe_schedulers() if each["type"] == "ExponentialLR")
    {'type': 'ExponentialLR', 'short_names': ['exponential', 'exp'], 'options': {'gamma': 'a finite number of at least 0'}}
    """
    return [
        {
            "type": kind,
            "short_names": list(entry.short_names),
            "options": {name: field.expected for name, field in entry.fields.items()},
        }
        for kind, entry in sorted(_CATALOGUE.items())
    ]
