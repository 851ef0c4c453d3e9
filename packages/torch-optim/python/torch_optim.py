"""torch-optim for PyTorch: the same specs, the same schedules, and checkpoints that go both ways.

Copy this file beside your program: it needs nothing but PyTorch 2. It is made from the package
`torch-optim` for Python, of which it has everything.

torch-optim is torch.optim for TypeScript. A schedule that was composed there is built here:

    scheduler = torch_optim.from_spec(optimizer, "linear:5 > cosine:95")

and a run that was begun there goes on here, or comes back:

    import json
    import torch_optim

    with open("checkpoint.json", "w") as file:  # to TypeScript
        json.dump(torch_optim.dump(optimizer, scheduler), file)

    with open("checkpoint.json") as file:  # from TypeScript
        torch_optim.load(json.load(file), optimizer, scheduler)

Optimizer and scheduler are built on both sides first, with the same classes, groups and options,
and with their parameters in the same order. A checkpoint of `torch.save` is loaded into them with
PyTorch's own `load_state_dict`, and then dumped. The parameters' own values are not part of it.
"""

import copy
import inspect
import json
import math
import os
import re
import unicodedata
import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import torch
from torch import Tensor
from torch.optim import LBFGS, Optimizer, lr_scheduler, swa_utils
from torch.optim.lr_scheduler import CyclicLR, LRScheduler, OneCycleLR, SequentialLR

__all__ = [
    "Recipe",
    "SpecError",
    "SpecLR",
    "SpecSyntaxError",
    "describe_schedulers",
    "dump",
    "dump_averages",
    "from_spec",
    "load",
    "load_averages",
    "load_state",
    "save_state",
]


# What is wrong with a spec or a state, and the sentences that say so.

# How many problems are told, and how long a path, a shown text and a shown list may become.
_MOST_PROBLEMS = 100
_LONGEST_PATH = 1000
_LONGEST_TEXT = 100
_MOST_ITEMS = 8
# How much of a long line is shown on either side of a mistake.
_CONTEXT = 40


class SpecError(ValueError):
    """Everything that is wrong with a spec, one problem a line.

    >>> SpecError([("T_max", "must be a whole number of at least 1, got 0")]).problems
    [('T_max', 'must be a whole number of at least 1, got 0')]
    """

    def __init__(self, problems: list[tuple[str, str]]):
        super().__init__("\n".join(f"{path}: {message}" for path, message in problems))
        #: Where something is wrong (`schedulers[1].T_max`, or `spec`), and what completes the sentence.
        self.problems = problems


class SpecSyntaxError(ValueError):
    """A mistake in the text of a spec, with a caret under the character.

    >>> print(SpecSyntaxError('expected a value, got "?"', "step(gamma=?)", 11))
    expected a value, got "?"
      step(gamma=?)
                 ^
    """

    def __init__(self, message: str, text: str, position: int):
        super().__init__(f"{message}\n{_point_at(text, position)}")
        #: The index of the character in the text.
        self.position = position


class _Problems:
    """Collects what is wrong; what a path is refused for first is what it is told."""

    def __init__(self):
        self._messages: dict[str, str] = {}
        self._above: set[str] = set()

    def add(self, path: str, message: str) -> None:
        if self.are_too_many or self.has(path):
            return
        self._messages[path or "spec"] = message
        self._above.update(path[: match.start()] for match in re.finditer(r"[.[]", path))

    def has(self, path: str) -> bool:
        return (path or "spec") in self._messages or path in self._above

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def are_too_many(self) -> bool:
        return len(self) > _MOST_PROBLEMS

    def error(self) -> SpecError:
        problems = list(self._messages.items())
        if self.are_too_many:
            more = ("spec", f"has more mistakes than these {_MOST_PROBLEMS}")
            problems = [*problems[:_MOST_PROBLEMS], more]
        return SpecError(problems)


def _path_to(path: str, key: str) -> str:
    """The path of a property: `schedulers[1].T_max`."""
    name = _show_name(key)
    is_word = re.match(r"[A-Za-z_$]", name)
    step = name if is_word else f"[{name}]"
    return _shorten(f"{path}.{step}" if is_word and path else f"{path}{step}", _LONGEST_PATH)


def _path_to_item(path: str, index: int) -> str:
    return _shorten(f"{path}[{index}]", _LONGEST_PATH)


def _refusal(expected: str, value) -> str:
    return f"must be {expected}, got {_show(value)}"


def _show(value) -> str:
    """A value as an error sentence shows it, and as JavaScript writes it."""
    if not isinstance(value, (list, tuple)):
        return _show_item(value)
    items = [_show_item(item) for item in value[:_MOST_ITEMS]]
    return f"[{', '.join(items)}{', …' if len(value) > _MOST_ITEMS else ''}]"


def _show_item(value) -> str:
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return _clean(json.dumps(value, ensure_ascii=False))
    return _number_text(value) if isinstance(value, (int, float)) else "an object"


def _number_text(value: float) -> str:
    """A number as JavaScript writes it."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    mantissa, _, exponent = repr(float(value)).partition("e")
    if not exponent:
        return mantissa
    if -7 < int(exponent) < 21:
        return format(Decimal(repr(float(value))), "f")
    return f"{mantissa}e{int(exponent):+d}".replace("e+", "e+")


def _show_name(name: str) -> str:
    return _shorten(name, 40) if re.fullmatch(r"[\w$]+", name, re.ASCII) else _show(name)


def _shorten(text: str, most: int) -> str:
    return f"{text[:most]}…" if len(text) > most else text


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp")


def _clean(text: str) -> str:
    """Text from outside as a sentence may hold it: short, with an escape for what is not seen."""
    return "".join(
        f"\\u{{{ord(c):x}}}" if _is_invisible(c) else c for c in _shorten(text, _LONGEST_TEXT)
    )


def _point_at(text: str, position: int) -> str:
    """The part of the line around a character, and a caret below that character."""
    start = text.rfind("\n", 0, position) + 1
    line = text[start:].split("\n", 1)[0].rstrip("\r")
    column = position - start
    first, last = max(0, column - _CONTEXT), min(len(line), column + _CONTEXT)
    before = ("…" if first > 0 else "") + _clean_line(line[first:column])
    after = _clean_line(line[column:last]) + ("…" if last < len(line) else "")
    return f"  {before}{after}\n  {' ' * len(before)}^"


def _clean_line(text: str) -> str:
    text = text.replace("\t", " ")
    return "".join(json.dumps(c)[1:-1] if _is_invisible(c) else c for c in text)


# What each option may be: the one sentence that refuses anything else, and its default.

_SAFE = 2**53 - 1
_MISSING = object()


def _same(value):
    return value


@dataclass(frozen=True)
class _Field:
    #: Completes the sentence "option must be …".
    expected: str
    #: Whether a value is one of these, for so many parameter groups.
    valid: Callable[[object, int], bool]
    #: The value of an option that is left out; a field without one is required.
    default: object = _MISSING
    #: Makes of a valid value what formulas reckon with.
    taken: Callable = _same
    is_per_group: bool = False


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value) -> bool:
    return _is_number(value) and value == int(value) and abs(value) <= _SAFE


def _numeric(noun, is_one, taken, limits, default):
    words = {"min": "of at least", "above": "above", "max": "of at most", "below": "below"}
    bounds = [
        f" {word} {_number_text(limits[bound])}" for bound, word in words.items() if bound in limits
    ]
    low, above = limits.get("min", -math.inf), limits.get("above", -math.inf)
    high, below = limits.get("max", math.inf), limits.get("below", math.inf)

    def valid(value, _groups):
        return is_one(value) and low <= value <= high and above < value < below

    return _Field(noun + " and".join(bounds), valid, default, taken)


def _number(default=_MISSING, **limits) -> _Field:
    return _numeric("a finite number", _is_number, float, limits, default)


def _whole_number(default=_MISSING, **limits) -> _Field:
    return _numeric("a whole number", _is_whole, int, limits, default)


def _boolean(default: bool) -> _Field:
    return _Field("true or false", lambda value, _groups: isinstance(value, bool), default)


def _one_of(choices: list[str], default: str) -> _Field:
    expected = f"one of {', '.join(map(_show, choices))}"
    return _Field(
        expected, lambda value, _groups: isinstance(value, str) and value in choices, default
    )


def _list_of(expected: str, valid: Callable[[list], bool], taken: Callable) -> _Field:
    return _Field(
        expected,
        lambda value, _groups: isinstance(value, list) and valid(value),
        taken=lambda value: [taken(item) for item in value],
    )


def _nullable(field: _Field) -> _Field:
    """None beside what a field allows, and as the default."""
    return replace(
        field,
        expected=f"{field.expected} or null",
        valid=lambda value, groups: value is None or field.valid(value, groups),
        default=None,
        taken=lambda value: None if value is None else field.taken(value),
    )


def _per_group(field: _Field) -> _Field:
    """One value for all parameter groups, or a list with one for each."""

    def valid(value, groups):
        if not isinstance(value, list):
            return field.valid(value, groups)
        return len(value) == groups and all(field.valid(item, groups) for item in value)

    return replace(
        field,
        expected=f"{field.expected}, or a list with one for each parameter group",
        valid=valid,
        taken=lambda value: (
            [field.taken(x) for x in value] if isinstance(value, list) else field.taken(value)
        ),
        is_per_group=True,
    )


def _are_epochs(values: list) -> bool:
    return all(_is_whole(value) and value >= 0 for value in values)


def _are_increasing(values: list) -> bool:
    return _are_epochs(values) and all(a < b for a, b in zip(values, values[1:]))


# Every scheduler that a spec can name: its options, its names in the short form, how it counts.

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


# How schedulers move: what they ask of one another, and all by which they compose.

# Epochs, times schedulers, that a plan replays at most: about half a minute of work.
_MOST_REPLAYED = 10_000_000
_WORDS = ("NaN", "Infinity", "-Infinity")


class _Ground:
    """What schedulers must know of the parameter groups: their base values, and whose momentum moves."""

    def __init__(self, base_lrs: list[float], momenta: list[str | None]):
        self.base_lrs = base_lrs
        #: "betas", "momentum" or None for every group.
        self.momenta = momenta


class _Motion:
    """One scheduler of a spec. Its `epoch` and `lrs` are those computed last."""

    takes_metrics = False
    #: Whether, as a later phase, it goes on from the lrs in force and not from the base lrs.
    is_relative = False
    #: Whether it answers `at` by a closed form, and replays nothing.
    has_closed_form = True
    #: Whether the base lr is an option of its own, and not the groups' own.
    has_own_base_lr = False
    children: tuple["_Motion", ...] = ()

    def __init__(self, kind: str, options: dict, ground: _Ground, children: tuple = ()):
        self.kind = kind
        self.ground = ground
        self.children = children
        self.options = SimpleNamespace(**_taken_options(kind, options))
        self.epoch = 0
        self.base_lrs = self.base_of(ground)
        self.lrs = list(self.base_lrs)
        self.prepare()

    def base_of(self, ground: _Ground) -> list[float]:
        return list(ground.base_lrs)

    def prepare(self) -> None:
        """Refuses options that contradict each other or the optimizer, and derives what they leave open."""

    # Moving.

    def begin(self, lrs: list[float]) -> list[float]:
        """Epoch 0, from the lrs given."""
        raise NotImplementedError

    def advance(self, lrs: list[float], epoch: int, metric: float | None) -> list[float]:
        """The next epoch, from the lrs in force."""
        raise NotImplementedError

    def enter(self, lrs: list[float]) -> list[float]:
        """Epoch 0 as a later phase of a sequence, where `lrs` are in force."""
        return self.begin(self.base_lrs)

    def at(self, epoch: int, begin=None) -> list[float]:
        """Moves to any epoch as planned, from the base lrs and options alone; by default by a replay."""
        steps = (epoch + 1) * len(self.family())
        if steps > _MOST_REPLAYED:
            raise ValueError(
                f"{self.kind}: epoch {epoch} takes {steps} steps to replay, more than "
                f"{_MOST_REPLAYED}; load a state that was saved there"
            )
        if begin:
            begin()
        else:
            self.begin(self.base_lrs)
        for stop in range(1, epoch + 1):
            self.advance(self.lrs, stop, None)
        return self.lrs

    def moved(self, epoch: int, lrs: list[float]) -> list[float]:
        self.epoch = epoch
        self.lrs = lrs
        return lrs

    def twin(self, ground: _Ground) -> "_Motion":
        """One like this, with its options as they are now, at epoch 0 of other groups."""
        children = tuple(child.twin(ground) for child in self.children)
        return type(self)(self.kind, vars(self.options), ground, children)

    # What others ask.

    def is_closed(self, epoch: int) -> bool:
        return self.has_closed_form

    def needs_metric(self) -> bool:
        return self.takes_metrics

    def momentum(self, g: int) -> float | None:
        """The momentum of a group at the epoch computed last; None where it leaves the group its own."""
        return None

    def family(self) -> list["_Motion"]:
        return [self, *(member for child in self.children for member in child.family())]

    def cycles_momentum(self) -> bool:
        return any(getattr(member.options, "cycle_momentum", False) for member in self.family())

    # As a member of a chain.

    def members(self) -> tuple["_Motion", ...]:
        """What a chain moves in its place."""
        return (self,)

    def has_own_curve(self) -> bool:
        """Whether it scales a chain's lr by the ratio of its own curve to the base lr."""
        return False

    def is_factor(self) -> bool:
        """Whether its chainable form is a factor, that of its closed form, but for its returns."""
        return False

    def last_return(self, epoch: int) -> int:
        """The last epoch up to this one at which, after a 0, it added to the lr; -1 if there is none."""
        return -1

    # State.

    def option_state(self) -> dict:
        """The options under their keys in a state."""
        return dict(vars(self.options))

    def options_in(self, state: "_Reader") -> dict:
        """The options in a state."""
        return {name: state.value(name) for name in _CATALOGUE[self.kind].fields}

    #: What it keeps beside its options and what every scheduler has.
    own_fields: tuple[str, ...] = ()

    def state(self) -> dict:
        return {
            **self.option_state(),
            **{name: getattr(self, name) for name in self.own_fields},
            "base_lrs": list(self.base_lrs),
            "last_epoch": self.epoch,
            "_step_count": self.epoch + 1,
            "_last_lr": list(self.lrs),
        }

    def load(self, state: "_Reader") -> None:
        """Takes over a state: options, epoch, lr."""
        count = len(self.ground.base_lrs)
        options = state.checked_options(self.kind, self.options_in(state), count)
        self.options = SimpleNamespace(**_taken_options(self.kind, options))
        # PyTorch's states of plateaus and composites have no base lrs.
        if state.has("base_lrs"):
            self.base_lrs = state.numbers("base_lrs", count, least=0)
        self.epoch = state.whole("last_epoch", -1)
        self.lrs = state.numbers("_last_lr", count)
        for name in self.own_fields:
            setattr(self, name, state.like(name, getattr(self, name)))
        self.prepare()

    def is_astray(self) -> bool:
        """Whether the schedulers inside stand elsewhere than the epoch of this one says."""
        return False


def _kept(motion: _Motion):
    """Notes where a tree stands; what it gives puts that back."""
    before = [(member, dict(vars(member))) for member in motion.family()]

    def put_back():
        for member, values in before:
            vars(member).clear()
            vars(member).update(values)

    return put_back


class _Reader:
    """Reads a state that may hold anything; every refusal names the key."""

    def __init__(self, path: str, state):
        if not isinstance(state, dict):
            raise TypeError(f"{path} {_refusal('an object', state)}")
        self.path = path
        self._state = state

    def has(self, key: str) -> bool:
        return key in self._state

    def value(self, key: str):
        if key not in self._state:
            raise ValueError(f"{self.path}.{key} is missing")
        return self._state[key]

    def get(self, key: str, missing):
        return self._state.get(key, missing)

    def over(self, missing: dict) -> "_Reader":
        """The same, with what is missing as it is here."""
        return _Reader(self.path, {**missing, **self._state})

    def number(self, key: str, value=None) -> float:
        value = self.value(key) if value is None else value
        if isinstance(value, str) and value in _WORDS:
            return float(value)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise TypeError(f"{self.path}.{key} {_refusal('a number', value)}")
        return float(value)

    def whole(self, key: str, least: int) -> int:
        value = self.number(key)
        if not math.isfinite(value) or value != int(value) or value < least:
            expected = f"a whole number of at least {least}"
            raise ValueError(f"{self.path}.{key} {_refusal(expected, self.value(key))}")
        return int(value)

    def numbers(self, key: str, count: int, least: float = -math.inf) -> list[float]:
        values = self.value(key)
        expected = "a finite number" + (
            "" if least == -math.inf else f" of at least {_number_text(least)}"
        )
        is_list = isinstance(values, (list, tuple)) and len(values) == count
        if is_list:
            values = [self.number(key, float(x) if hasattr(x, "item") else x) for x in values]
        if not is_list or not all(math.isfinite(x) and x >= least for x in values):
            wanted = f"a list of {count}, one for each parameter group, each {expected}"
            raise ValueError(f"{self.path}.{key} {_refusal(wanted, values)}")
        return values

    def like(self, key: str, model):
        """A value of the same kind as `model`."""
        return self.whole(key, 0) if isinstance(model, int) else self.number(key)

    def children(self, key: str, count: int) -> list["_Reader"]:
        states = self.value(key)
        if not isinstance(states, (list, tuple)) or len(states) != count:
            raise ValueError(f"{self.path}.{key} {_refusal(f'a list of {count} states', states)}")
        return [_Reader(f"{self.path}.{key}[{i}]", state) for i, state in enumerate(states)]

    def checked_options(self, kind: str, options: dict, groups: int) -> dict:
        for name, field in _CATALOGUE[kind].fields.items():
            if name in options and name != "schedulers" and not field.valid(options[name], groups):
                raise ValueError(f"{self.path}.{name} {_refusal(field.expected, options[name])}")
        return options


def _value_of(option, g: int) -> float:
    """The value of group `g`, of one for all groups or a list with one for each."""
    return option[g] if isinstance(option, list) else option


def _shared(values):
    """A list of equal values as the one value, so that further groups can join."""
    is_shared = isinstance(values, (list, tuple)) and len(values) > 0 and len(set(values)) == 1
    return values[0] if is_shared else list(values) if isinstance(values, tuple) else values


def _divided(a: float, b: float) -> float:
    """A quotient as IEEE 754 has it, where Python raises."""
    if b != 0:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a)


def _power(base: float, exponent: float) -> float:
    try:
        return float(base) ** exponent
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf


# One option of some parameter groups: everything that a schedule reads of an optimizer, and writes to it.

class _Selection:
    """What a schedule moves: by default the lr of all groups.

    `momentum` is beta1 where a group has betas. Base values are noted in the groups as
    `initial_<option>`, as PyTorch notes `initial_lr`; the groups' own momentum as `initial_momentum` or
    `initial_betas`.
    """

    def __init__(self, optimizer: Optimizer, option: str = "lr", groups: list | None = None):
        self.optimizer = optimizer
        self.option = option
        if not isinstance(option, str):
            raise TypeError(f"select: option {_refusal('a string', option)}")
        #: The numbers of the groups; None for all of them.
        self.named = None if groups is None else self._indices_of(groups)
        for g, group in enumerate(optimizer.param_groups):
            if self.named is None or g in self.named:
                self._check_option(g, group)

    @property
    def indices(self) -> list[int]:
        return list(range(len(self.optimizer.param_groups))) if self.named is None else self.named

    @property
    def groups(self) -> list[dict]:
        return [self.optimizer.param_groups[g] for g in self.indices]

    def read(self) -> list[float]:
        return [float(_option_of(group, self.option)) for group in self.groups]

    def ground(self) -> _Ground:
        """The base values of the groups, and whose momentum a schedule can cycle."""
        # A schedule of another option moves no momentum beside it.
        momenta = [_momentum_key(group) if self.option == "lr" else None for group in self.groups]
        return _Ground([self._base_of(group) for group in self.groups], momenta)

    def check_base(self, name: str, start: int = 0) -> None:
        """Refuses groups with a value or a base value that none can have."""
        values = zip(self.read(), map(self._base_of, self.groups))
        for g, (value, base) in enumerate(values):
            for key, number in ((self.option, value), ("initial_lr", base)) if g >= start else ():
                if not (math.isfinite(number) and number >= 0):
                    wanted = _refusal("a finite number of at least 0", number)
                    raise ValueError(f"{name}: {key} of parameter group {g} {wanted}")

    def check_next(self, name: str, values: list[float], epoch: int) -> None:
        """Refuses what cannot be in force at an epoch."""
        for g, value in zip(self.indices, values):
            is_beta = self._is_beta(self.optimizer.param_groups[g])
            if math.isfinite(value) and not (is_beta and not 0 <= value < 1):
                continue
            expected = "from 0 to below 1, as beta1" if is_beta else "a finite number"
            place = f"{self.option} of parameter group {g}"
            if self.option != "lr":
                place += f" at epoch {epoch}"
            raise ValueError(f"{name}: {place} {_refusal(expected, value)}")

    def write(self, values: list[float], motion: _Motion) -> None:
        """Writes values that were checked, and the momenta that a schedule cycles."""
        cycles_momentum = motion.cycles_momentum()
        for i, (group, value) in enumerate(zip(self.groups, values)):
            _set_option(group, self.option, value)
            if not cycles_momentum:
                continue
            momentum = motion.momentum(i)
            own = f"initial_{_momentum_key(group)}"
            if momentum is not None:
                group.setdefault(own, group[_momentum_key(group)])
                _set_option(group, "momentum", momentum)
            elif own in group:
                group[_momentum_key(group)] = group[own]

    def note(self, base: list[float], start: int = 0) -> None:
        """Notes the base values of the groups from number `start` on."""
        for group, value in zip(self.groups[start:], base[start:]):
            is_beta = self._is_beta(group)
            note = "initial_betas" if is_beta else f"initial_{self.option}"
            group[note] = (value, *group["betas"][1:]) if is_beta else value

    def _is_beta(self, group: dict) -> bool:
        return self.option == "momentum" and "betas" in group

    def _base_of(self, group: dict) -> float:
        if self._is_beta(group):
            return float(group.get("initial_betas", group["betas"])[0])
        return float(group.get(f"initial_{self.option}", _option_of(group, self.option)))

    def _check_option(self, g: int, group: dict) -> None:
        value = _option_of(group, self.option)
        is_number = isinstance(value, (int, float, Tensor)) and not isinstance(value, bool)
        if is_number and not self.option.startswith("initial_") and math.isfinite(float(value)):
            return
        wanted = f"one that parameter group {g} has as a finite number, and no count"
        raise ValueError(f"select: option {_refusal(wanted, self.option)}")

    def _indices_of(self, names: list) -> list[int]:
        is_list = isinstance(names, list) and len(names) > 0
        if not is_list or not all(isinstance(name, str) or _is_whole(name) for name in names):
            raise TypeError(
                f"select: groups {_refusal('a list of at least one index or name', names)}"
            )
        wanted = set(names)
        called = [
            {g, group.get("name")} & wanted for g, group in enumerate(self.optimizer.param_groups)
        ]
        if len(set().union(*called)) < len(wanted):
            raise ValueError(f"select: groups {_refusal('groups that the optimizer has', names)}")
        return [g for g, names_of_group in enumerate(called) if names_of_group]


def _momentum_key(group: dict) -> str | None:
    return next((key for key in ("betas", "momentum") if key in group), None)


def _option_of(group: dict, option: str):
    if option == "momentum" and "betas" in group:
        return group["betas"][0]
    return group.get(option)


def _set_option(group: dict, option: str, value: float) -> None:
    if option == "momentum" and "betas" in group:
        group["betas"] = (value, *group["betas"][1:])
    elif isinstance(group[option], Tensor):
        # A compiled or captured step holds on to the tensor itself.
        group[option].fill_(value)
    else:
        group[option] = value


# The schedulers that are made of others, by torch-optim's laws of sequences and chains.

# Nothing is divided by a product of factors that is smaller.
_SMALLEST = 1e-270


class _Composite(_Motion):
    """Drives the schedulers inside from its own epoch 0 on."""

    def __init__(self, kind, options, ground, children):
        self.takes_metrics = any(child.takes_metrics for child in children)
        super().__init__(kind, options, ground, children)

    def moving(self) -> tuple[_Motion, ...]:
        """Those of the schedulers inside that are in force."""
        return self.children

    def needs_metric(self):
        return any(child.needs_metric() for child in self.moving())

    def has_own_curve(self):
        return True

    def momentum(self, g):
        momenta = [child.momentum(g) for child in self.moving()]
        return next((momentum for momentum in reversed(momenta) if momentum is not None), None)

    def state(self):
        return {**super().state(), "_schedulers": [child.state() for child in self.children]}

    def load(self, state: _Reader):
        states = state.children("_schedulers", len(self.children))
        for child, own in zip(self.children, states):
            child.load(own)
        # PyTorch's states leave out what the schedulers inside say as well.
        others = [child.base_lrs for child in self.children if not child.has_own_base_lr]
        missing = {"last_epoch": self.children[0].epoch, "base_lrs": (others or [self.base_lrs])[0]}
        super().load(state.over(missing))


class _SequentialLR(_Composite):
    """During phase i, at local epoch t, the lr is what child i would give at epoch t if it were alone."""

    def prepare(self):
        o = self.options
        count = len(self.children)
        if o.starts is None:
            o.starts = [0] * count
        for option, wanted in (("milestones", count - 1), ("starts", count)):
            got = len(getattr(o, option))
            if got != wanted:
                raise ValueError(
                    f"SequentialLR: {option} must be {wanted} for {count} schedulers, got {got}"
                )
        for phase, (start, child) in enumerate(zip(o.starts, self.children)):
            if start > 0 and (child.takes_metrics or child.is_relative):
                raise ValueError(
                    f"SequentialLR: starts[{phase}] must be 0 for {child.kind}, got {start}"
                )

    def begin(self, lrs):
        for start, child in zip(self.options.starts, self.children):
            # Where a phase cannot begin, it is refused now, and not when its time has come.
            if start > 0 and child.is_closed(start):
                child.at(start)
        child, start, _ = self._phase_at(0)
        return self.moved(0, child.begin(lrs) if start == 0 else child.at(start))

    def advance(self, lrs, epoch, metric):
        child, local_epoch, start = self._phase_at(epoch)
        if local_epoch > start:
            return self.moved(epoch, child.advance(lrs, local_epoch, metric))
        return self.moved(epoch, child.enter(lrs) if start == 0 else child.at(start))

    def at(self, epoch, begin=None):
        child, local_epoch, _ = self._phase_at(epoch)
        first = epoch - local_epoch
        goes_on = first > 0 and child.is_relative
        enter = (lambda: child.enter(self.at(first - 1))) if goes_on else None
        return self.moved(epoch, child.at(local_epoch, enter))

    def is_closed(self, epoch):
        child, local_epoch, _ = self._phase_at(epoch)
        return child.is_closed(local_epoch) and not (epoch > local_epoch and child.is_relative)

    def moving(self):
        return (self._phase_at(self.epoch)[0],)

    def option_state(self):
        o = self.options
        return {
            "_milestones": list(o.milestones),
            **({"_starts": list(o.starts)} if any(o.starts) else {}),
        }

    def options_in(self, state: _Reader):
        return {"milestones": state.value("_milestones"), "starts": state.get("_starts", None)}

    def is_astray(self):
        child, local_epoch, _ = self._phase_at(self.epoch)
        return child.epoch != local_epoch or child.is_astray()

    def _phase_at(self, epoch: int) -> tuple[_Motion, int, int]:
        """The scheduler of an epoch, its local epoch there, and the one at which its phase begins."""
        o = self.options
        phase = bisect_right(o.milestones, epoch)
        start = o.starts[phase]
        return (
            self.children[phase],
            epoch + start - (o.milestones[phase - 1] if phase else 0),
            start,
        )


class _ChainedScheduler(_Composite):
    """`lr = rest · f₁ · f₂ · …`: factors of the members with curves of their own, `curve / base lr`.

    The other members move `rest`, through the lr in force. A chain inside counts as its members.
    """

    def prepare(self):
        self._members = tuple(member for child in self.children for member in child.members())
        self._curved = [member for member in self._members if member.has_own_curve()]
        if not hasattr(self, "_rest"):
            self._rest = list(self.base_lrs)
            self._is_unsettled = False

    def members(self):
        return self._members

    def has_own_curve(self):
        return False

    def moving(self):
        return self._members

    def begin(self, lrs):
        self._rest = list(lrs)
        for member in self._curved:
            member.moved(0, list(self.base_lrs))
        for member in self._members:
            if member in self._curved:
                member.begin(member.base_lrs)
            else:
                self._take_form(lambda turn, member=member: member.begin(turn))
        return self._arrive(0)

    def advance(self, lrs, epoch, metric):
        self._take_in(lrs)
        for member in self._members:
            if member in self._curved:
                member.advance(member.lrs, epoch, metric)
            else:
                self._take_form(lambda turn, member=member: member.advance(turn, epoch, metric))
        return self._arrive(epoch)

    def at(self, epoch, begin=None):
        if not self.is_closed(epoch):
            return super().at(epoch, begin)
        rest = [self._rest_at(epoch, g) for g in range(len(self.base_lrs))]
        for member in self._members:
            member.at(epoch)
        is_single = len(self._members) == 1 and not self._curved
        self._rest = list(self._members[0].lrs) if is_single else rest
        return self._arrive(epoch)

    def is_closed(self, epoch):
        return all(
            _is_closed_throughout(member)
            and (member.has_own_curve() or member.is_factor() or len(self._members) == 1)
            for member in self._members
        )

    def state(self):
        if not self._curved:
            return super().state()
        curves = {
            str(i): list(child.lrs)
            for i, child in enumerate(self.children)
            if child.has_own_curve()
        }
        return {**super().state(), "_curves": curves, "_rest": list(self._rest)}

    def option_state(self):
        return {}

    def options_in(self, state: _Reader):
        return {}

    def load(self, state: _Reader):
        own_base_lrs = self.base_lrs
        super().load(state)
        is_settled = state.has("_rest")
        if not is_settled and any(member.has_own_base_lr for member in self._curved):
            # PyTorch's cyclic schedulers write their own base lr into the groups, and so into all states.
            self.base_lrs = own_base_lrs
            for member in self._members:
                if not member.has_own_base_lr:
                    member.base_lrs = own_base_lrs
        count = len(self.base_lrs)
        curves = (
            _Reader(f"{state.path}._curves", state.value("_curves"))
            if state.has("_curves")
            else None
        )
        for i, child in enumerate(self.children):
            if not child.has_own_curve():
                continue
            if curves:
                child.lrs = curves.numbers(str(i), count)
            else:
                # PyTorch's states know no such curve: it is where the plan says.
                child.at(max(0, child.epoch))
        self._is_unsettled = (
            not is_settled
            and not self.takes_metrics
            and bool(self._curved)
            and len(self._members) > 1
        )
        if is_settled:
            self._rest = state.numbers("_rest", count)
        else:
            rest = [self._without_curves(lr, g) for g, lr in enumerate(self.lrs)]
            self._rest = [base if lr is None else lr for lr, base in zip(rest, self.base_lrs)]

    def is_astray(self):
        return (
            self._is_unsettled
            or any(child.epoch != self.epoch for child in self.children)
            or any(member.epoch != self.epoch or member.is_astray() for member in self._members)
        )

    def _take_in(self, lrs):
        """Takes into the rest what was set by hand since the last step."""
        for g, lr in enumerate(lrs):
            if lr == self._lr(self._rest[g], g):
                continue
            without = self._without_curves(lr, g)
            if without is not None:
                self._rest = [*self._rest[:g], without, *self._rest[g + 1 :]]

    def _take_form(self, form):
        """A member's chainable form: it takes on the lr in force, or the rest alone behind a zero."""
        products = [self._product(g) for g in range(len(self._rest))]
        turn = [
            rest if product == 0 else self._lr(rest, g)
            for g, (rest, product) in enumerate(zip(self._rest, products))
        ]
        moved = zip(form(turn), turn, self._rest, products)
        self._rest = [
            rest if lr == before else lr if product == 0 else lr / product
            for lr, before, rest, product in moved
        ]

    def _arrive(self, epoch):
        lrs = self.moved(epoch, [self._lr(rest, g) for g, rest in enumerate(self._rest)])
        for chain in self._chains():
            chain.moved(epoch, lrs)
        return lrs

    def _chains(self):
        """The chains inside, whose members this one moves."""
        inside = [child for child in self.children if isinstance(child, _ChainedScheduler)]
        return [*inside, *(chain for child in inside for chain in child._chains())]

    def _lr(self, rest, g):
        """The lr of a group with the curves in hand."""
        if not self._curved:
            return rest
        base_lr = self.base_lrs[g]
        if base_lr == 0:
            # There are no factors: the lr is that of the last curve with a base lr of its own.
            own = [member.lrs[g] for member in self._curved if member.base_lrs[g] != 0]
            return own[-1] if own else rest
        # In this order, one curve alone is given to the last bit.
        lr = rest / base_lr * self._curved[0].lrs[g]
        for member in self._curved[1:]:
            lr *= member.lrs[g] / base_lr
        return lr

    def _product(self, g):
        """The product of the factors of a group; 0 if nothing can be divided by it."""
        if not self._curved:
            return 1
        base_lr = self.base_lrs[g]
        if base_lr == 0:
            return 0
        product = 1.0
        for member in self._curved:
            product *= member.lrs[g] / base_lr
        return 0 if abs(product) < _SMALLEST else product

    def _without_curves(self, lr, g):
        product = self._product(g)
        return None if product == 0 else lr / product

    def _rest_at(self, epoch, g):
        """The rest in closed form: the base lr and all that was added since, by the growth that followed."""
        forms = [member for member in self._members if member not in self._curved]
        rest = self.base_lrs[g]
        for form in forms:
            rest *= _growth(form, -1, epoch, g)
        for form in forms:
            returned = form.last_return(epoch)
            if returned < 0:
                continue
            place = self._members.index(form)

            # In its turn, those before it have moved already.
            def epoch_of(other):
                return returned - 1 if self._members.index(other) > place else returned

            for member in self._curved:
                member.at(epoch_of(member))
            gain = form.at(returned)[g]
            without = self._without_curves(gain, g)
            added = gain if without is None else without
            for other in forms:
                added *= _growth(other, epoch_of(other), epoch, g)
            rest += added
        return rest


def _growth(form: _Motion, start: int, end: int, g: int) -> float:
    """The factor by which a form moves a group from one epoch (-1: before epoch 0) to another."""
    if start == end:
        return 1
    # A return begins anew what was 0 the epoch before.
    if form.last_return(end) - 1 > start:
        return 0
    begun = start + 1 if form.last_return(start + 1) == start + 1 else start
    before = form.base_lrs[g] if begun < 0 else form.at(begun)[g]
    return 1 if before == 0 else _divided(form.at(end)[g], before)


def _is_closed_throughout(motion: _Motion) -> bool:
    """Whether it answers for every epoch: where a neighbour returns from 0, a chain asks for others too."""
    return motion.is_closed(0) and all(_is_closed_throughout(child) for child in motion.children)


# The formula of every scheduler that is not made of others.

class _Scaling(_Motion):
    """Multiplies the lr of all groups by the same factor."""

    def factor(self, o, epoch: float) -> float:
        """The closed form: the factor from the base lr to `epoch`."""
        raise NotImplementedError

    def ratio(self, o, epoch: int) -> float:
        """The chainable form: the factor from the epoch before to `epoch`, which is above 0."""
        raise NotImplementedError

    def begin(self, lrs):
        return self._scale(lrs, self.factor(self.options, 0), 0)

    def advance(self, lrs, epoch, metric):
        ratio = self.ratio(self.options, epoch)
        return self._scale(lrs, ratio, epoch) if math.isfinite(ratio) else self.at(epoch)

    def at(self, epoch, begin=None):
        return self._scale(self.base_lrs, self.factor(self.options, epoch), epoch)

    def has_own_curve(self):
        # No ratio leads back from 0.
        return self.factor(self.options, 0) == 0 and self.factor(self.options, math.inf) > 0

    def is_factor(self):
        # A gamma of 0 makes 0 of what a neighbour has added since, over and over.
        return getattr(self.options, "gamma", 1) != 0

    def _scale(self, lrs, factor, epoch):
        return self.moved(epoch, [lr * factor for lr in lrs])


class _ConstantLR(_Scaling):
    def factor(self, o, epoch):
        return o.factor if epoch < o.total_iters else 1.0

    def ratio(self, o, epoch):
        return _divided(1, o.factor) if epoch == o.total_iters else 1.0


class _LinearLR(_Scaling):
    def factor(self, o, epoch):
        if o.total_iters == 0:
            return o.end_factor
        done = min(o.total_iters, epoch)
        return o.start_factor + (o.end_factor - o.start_factor) * done / o.total_iters

    def ratio(self, o, epoch):
        if epoch > o.total_iters:
            return 1.0
        rise = o.end_factor - o.start_factor
        return 1 + _divided(rise, o.total_iters * o.start_factor + (epoch - 1) * rise)


class _PolynomialLR(_Scaling):
    def factor(self, o, epoch):
        return _power(1 - min(o.total_iters, epoch) / o.total_iters, o.power)

    def ratio(self, o, epoch):
        if epoch > o.total_iters:
            return 1.0
        left, before = 1 - epoch / o.total_iters, 1 - (epoch - 1) / o.total_iters
        return _power(left / before, o.power)


class _StepLR(_Scaling):
    def factor(self, o, epoch):
        return _power(o.gamma, epoch // o.step_size)

    def ratio(self, o, epoch):
        return o.gamma if epoch % o.step_size == 0 else 1.0


class _MultiStepLR(_Scaling):
    def prepare(self):
        self._sorted = sorted(self.options.milestones)

    def factor(self, o, epoch):
        return _power(o.gamma, bisect_right(self._sorted, epoch))

    def ratio(self, o, epoch):
        steps = bisect_right(self._sorted, epoch) - bisect_right(self._sorted, epoch - 1)
        return _power(o.gamma, steps)

    def option_state(self):
        # PyTorch keeps a count for every milestone.
        counts: dict[int, int] = {}
        for milestone in self.options.milestones:
            counts[milestone] = counts.get(milestone, 0) + 1
        return {"milestones": counts, "gamma": self.options.gamma}

    def options_in(self, state: _Reader):
        milestones = state.value("milestones")
        if isinstance(milestones, dict):
            counts = {int(epoch): int(count) for epoch, count in milestones.items()}
            if sum(counts.values()) > 1_000_000:
                raise ValueError(f"{state.path}.milestones must count at most 1000000 epochs")
            milestones = [epoch for epoch, count in counts.items() for _ in range(count)]
        return {"milestones": milestones, "gamma": state.value("gamma")}


class _ExponentialLR(_Scaling):
    def factor(self, o, epoch):
        return _power(o.gamma, epoch)

    def ratio(self, o, epoch):
        return o.gamma


class _RampLR(_Scaling):
    def prepare(self):
        o = self.options
        if o.shape == "log" and o.total_iters == 1:
            raise ValueError('RampLR: total_iters must be 0 or at least 2 with shape "log", got 1')
        for option in ("end_factor", "start_factor"):
            if o.shape == "exponential" and getattr(o, option) == 0:
                raise ValueError(
                    f'RampLR: {option} must be above 0 with shape "exponential", got 0'
                )

    def factor(self, o, epoch):
        share = self._share(o, epoch)
        if share == 1:
            return o.end_factor
        # As powers of both, since their quotient may be no finite number.
        if o.shape == "exponential":
            return _power(o.start_factor, 1 - share) * _power(o.end_factor, share)
        return o.start_factor + (o.end_factor - o.start_factor) * share

    def ratio(self, o, epoch):
        before, now = self.factor(o, epoch - 1), self.factor(o, epoch)
        return 1.0 if now == before else _divided(now, before)

    def has_own_curve(self):
        # No ratio leads through a 0.
        o = self.options
        return o.end_factor == 0 or (o.start_factor == 0 and o.total_iters > 0)

    def _share(self, o, epoch):
        """The share of the way that is done."""
        if epoch >= o.total_iters:
            return 1
        done = epoch / o.total_iters
        if o.shape == "cosine":
            return (1 - math.cos(math.pi * done)) / 2
        if o.shape == "sqrt":
            return math.sqrt(done)
        if o.shape == "square":
            return done * done
        if o.shape == "log":
            return min(1, math.log(epoch + 1) / math.log(o.total_iters))
        return done


class _CosineAnnealingLR(_Motion):
    def begin(self, lrs):
        return self.moved(0, list(lrs))

    def advance(self, lrs, epoch, metric):
        T_max = self.options.T_max
        # No factor leads up from the minimum, so the first epoch after it adds.
        if (epoch - 1 - T_max) % (2 * T_max) == 0:
            rise = 1 - math.cos(math.pi / T_max)
            added = [(base - low) * rise / 2 for base, low in self._spans()]
            return self.moved(epoch, [lr + more for lr, more in zip(lrs, added)])
        ratio = _divided(self._height(epoch), self._height(epoch - 1))
        return self.moved(
            epoch, [ratio * (lr - low) + low for lr, (_, low) in zip(lrs, self._spans())]
        )

    def at(self, epoch, begin=None):
        height = self._height(epoch)
        return self.moved(epoch, [low + (base - low) * height / 2 for base, low in self._spans()])

    def is_factor(self):
        return all(low == 0 for _, low in self._spans())

    def last_return(self, epoch):
        T_max = self.options.T_max
        return epoch - (epoch - T_max - 1) % (2 * T_max) if epoch > T_max else -1

    def _height(self, epoch):
        """Twice the share of the way from `eta_min` to the base lr."""
        return 1 + math.cos(math.pi * epoch / self.options.T_max)

    def _spans(self):
        return [(base, _value_of(self.options.eta_min, g)) for g, base in enumerate(self.base_lrs)]


class _CosineAnnealingWarmRestarts(_Motion):
    own_fields = ("T_cur", "T_i")

    def prepare(self):
        if not hasattr(self, "T_i"):
            self.T_cur, self.T_i = 0, self.options.T_0

    def begin(self, lrs):
        return self.at(0)

    def advance(self, lrs, epoch, metric):
        is_restart = self.T_cur + 1 >= self.T_i
        self.T_cur = (self.T_cur + 1) % self.T_i if is_restart else self.T_cur + 1
        if is_restart:
            self.T_i *= self.options.T_mult
        return self._anneal(epoch)

    def at(self, epoch, begin=None):
        o = self.options
        if o.T_mult == 1:
            self.T_i, self.T_cur = o.T_0, epoch % o.T_0
            return self._anneal(epoch)
        start, self.T_i = 0, o.T_0
        while epoch >= start + self.T_i:
            start += self.T_i
            self.T_i *= o.T_mult
        self.T_cur = epoch - start
        return self._anneal(epoch)

    def has_own_curve(self):
        return True

    def load(self, state):
        super().load(state)
        if not 0 <= self.T_cur < self.T_i:
            expected = f"a finite number of at least 0 and below {self.T_i}"
            raise ValueError(f"{state.path}.T_cur {_refusal(expected, self.T_cur)}")

    def _anneal(self, epoch):
        height = 1 + math.cos(math.pi * self.T_cur / self.T_i)
        lows = [_value_of(self.options.eta_min, g) for g in range(len(self.base_lrs))]
        lrs = [low + (base - low) * height / 2 for base, low in zip(self.base_lrs, lows)]
        return self.moved(epoch, lrs)


class _Outright(_Motion):
    """Sets the lr outright: its closed form is all there is."""

    def lr(self, o, epoch: int, g: int) -> float:
        """The lr of group `g` at `epoch`."""
        raise NotImplementedError

    def begin(self, lrs):
        return self.at(0)

    def advance(self, lrs, epoch, metric):
        return self.at(epoch)

    def at(self, epoch, begin=None):
        return self.moved(
            epoch, [self.lr(self.options, epoch, g) for g in range(len(self.base_lrs))]
        )

    def has_own_curve(self):
        return True


class _KeyframesLR(_Outright):
    def prepare(self):
        epochs, factors = len(self.options.epochs), len(self.options.factors)
        if factors != epochs:
            raise ValueError(
                f"KeyframesLR: factors must be {epochs} for {epochs} epochs, got {factors}"
            )

    def lr(self, o, epoch, g):
        k = bisect_right(o.epochs, epoch) - 1
        factor = o.factors[k]
        if k < len(o.epochs) - 1 and o.interpolation != "step":
            done = (epoch - o.epochs[k]) / (o.epochs[k + 1] - o.epochs[k])
            share = (1 - math.cos(math.pi * done)) / 2 if o.interpolation == "cosine" else done
            factor += (o.factors[k + 1] - factor) * share
        return self.base_lrs[g] * factor


class _Cycling(_Outright):
    """Brings its own base lr, and cycles the momentum (beta1 where a group has betas) against the lr."""

    has_own_base_lr = True

    def momentum_at(self, o, epoch: int, g: int) -> float:
        raise NotImplementedError

    def momentum(self, g):
        return (
            self.momentum_at(self.options, self.epoch, g) if self.options.cycle_momentum else None
        )

    def prepare(self):
        o = self.options
        for g, kind in enumerate(self.ground.momenta if o.cycle_momentum else []):
            if kind is None:
                raise TypeError(
                    f"{self.kind}: cycle_momentum must be false for an optimizer without momentum or "
                    f"betas, got true, and parameter group {g} has neither"
                )
            for option in ("base_momentum", "max_momentum") if kind == "betas" else ():
                momentum = _value_of(getattr(o, option), g)
                if momentum >= 1:
                    raise ValueError(
                        f"{self.kind}: {option} must be below 1 for betas, got {_number_text(momentum)}"
                    )

    def of_groups(self, option: str) -> list[float]:
        value = getattr(self.options, option)
        return [_value_of(value, g) for g in range(len(self.base_lrs))]

    def momentum_state(self) -> dict:
        """The momentum's part of a state."""
        if not self.options.cycle_momentum:
            return {"cycle_momentum": False}
        return {
            "cycle_momentum": True,
            "use_beta1": "betas" in self.ground.momenta,
            "base_momentums": self.of_groups("base_momentum"),
            "max_momentums": self.of_groups("max_momentum"),
        }

    def momentum_options_in(self, state: _Reader) -> dict:
        o = self.options
        # A state that does not cycle need not say between which values.
        return {
            "cycle_momentum": state.value("cycle_momentum"),
            "base_momentum": _shared(state.get("base_momentums", o.base_momentum)),
            "max_momentum": _shared(state.get("max_momentums", o.max_momentum)),
        }


class _CyclicLR(_Cycling):
    def base_of(self, ground: _Ground):
        return [_value_of(self.options.base_lr, g) for g in range(len(ground.base_lrs))]

    def lr(self, o, epoch, g):
        base_lr = self.base_lrs[g]
        height = _value_of(o.max_lr, g) - base_lr
        return base_lr + height * self._rise(o, epoch) * self._scale(o, epoch)

    def momentum_at(self, o, epoch, g):
        highest = _value_of(o.max_momentum, g)
        height = highest - _value_of(o.base_momentum, g)
        return highest - height * self._rise(o, epoch) * self._scale(o, epoch)

    def _size(self, o):
        return o.step_size_up + (o.step_size_up if o.step_size_down is None else o.step_size_down)

    def _cycle(self, o, epoch):
        return math.floor(1 + epoch / self._size(o))

    def _rise(self, o, epoch):
        """How far up its triangle an epoch stands, from 0 to 1."""
        size = self._size(o)
        share = o.step_size_up / size
        x = 1 + epoch / size - self._cycle(o, epoch)
        return x / share if x <= share else (x - 1) / (share - 1)

    def _scale(self, o, epoch):
        if o.mode == "triangular2":
            return _power(2, 1 - self._cycle(o, epoch))
        return _power(o.gamma, epoch) if o.mode == "exp_range" else 1.0

    def option_state(self):
        o = self.options
        size = self._size(o)
        return {
            "max_lrs": self.of_groups("max_lr"),
            "total_size": size,
            "step_ratio": o.step_size_up / size,
            "mode": o.mode,
            "gamma": o.gamma,
            "scale_mode": "iterations" if o.mode == "exp_range" else "cycle",
            **self.momentum_state(),
            "_scale_fn_custom": None,
        }

    def options_in(self, state: _Reader):
        size = state.number("total_size")
        up = math.floor(size * state.number("step_ratio") + 0.5)
        return {
            "base_lr": _shared(state.value("base_lrs")),
            "max_lr": _shared(state.value("max_lrs")),
            "step_size_up": up,
            "step_size_down": int(size) - up,
            **{name: state.value(name) for name in ("mode", "gamma", "scale_mode")},
            **self.momentum_options_in(state),
        }


_RISE = ("low", "high", "high", "low")
# From which lr to which, and the same of the momentum.
_TWO_PARTS = (_RISE, ("high", "last", "low", "high"))
_THREE_PARTS = (_RISE, ("high", "low", "low", "high"), ("low", "last", "high", "high"))


class _OneCycleLR(_Cycling):
    def base_of(self, ground: _Ground):
        o = self.options
        return [_value_of(o.max_lr, g) / o.div_factor for g in range(len(ground.base_lrs))]

    def prepare(self):
        super().prepare()
        o = self.options
        o.total_steps = o.total_steps or (o.epochs or 0) * (o.steps_per_epoch or 0)
        if o.total_steps == 0:
            raise TypeError(
                "OneCycleLR: total_steps must be a whole number of at least 1, or epochs and "
                "steps_per_epoch must be given, got neither"
            )
        if o.pct_start * o.total_steps <= 1:
            raise ValueError(
                "OneCycleLR: pct_start must be above 1 / total_steps, so that the lr has a step to "
                f"rise, got {_number_text(o.pct_start)} with {o.total_steps} steps"
            )

    def at(self, epoch, begin=None):
        if epoch > self.options.total_steps:
            raise ValueError(
                f"OneCycleLR: step {epoch} is past the end of the cycle, total_steps is "
                f"{self.options.total_steps}"
            )
        return super().at(epoch)

    def lr(self, o, epoch, g):
        i = self._part_at(o, epoch)
        first, last, _, _ = self._parts(o)[i]
        return self._anneal(
            o, self._height(o, first, g), self._height(o, last, g), self._done(o, i, epoch)
        )

    def momentum_at(self, o, epoch, g):
        i = self._part_at(o, epoch)
        momenta = {"low": _value_of(o.base_momentum, g), "high": _value_of(o.max_momentum, g)}
        _, _, first, last = self._parts(o)[i]
        return self._anneal(o, momenta[first], momenta[last], self._done(o, i, epoch))

    def _parts(self, o):
        return _THREE_PARTS if o.three_phase else _TWO_PARTS

    def _end_of(self, o, i):
        """The last step of a part."""
        if i == 0:
            return o.pct_start * o.total_steps - 1
        return (
            2 * o.pct_start * o.total_steps - 2 if i == 1 and o.three_phase else o.total_steps - 1
        )

    def _part_at(self, o, step):
        """The part of a step; the last one goes on past its end."""
        last = len(self._parts(o)) - 1
        return next((i for i in range(last) if step <= self._end_of(o, i)), last)

    def _done(self, o, i, step):
        """How much of a part is done at a step."""
        start, end = 0 if i == 0 else self._end_of(o, i - 1), self._end_of(o, i)
        return 1 if end == start else (step - start) / (end - start)

    def _height(self, o, height, g):
        if height == "high":
            return _value_of(o.max_lr, g)
        return self.base_lrs[g] if height == "low" else self.base_lrs[g] / o.final_div_factor

    def _anneal(self, o, first, last, done):
        if o.anneal_strategy == "linear":
            return (last - first) * done + first
        return last + (first - last) / 2 * (math.cos(math.pi * done) + 1)

    def option_state(self):
        """PyTorch keeps what it needs of the options in the parameter groups; here it is in the state."""
        o = self.options
        lr = {"low": "initial_lr", "high": "max_lr", "last": "min_lr"}
        momentum = {"low": "base_momentum", "high": "max_momentum"}
        phases = [
            {
                "end_step": self._end_of(o, i),
                "start_lr": lr[first],
                "end_lr": lr[last],
                "start_momentum": momentum[start],
                "end_momentum": momentum[end],
            }
            for i, (first, last, start, end) in enumerate(self._parts(o))
        ]
        return {
            "total_steps": o.total_steps,
            "_schedule_phases": phases,
            "_anneal_func_type": o.anneal_strategy,
            **self.momentum_state(),
            "max_lrs": self.of_groups("max_lr"),
            **{name: getattr(o, name) for name in _KEPT_OF_ONE_CYCLE},
        }

    def options_in(self, state: _Reader):
        o = self.options
        return {
            "max_lr": _shared(state.get("max_lrs", o.max_lr)),
            "total_steps": state.value("total_steps"),
            "anneal_strategy": state.value("_anneal_func_type"),
            **self.momentum_options_in(state),
            # What PyTorch's states leave out stays what the spec says.
            **{name: state.get(name, getattr(o, name)) for name in _KEPT_OF_ONE_CYCLE},
        }

    def load(self, state):
        super().load(state)
        if self.epoch > self.options.total_steps:
            expected = f"a finite number of at least -1 and of at most {self.options.total_steps}"
            raise ValueError(f"{state.path}.last_epoch {_refusal(expected, self.epoch)}")


_KEPT_OF_ONE_CYCLE = ("pct_start", "div_factor", "final_div_factor", "three_phase")


class _SWALR(_Motion):
    is_relative = True

    def begin(self, lrs):
        return self._anneal(lrs, 0, 0)

    def enter(self, lrs):
        return self.begin(lrs)

    def advance(self, lrs, epoch, metric):
        return self._anneal(lrs, self._share(epoch - 1), epoch)

    def at(self, epoch, begin=None):
        return self._anneal(begin() if begin else self.base_lrs, 0, epoch)

    def has_own_curve(self):
        return True

    def option_state(self):
        # PyTorch keeps the lr to anneal to in the parameter groups; here it is in the state.
        o = self.options
        return {
            "swa_lr": o.swa_lr,
            "anneal_epochs": o.anneal_epochs,
            "_anneal_strategy": o.anneal_strategy,
        }

    def options_in(self, state: _Reader):
        return {
            "swa_lr": state.get("swa_lr", self.options.swa_lr),
            "anneal_epochs": state.value("anneal_epochs"),
            "anneal_strategy": state.value("_anneal_strategy"),
        }

    def _anneal(self, lrs, done, epoch):
        """From lrs on the way, of which `done` lies behind, to those of an epoch."""
        share = self._share(epoch)
        ends = [_value_of(self.options.swa_lr, g) for g in range(len(lrs))]
        starts = [
            end if done == 1 else (lr - done * end) / (1 - done) for lr, end in zip(lrs, ends)
        ]
        return self.moved(
            epoch, [end * share + start * (1 - share) for start, end in zip(starts, ends)]
        )

    def _share(self, epoch):
        """The share of the way that is done at an epoch."""
        o = self.options
        if epoch >= o.anneal_epochs:
            return 1
        done = epoch / o.anneal_epochs
        return (1 - math.cos(math.pi * done)) / 2 if o.anneal_strategy == "cos" else done


# Numbers of epochs that are written as shares of a total ("5%") or in epochs of several steps ("2ep").

_WRITTEN = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(%|ep)")
# How many totals are tried in all, to find those that would do.
_MOST_TOTALS = 1_000_000


@dataclass(frozen=True)
class _Quantity:
    """A number of steps that is a sum of steps, shares and epochs."""

    steps: float = 0
    percent: float = 0
    epochs: float = 0

    def plus(self, other: "_Quantity", sign: int = 1) -> "_Quantity":
        return _Quantity(
            self.steps + sign * other.steps,
            self.percent + sign * other.percent,
            self.epochs + sign * other.epochs,
        )


_NOTHING = _Quantity()


def _quantity_of(value) -> _Quantity | None:
    """A number, or a text such as "5%" or "2ep", as a quantity; nothing of anything else."""
    if isinstance(value, _Quantity):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _Quantity(value)
    written = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if not written:
        return None
    amount = float(written[1])
    return _Quantity(percent=amount) if written[2] == "%" else _Quantity(epochs=amount)


@dataclass
class _Lengths:
    """What shares and epochs are counted by, and where that fails."""

    total: int | None
    steps_per_epoch: int | None
    problems: _Problems
    _totals_left: int = _MOST_TOTALS

    def resolved(self, data):
        """Data with numbers in place of shares and epochs. What is laid end to end stays so."""
        if not isinstance(data, dict) or data.get("type") != "Recipe":
            return self._converted(data, "", _NOTHING, True)
        schedules = data.get("schedules")
        if not isinstance(schedules, list):
            return data
        entries = []
        for i, entry in enumerate(schedules):
            if isinstance(entry, dict) and "schedule" in entry:
                path = _path_to(_path_to_item("schedules", i), "schedule")
                entry = {
                    **entry,
                    "schedule": self._converted(entry["schedule"], path, _NOTHING, True),
                }
            entries.append(entry)
        return {**data, "schedules": entries}

    def _converted(self, data, path, begin, is_first):
        if not isinstance(data, dict):
            return data
        kind = data.get("type")
        entry = _entry_of(kind)
        options = dict(data)
        for option, counted in (entry.counts if entry else {}).items():
            if option not in data:
                continue
            place = _path_to(path, option)
            convert = self._converter(data, counted, begin, is_first and _can_be_warmup(kind))
            value = data[option]
            options[option] = (
                [convert(item, _path_to_item(place, i), i) for i, item in enumerate(value)]
                if isinstance(value, list)
                else convert(value, place, 0)
            )
        if isinstance(data.get("schedulers"), list):
            options["schedulers"] = self._children(data, path, begin, is_first)
        return options

    def _converter(self, data, counted, begin, is_warmup) -> Callable:
        def convert(item, path, i):
            quantity = self._written(item, path)
            if quantity is None:
                return item
            if counted == "start":
                # A phase that starts in the middle of its curve would have begun that earlier.
                begun = _begin_of_phase(data, i, begin).plus(quantity, -1)
                return self._steps_between(begun, quantity)
            if counted == "period":
                return _round(self._exact(quantity))
            if counted == "length":
                self._judge(begin, quantity, path, is_warmup)
            return self._steps_between(begin, quantity)

        return convert

    def _children(self, parent, path, begin, is_first):
        children = []
        for i, child in enumerate(parent["schedulers"]):
            place = _path_to_item(_path_to(path, "schedulers"), i)
            start = _begin_of_phase(parent, i, begin)
            end = _quantity_in(parent, "milestones", i)
            is_first_child = is_first and i == 0
            if end:
                is_warmup = (
                    is_first_child and isinstance(child, dict) and _can_be_warmup(child.get("type"))
                )
                self._judge(start, begin.plus(end).plus(start, -1), place, is_warmup)
            begun = start.plus(_quantity_in(parent, "starts", i) or _NOTHING, -1)
            children.append(self._converted(child, place, begun, is_first_child))
        return children

    def _written(self, value, path) -> _Quantity | None:
        quantity = _quantity_of(value)
        # A number stays what it is, be it none that the option takes.
        if quantity is None or isinstance(value, (int, float)):
            return None
        missing = self._missing(quantity)
        if quantity.percent > 100:
            percent = _number_text(quantity.percent)
            self.problems.add(path, f"must be a share of at most 100%, got {percent}%")
        elif missing:
            self.problems.add(path, f"needs {missing}, got none")
        else:
            return quantity
        return None

    def _judge(self, begin, length, path, is_warmup):
        end = begin.percent + length.percent
        if length.percent == 0 or self._missing(length) or self._missing(begin):
            return
        if end > 100 + 1e-9:
            percent = _number_text(float(f"{end:.12g}"))
            self.problems.add(path, f"must end at 100% of the total, got {percent}%")
            return
        if is_warmup or self._steps_between(begin, length) > 0:
            return
        # What is no share stays where it is.
        start = self._exact(_Quantity(begin.steps, 0, begin.epochs))
        stop = start + self._exact(_Quantity(length.steps, 0, length.epochs))

        def has_none(total):
            return _round(stop + end * total / 100) == _round(start + begin.percent * total / 100)

        least = self.total or 0
        while has_none(least) and self._totals_left > 0:
            least += 1
            self._totals_left -= 1
        would_do = "" if has_none(least) else f"; a total of {least} would do"
        self.problems.add(path, f"has no step of {self.total}{would_do}")

    def _exact(self, quantity: _Quantity) -> float:
        """The steps of a quantity, not rounded yet."""
        steps = quantity.steps
        if quantity.percent != 0:
            steps += math.nan if self.total is None else quantity.percent * self.total / 100
        if quantity.epochs != 0:
            per_epoch = self.steps_per_epoch
            steps += math.nan if per_epoch is None else quantity.epochs * per_epoch
        return steps

    def _missing(self, quantity: _Quantity) -> str | None:
        """The number without which a quantity cannot be told."""
        if quantity.percent != 0 and self.total is None:
            return "total"
        return "steps_per_epoch" if quantity.epochs != 0 and self.steps_per_epoch is None else None

    def _steps_between(self, begin: _Quantity, length: _Quantity) -> float:
        return _round(self._exact(begin.plus(length))) - _round(self._exact(begin))


def _begin_of_phase(sequence: dict, phase: int, begin: _Quantity) -> _Quantity:
    """Where a phase of a sequence that begins at `begin` does so."""
    milestone = _quantity_in(sequence, "milestones", phase - 1) if phase > 0 else None
    return begin.plus(milestone or _NOTHING)


def _quantity_in(options: dict, option: str, index: int) -> _Quantity | None:
    values = options.get(option)
    return _quantity_of(values[index]) if isinstance(values, list) and index < len(values) else None


def _can_be_warmup(kind) -> bool:
    return kind in ("LinearLR", "RampLR")


def _round(steps: float) -> float:
    """The nearest whole number; a half is rounded up."""
    return math.floor(steps + 0.5) if math.isfinite(steps) else steps


# The schedulers whose lr metrics decide.

class _ByMetrics(_Motion):
    takes_metrics = True
    has_closed_form = False
    #: The best metric so far.
    best: float

    def prepare(self):
        if not hasattr(self, "best"):
            self.begin(self.base_lrs)

    def worst(self) -> float:
        return math.inf if self.options.mode == "min" else -math.inf

    def beats_best(self, metric: float) -> bool:
        o = self.options
        if o.threshold_mode == "rel":
            limit = self.best * (1 - o.threshold if o.mode == "min" else o.threshold + 1)
        else:
            limit = self.best - o.threshold if o.mode == "min" else self.best + o.threshold
        return metric < limit if o.mode == "min" else metric > limit

    def metric_given(self, metric: float | None, epoch: int) -> float:
        if metric is None:
            raise ValueError(
                f"{self.kind}: metrics decide the lr after epoch {epoch - 1}, so only a state from "
                "there can resume it"
            )
        return metric

    def of_groups(self, option: str) -> list[float]:
        value = getattr(self.options, option)
        return [_value_of(value, g) for g in range(len(self.base_lrs))]


class _ReduceLROnPlateau(_ByMetrics):
    own_fields = ("best", "cooldown_counter", "num_bad_epochs")

    def begin(self, lrs):
        self.best, self.cooldown_counter, self.num_bad_epochs = self.worst(), 0, 0
        return self.moved(0, list(lrs))

    def advance(self, lrs, epoch, metric):
        metric = self.metric_given(metric, epoch)
        is_better, is_cooling = self.beats_best(metric), self.cooldown_counter > 0
        bad = 0 if is_better or is_cooling else self.num_bad_epochs + 1
        is_reduced = bad > self.options.patience
        self.best = metric if is_better else self.best
        self.num_bad_epochs = 0 if is_reduced else bad
        if is_reduced:
            self.cooldown_counter = self.options.cooldown
        elif is_cooling:
            self.cooldown_counter -= 1
        return self.moved(epoch, self._reduced(lrs) if is_reduced else list(lrs))

    def _reduced(self, lrs):
        o = self.options
        lower = [max(lr * o.factor, low) for lr, low in zip(lrs, self.of_groups("min_lr"))]
        return [new if lr - new > o.eps else lr for lr, new in zip(lrs, lower)]

    def option_state(self):
        options = dict(vars(self.options))
        min_lr = options.pop("min_lr")
        return {
            **options,
            "default_min_lr": None if isinstance(min_lr, list) else min_lr,
            "min_lrs": self.of_groups("min_lr"),
            "mode_worse": self.worst(),
        }

    def options_in(self, state: _Reader):
        names = [name for name in _CATALOGUE[self.kind].fields if name != "min_lr"]
        default = state.get("default_min_lr", None)
        min_lr = _shared(state.value("min_lrs")) if default is None else default
        return {**{name: state.value(name) for name in names}, "min_lr": min_lr}


class _GreedyLR(_ByMetrics):
    own_fields = (
        "best",
        "num_good_epochs",
        "num_bad_epochs",
        "cooldown_counter",
        "warmup_counter",
    )

    def begin(self, lrs):
        self._begin_anew()
        return self.moved(0, list(lrs))

    def advance(self, lrs, epoch, metric):
        metric = self.metric_given(metric, epoch)
        o = self.options
        good, bad = self.num_good_epochs, self.num_bad_epochs
        self.num_good_epochs = self.num_bad_epochs = 0
        is_idle = self.cooldown_counter > 0 or self.warmup_counter > 0
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
        elif self.warmup_counter > 0:
            self.warmup_counter -= 1
        if o.smooth:
            self._average(metric)
        if is_idle:
            return self.moved(epoch, list(lrs))
        judged = self._sum / len(self._window) if o.smooth else metric
        if self.beats_best(judged):
            self.best = judged
            self.num_good_epochs = good + 1
        else:
            self.num_bad_epochs = bad + 1
        if self.num_good_epochs > o.patience:
            lrs = self._raised(lrs)
            self.num_good_epochs = 0
            self.warmup_counter = o.warmup
        elif self.num_bad_epochs > o.patience:
            lrs = self._lowered(lrs)
            self.num_bad_epochs = 0
            self.cooldown_counter = o.cooldown
        return self.moved(epoch, list(lrs))

    def _average(self, metric):
        """Takes a metric into the running sum, which is rounded at every step as `transformers` does."""
        self._sum += metric
        if len(self._window) == self.options.window_size:
            self._sum -= self._window[0]
            self._window = self._window[1:]
        self._window = [*self._window, metric]

    def _raised(self, lrs):
        o = self.options
        higher = [min(lr / o.factor, high) for lr, high in zip(lrs, self.of_groups("max_lr"))]
        self._resets_in = o.reset_start
        return [new if new - lr > o.eps else lr for lr, new in zip(lrs, higher)]

    def _lowered(self, lrs):
        o = self.options
        lows = self.of_groups("min_lr")
        lower = [max(lr * o.factor, low) for lr, low in zip(lrs, lows)]
        lrs = [new if lr - new > o.eps else lr for lr, new in zip(lrs, lower)]
        if any(lr > low for lr, low in zip(lrs, lows)):
            return lrs
        self._resets_in -= 1
        if self._resets_in > 0:
            return lrs
        self._begin_anew()
        return list(self.base_lrs)

    def _begin_anew(self):
        self.best = self.worst()
        self.num_good_epochs = self.num_bad_epochs = 0
        self.cooldown_counter = self.warmup_counter = 0
        self._resets_in = self.options.reset_start
        self._window, self._sum = [], 0.0

    def option_state(self):
        options = dict(vars(self.options))
        for name in ("min_lr", "max_lr", "reset_start"):
            del options[name]
        average = {"window_size": options["window_size"], "values": self._window, "sum": self._sum}
        return {
            **options,
            "min_lrs": self.of_groups("min_lr"),
            "max_lrs": self.of_groups("max_lr"),
            "reset_start": self._resets_in,
            "reset_start_original": self.options.reset_start,
            **({"_streaming_avg": average} if self.options.smooth else {}),
            "_init_lrs": list(self.base_lrs),
            "verbose": False,
        }

    def options_in(self, state: _Reader):
        other = {
            "min_lr": _shared(state.value("min_lrs")),
            "max_lr": _shared(state.value("max_lrs")),
            "reset_start": state.value("reset_start_original"),
        }
        names = [name for name in _CATALOGUE[self.kind].fields if name not in other]
        return {**{name: state.value(name) for name in names}, **other}

    def load(self, state: _Reader):
        super().load(state)
        self.base_lrs = state.numbers("_init_lrs", len(self.ground.base_lrs), 0)
        self._resets_in = state.whole("reset_start", 0)
        self._window, self._sum = [], 0.0
        if self.options.smooth:
            average = _Reader(f"{state.path}._streaming_avg", state.value("_streaming_avg"))
            values = average.value("values")
            if not isinstance(values, list) or len(values) > self.options.window_size:
                wanted = f"a list of at most {self.options.window_size} numbers"
                raise ValueError(f"{average.path}.values must be {wanted}")
            self._window = [average.number("values", value) for value in values]
            self._sum = average.number("sum")


# Reads specs that a person typed: the short form, or JSON.

# How long a text may be, in characters, and how many brackets may stand inside each other.
_LONGEST_SPEC = 4_000_000
_DEEPEST_BRACKETS = 64
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_QUANTITY = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:%|ep\b)", re.ASCII)
_ENTRY = re.compile(r"\s*[A-Za-z_]\w*\s*[=\[]", re.ASCII)
_CONSTANTS = {"true": True, "false": False, "null": None}
_CHILD = re.compile(r"schedulers\[(\d+)\]\.?(.*)", re.DOTALL)


@dataclass(frozen=True)
class _Syntax:
    """What a text may hold between its pieces, and which values."""

    space: re.Pattern
    number: re.Pattern
    has_bare_words: bool


_SHORT_FORM = _Syntax(
    re.compile(r"\s*"), re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII), True
)
_JSON_TEXT = _Syntax(
    re.compile(r"[ \t\r\n]*"),
    re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII),
    False,
)


class _TextReader:
    """Reads a text piece by piece; what it cannot read it refuses, pointing at the character."""

    def __init__(self, text: str, syntax: _Syntax):
        self.text = text
        self.syntax = syntax
        self.position = 1 if text.startswith("\ufeff") else 0
        self._depth = 0
        self._move(0)

    @property
    def is_at_end(self) -> bool:
        return self.position == len(self.text)

    def fail(self, message: str, position: int | None = None) -> NoReturn:
        raise SpecSyntaxError(message, self.text, self.position if position is None else position)

    def expected(self, wanted: str) -> NoReturn:
        """Refuses what stands here."""
        found = "the end" if self.is_at_end else _show(self.text[self.position])
        self.fail(f"expected {wanted}, got {found}")

    def sees(self, symbol: str) -> bool:
        return self.text.startswith(symbol, self.position)

    def takes(self, symbol: str) -> bool:
        """Whether `symbol` comes next; if so, it is read."""
        is_next = self.sees(symbol)
        if is_next:
            self._move(len(symbol))
        return is_next

    def take(self, symbol: str, wanted: str | None = None) -> None:
        if not self.takes(symbol):
            self.expected(wanted or _show(symbol))

    def word(self) -> str | None:
        return self._match(_WORD)

    def number(self) -> float | None:
        digits = self._match(self.syntax.number)
        return None if digits is None else _number_in(digits)

    def quantity(self) -> str | float | None:
        """A number with a unit at it, such as `5%` or `2ep`, or one without."""
        written = self._match(_QUANTITY) if self.syntax.has_bare_words else None
        return written if written else self.number()

    def value(self):
        """A value as in JSON."""
        if self.sees('"'):
            return self._string()
        if self.sees("["):
            return self.items("[", "]", self.value)
        if self.sees("{"):
            return dict(self.items("{", "}", self._entry))
        start = self.position
        word = self.word()
        if word is None:
            quantity = self.quantity()
            return self.expected("a value") if quantity is None else quantity
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if self.syntax.has_bare_words:
            return word
        return self.fail("expected a value; a string needs quotes", start)

    def items(self, opening: str, closing: str, item) -> list:
        """What stands between two brackets, separated by commas."""

        def read():
            items = []
            self.take(opening)
            if self.takes(closing):
                return items
            items.append(item())
            while self.takes(","):
                items.append(item())
            self.take(closing, f'"," or {_show(closing)}')
            return items

        return self.nested(read)

    def nested(self, read):
        """Runs `read` one level further in."""
        if self._depth == _DEEPEST_BRACKETS:
            self.fail("too many brackets inside each other")
        self._depth += 1
        result = read()
        self._depth -= 1
        return result

    def _entry(self):
        if not self.sees('"'):
            self.expected("a name in quotes")
        key = self._string()
        self.take(":")
        return key, self.value()

    def _string(self) -> str:
        start, end = self.position, self.position + 1
        while end < len(self.text) and self.text[end] != '"':
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            self.fail("this string has no end", start)
        try:
            string = json.loads(self.text[start : end + 1])
        except ValueError:
            self.fail("this string has an escape or a character that JSON does not allow", start)
        self._move(end + 1 - start)
        return string

    def _match(self, pattern: re.Pattern) -> str | None:
        found = pattern.match(self.text, self.position)
        if not found:
            return None
        self._move(len(found[0]))
        return found[0]

    def _move(self, length: int) -> None:
        self.position += length
        space = self.syntax.space.match(self.text, self.position)
        self.position = space.end() if space else self.position


def _number_in(digits: str) -> float:
    is_short = len(digits) < 17 and re.fullmatch(r"[-+]?\d+", digits)
    return int(digits) if is_short else float(digits)


@dataclass(frozen=True)
class _Start:
    """The local epoch at which a phase begins, and where that stands."""

    epoch: float | str
    quantity: _Quantity
    position: int


@dataclass(frozen=True)
class _Part:
    """A part of the short form: its spec, and where in the text everything stands."""

    spec: dict
    position: int
    #: Where an option's name and its value stand.
    options: dict[str, tuple[int, int]] = field(default_factory=dict)
    children: tuple["_Part", ...] = ()
    #: The length of its curve, up to which it is in force if another part follows.
    length: _Quantity | None = None
    #: Where on its curve it begins, if not at its epoch 0.
    start: _Start | None = None
    #: Where a length stands that means nothing unless another part follows.
    idle: int | None = None


def _read_text(text: str):
    """A spec that has yet to be judged, and a function that tells where in the text a path stands."""
    if len(text) > _LONGEST_SPEC:
        raise ValueError(
            f"from_spec: spec must have at most {_LONGEST_SPEC} characters, got {len(text)}"
        )
    reader = _TextReader(text, _SHORT_FORM)
    if reader.sees("{"):
        reader = _TextReader(text, _JSON_TEXT)
        spec = reader.value()
        if not reader.is_at_end:
            reader.expected("the end")
        return spec, None
    if _ENTRY.match(text, reader.position):
        return _read_recipe(reader)
    part = _read_schedule(reader)
    if not reader.is_at_end:
        reader.expected('">", "+" or the end')
    return part.spec, lambda path: _position_of(part, path)


def _read_schedule(reader: _TextReader) -> _Part:
    """A whole schedule, which has nothing around it."""
    part = _read_phases(reader)
    if part.idle is not None:
        reader.fail("this length means nothing here, as no phase follows", part.idle)
    if part.start:
        reader.fail("only a phase of a sequence has a start", part.start.position)
    return part


def _read_recipe(reader: _TextReader):
    entries = [_read_entry(reader)]
    while reader.takes(";") and not reader.is_at_end:
        entries.append(_read_entry(reader))
    if not reader.is_at_end:
        reader.expected('">", "+", ";" or the end')

    def position_of(path):
        found = re.fullmatch(r"schedules\[(\d+)\]\.?(.*)", path, re.DOTALL)
        i, rest = (int(found[1]), found[2]) if found else (0, "")
        _, part, position = entries[i]
        inside = re.fullmatch(r"schedule\.?(.*)", rest, re.DOTALL)
        return _position_of(part, inside[1]) if inside else position

    return {"type": "Recipe", "schedules": [entry for entry, _, _ in entries]}, position_of


def _read_entry(reader: _TextReader):
    position = reader.position
    option = reader.word() or reader.expected("an option, as in lr = cosine:90")
    groups = reader.items("[", "]", lambda: _read_group(reader)) if reader.sees("[") else None
    reader.take("=")
    part = _read_schedule(reader)
    entry: dict = {"schedule": part.spec}
    if groups is not None:
        entry = {"groups": groups, **entry}
    if option != "lr":
        entry = {"option": option, **entry}
    return entry, part, position


def _read_group(reader: _TextReader) -> float | str:
    """A bare number is an index; any word is a name, true and null as well."""
    position = reader.position
    word = reader.word()
    if word is not None:
        return word
    group = reader.value()
    if isinstance(group, (str, int, float)) and not isinstance(group, bool):
        return group
    return reader.fail("a group must be a name or a number", position)


def _read_phases(reader: _TextReader) -> _Part:
    parts = _read_separated(reader, ">", _read_chain)
    if len(parts) == 1:
        return parts[0]
    end, milestones = _NOTHING, []
    for part in parts[:-1]:
        if part.length is None:
            reader.fail('a phase before ">" needs a length, as in linear:10', part.position)
        rest = part.length.plus(_start_of(part), -1)
        if rest.percent == 0 and rest.epochs == 0 and rest.steps < 0:
            steps = _number_text(part.length.steps)
            position = part.start.position if part.start else None
            reader.fail(f"a phase of length {steps} must begin before its end", position)
        end = end.plus(rest)
        milestones.append(end.steps if end.percent == 0 and end.epochs == 0 else end)
    last = parts[-1]
    spec = {
        "type": "SequentialLR",
        "schedulers": [part.spec for part in parts],
        "milestones": milestones,
    }
    first_start = next((part.start for part in parts if part.start), None)
    if first_start:
        spec["starts"] = [part.start.epoch if part.start else 0 for part in parts]
    starts_at = first_start.position if first_start else last.position
    return _Part(
        spec,
        parts[0].position,
        {"milestones": (last.position,) * 2, "starts": (starts_at,) * 2},
        tuple(parts),
        None if last.length is None else end.plus(last.length.plus(_start_of(last), -1)),
        idle=last.idle,
    )


def _start_of(part: _Part) -> _Quantity:
    return part.start.quantity if part.start else _NOTHING


def _read_chain(reader: _TextReader) -> _Part:
    parts = _read_separated(reader, "+", _read_member)
    if len(parts) == 1:
        return parts[0]
    for part in parts:
        if part.start:
            reader.fail("a member of a chain has no start of its own", part.start.position)
    lengths = [part.length for part in parts if part.length is not None]
    return _Part(
        {"type": "ChainedScheduler", "schedulers": [part.spec for part in parts]},
        parts[0].position,
        children=tuple(parts),
        # Shares are longer than epochs, and these than steps.
        length=max(lengths, key=lambda x: (x.percent, x.epochs, x.steps)) if lengths else None,
        idle=next((part.idle for part in parts if part.idle is not None), None),
    )


def _read_separated(reader: _TextReader, symbol: str, read) -> list[_Part]:
    parts = [read(reader)]
    while reader.takes(symbol):
        parts.append(read(reader))
    return parts


def _read_member(reader: _TextReader) -> _Part:
    return _read_parentheses(reader) if reader.sees("(") else _read_scheduler(reader)


def _read_parentheses(reader: _TextReader) -> _Part:
    def read():
        reader.take("(")
        part = _read_phases(reader)
        reader.take(")", '">", "+" or ")"')
        return part

    inside = reader.nested(read)
    given = _read_length(reader)
    start = _read_start(reader)
    if start and inside.start:
        reader.fail("this phase has another start", start.position)
    whole = replace(inside, start=start) if start else inside
    if not given:
        return whole
    if inside.idle is not None:
        reader.fail("this length means nothing, as the parentheses have another", inside.idle)
    return replace(whole, length=given.quantity, idle=given.position)


def _read_scheduler(reader: _TextReader) -> _Part:
    position = reader.position
    name = reader.word() or reader.expected("a scheduler, such as linear:10")
    kind = _TYPES_BY_SHORT_NAME.get(name, name)
    entry = _entry_of(kind)
    if entry is None:
        near = _suggestion(name, _short_form_names())
        reader.fail(f"no scheduler is called {_show(name)}; {near}", position)
    given = _read_length(reader)
    start = _read_start(reader)
    options: dict[str, tuple[int, int]] = {}
    values = (
        reader.items("(", ")", lambda: _read_option(reader, options)) if reader.sees("(") else []
    )
    own = entry.length_option if entry.length_option not in options else None
    if own is not None and given:
        values = [(own, given.epoch), *values]
        options[own] = (given.position, given.position)
    if own is not None and not given and entry.fields[own].default is _MISSING:
        reader.fail(f"{name} needs a length, as in {name}:10", position)
    return _Part(
        {"type": kind, **dict(values)},
        position,
        options,
        length=given.quantity if given else None,
        start=start,
        idle=given.position if given and own is None else None,
    )


def _read_length(reader: _TextReader) -> _Start | None:
    return _read_steps(reader, "a length", "a length") if reader.takes(":") else None


def _read_start(reader: _TextReader) -> _Start | None:
    return (
        _read_steps(reader, "a start", "a start, as in cosine:90@10") if reader.takes("@") else None
    )


def _read_steps(reader: _TextReader, what: str, wanted: str) -> _Start:
    """A number of steps as it is written, as a quantity, and where it stands."""
    position = reader.position
    written = reader.quantity()
    if written is None:
        reader.expected(wanted)
    quantity = _quantity_of(written)
    if quantity is None or not _is_whole(quantity.steps) or quantity.steps < 0:
        shown = written if isinstance(written, str) else _number_text(written)
        reader.fail(f"{what} must be a whole number of at least 0, got {shown}", position)
    return _Start(written, quantity, position)


def _read_option(reader: _TextReader, options: dict[str, tuple[int, int]]):
    name = reader.position
    option = reader.word() or reader.expected("an option, as in gamma=0.5")
    if option == "type":
        reader.fail("type is no option: it is what stands in front", name)
    if option in options:
        reader.fail(f"{_show_name(option)} is given twice", name)
    reader.take("=")
    options[option] = (name, reader.position)
    return option, reader.value()


def _position_of(part: _Part, path: str) -> int:
    """Where in the text stands what a path speaks of."""
    child = _CHILD.fullmatch(path)
    if child and part.children:
        return _position_of(part.children[int(child[1])], child[2])
    name = re.split(r"[.\[]", path, maxsplit=1)[0]
    # A path shows of a long name no more than its beginning.
    option = next((option for option in part.options if _show_name(option) == name), None)
    if option is None:
        return part.position
    entry = _entry_of(part.spec["type"])
    at_name, at_value = part.options[option]
    return at_value if entry and option in entry.fields else at_name


# The schedules of Hugging Face's `transformers`, which is not needed for them.

class _ConstantSchedule(_Outright):
    def lr(self, o, epoch, g):
        return self.base_lrs[g]

    def option_state(self):
        return {"lr_lambdas": [None for _ in self.base_lrs]}


class _Warmup(_Outright):
    """A linear warm-up from 0, and then whatever the class says."""

    def lr(self, o, epoch, g):
        base_lr = self.base_lrs[g]
        if epoch >= o.num_warmup_steps:
            return self.after(o, epoch, base_lr)
        return self.rise(o, epoch, base_lr)

    def rise(self, o, step: int, base_lr: float) -> float:
        return base_lr * (step / o.num_warmup_steps)

    def after(self, o, step: int, base_lr: float) -> float:
        """The lr from the end of the warm-up on."""
        return base_lr

    def option_state(self):
        return {**super().option_state(), "lr_lambdas": [None for _ in self.base_lrs]}

    def options_in(self, state):
        # A state from Python holds no options: they stay what the spec says.
        return {name: state.get(name, value) for name, value in vars(self.options).items()}


class _ConstantScheduleWithWarmup(_Warmup):
    pass


class _LinearScheduleWithWarmup(_Warmup):
    def after(self, o, step, base_lr):
        left = (o.num_training_steps - step) / max(1, o.num_training_steps - o.num_warmup_steps)
        return base_lr * max(0, left)


class _CosineScheduleWithWarmup(_Warmup):
    def after(self, o, step, base_lr):
        return base_lr * _wave(o.num_cycles, _done(o, step))


class _CosineWithHardRestartsScheduleWithWarmup(_Warmup):
    def after(self, o, step, base_lr):
        done = _done(o, step)
        if done >= 1:
            return 0.0
        return base_lr * 0.5 * (1 + math.cos(math.pi * (o.num_cycles * done % 1)))


class _WithLowestLR(_Warmup):
    def prepare(self):
        o = self.options
        if (o.min_lr is None) == (o.min_lr_rate is None):
            got = "neither" if o.min_lr is None else "both"
            raise ValueError(f"{self.kind}: min_lr must be given, or min_lr_rate, got {got}")

    def lowest(self, o, base_lr):
        return base_lr * (o.min_lr_rate or 0) if o.min_lr is None else o.min_lr


class _CosineWithMinLRScheduleWithWarmup(_WithLowestLR):
    def after(self, o, step, base_lr):
        lowest = self.lowest(o, base_lr)
        return lowest + (base_lr - lowest) * _wave(o.num_cycles, _done(o, step))


class _CosineWithMinLRScheduleWithWarmupLRRate(_WithLowestLR):
    def rise(self, o, step, base_lr):
        start = o.warmup_lr_rate
        if start is None:
            return base_lr * (step + 1) / o.num_warmup_steps
        return base_lr * (start + (1 - start) * step / max(1, o.num_warmup_steps - 1))

    def after(self, o, step, base_lr):
        lowest = self.lowest(o, base_lr)
        done = (step - o.num_warmup_steps + 1) / max(1, o.num_training_steps - o.num_warmup_steps)
        return lowest + (base_lr - lowest) * _wave(o.num_cycles, done)


class _PolynomialDecayScheduleWithWarmup(_Warmup):
    def prepare(self):
        for base_lr in self.base_lrs:
            if self.options.lr_end >= base_lr:
                raise ValueError(
                    "PolynomialDecayScheduleWithWarmup: lr_end must be below the lr of every parameter "
                    f"group, got {_number_text(self.options.lr_end)} with an lr of "
                    f"{_number_text(base_lr)}"
                )

    def after(self, o, step, base_lr):
        if step >= o.num_training_steps:
            return o.lr_end
        left = 1 - (step - o.num_warmup_steps) / (o.num_training_steps - o.num_warmup_steps)
        return (base_lr - o.lr_end) * _power(left, o.power) + o.lr_end


class _InverseSqrtSchedule(_Warmup):
    def prepare(self):
        o = self.options
        if o.timescale is None:
            o.timescale = o.num_warmup_steps or 10_000

    def after(self, o, step, base_lr):
        shift = o.timescale - o.num_warmup_steps
        return base_lr * (1 / math.sqrt((step + shift) / o.timescale))


class _WSDSchedule(_Warmup):
    def prepare(self):
        o = self.options
        if o.num_training_steps is None and o.num_stable_steps is None:
            raise TypeError(
                "WSDSchedule: num_training_steps must be given, or num_stable_steps, got neither"
            )
        if o.num_stable_steps is None:
            o.num_stable_steps = o.num_training_steps - o.num_warmup_steps - o.num_decay_steps
        if o.num_stable_steps < 0:
            raise ValueError(
                "WSDSchedule: num_training_steps must be at least num_warmup_steps + num_decay_steps, "
                f"got {o.num_training_steps}"
            )

    def rise(self, o, step, base_lr):
        return self._lr(o, self._rise(o.warmup_type, step / o.num_warmup_steps), base_lr)

    def after(self, o, step, base_lr):
        decayed = step - o.num_warmup_steps - o.num_stable_steps
        if decayed < 0:
            return base_lr
        height = 0 if decayed >= o.num_decay_steps else self._fall(o, decayed / o.num_decay_steps)
        return self._lr(o, height, base_lr)

    def _rise(self, shape, done):
        if shape == "cosine":
            return 0.5 * (1 - math.cos(math.pi * done))
        return done if shape == "linear" else 1 - math.sqrt(1 - done)

    def _fall(self, o, done):
        if o.decay_type == "cosine":
            return _wave(o.num_cycles, done)
        return 1 - done if o.decay_type == "linear" else 1 - math.sqrt(done)

    def _lr(self, o, height, base_lr):
        return base_lr * (height * (1 - o.min_lr_ratio) + o.min_lr_ratio)


def _wave(num_cycles: float, done: float) -> float:
    """From 1 down to 0 and up again, `num_cycles` times as `done` goes from 0 to 1."""
    return 0.5 * (1 + math.cos(math.pi * num_cycles * 2 * done))


def _done(o, step: int) -> float:
    """How much of the way from the warm-up to the end of training is done, beyond 1 after it."""
    return (step - o.num_warmup_steps) / max(1, o.num_training_steps - o.num_warmup_steps)


# Judges specs that may come from anywhere, and builds what moves from them.

_MOTIONS: dict[str, type[_Motion]] = {
    motion.__name__[1:]: motion
    for motion in (
        _ChainedScheduler,
        _ConstantLR,
        _ConstantSchedule,
        _ConstantScheduleWithWarmup,
        _CosineAnnealingLR,
        _CosineAnnealingWarmRestarts,
        _CosineScheduleWithWarmup,
        _CosineWithHardRestartsScheduleWithWarmup,
        _CosineWithMinLRScheduleWithWarmup,
        _CosineWithMinLRScheduleWithWarmupLRRate,
        _CyclicLR,
        _ExponentialLR,
        _GreedyLR,
        _InverseSqrtSchedule,
        _KeyframesLR,
        _LinearLR,
        _LinearScheduleWithWarmup,
        _MultiStepLR,
        _OneCycleLR,
        _PolynomialDecayScheduleWithWarmup,
        _PolynomialLR,
        _RampLR,
        _ReduceLROnPlateau,
        _SequentialLR,
        _StepLR,
        _SWALR,
        _WSDSchedule,
    )
}
# What a spec may hold in all; a scheduler inside another is two levels further down.
_DEEPEST = 64
_MOST_KEYS = 1000
_MOST_OBJECTS = 10_000
_MOST_VALUES = 250_000
_MOST_CHARACTERS = 1_000_000
_MOST_LRS = 100_000
_MOST_SCHEDULES = 1000
_FORBIDDEN = ("__proto__", "constructor", "prototype")


class _PlainData:
    """Copies data that may come from anywhere: of bounded depth and size, with nothing but JSON in it."""

    def __init__(self, problems: _Problems):
        self.problems = problems
        self._above: list[int] = []
        self._objects = self._values = self._characters = 0
        self._is_too_large = False

    def of(self, value, path: str = ""):
        if self._is_too_large or self.problems.are_too_many:
            return None
        if callable(value):
            return self.problems.add(path, "is a function, which cannot be written down")
        if isinstance(value, (dict, list, tuple)):
            return self._of_object(value, path)
        if isinstance(value, str):
            self._count_characters(value)
        if value is None or isinstance(value, (str, bool)) or _is_number(value):
            return value
        shown = _number_text(value) if isinstance(value, float) else "an object"
        return self.problems.add(path, f"must be what JSON can hold, got {shown}")

    def _of_object(self, value, path):
        if id(value) in self._above:
            return self.problems.add(path, "contains itself")
        if len(self._above) == _DEEPEST:
            return self.problems.add(path, "is nested too deeply")
        self._objects += 1
        self._limit(self._objects, _MOST_OBJECTS, "objects and lists")
        self._values += len(value)
        if not self._limit(self._values, _MOST_VALUES, "values"):
            return None
        self._above.append(id(value))
        if isinstance(value, dict):
            copied = self._of_entries(value, path)
        else:
            copied = [self.of(item, _path_to_item(path, i)) for i, item in enumerate(value)]
        self._above.pop()
        return None if self._is_too_large else copied

    def _of_entries(self, value, path):
        if len(value) > _MOST_KEYS:
            return self.problems.add(path, f"must have at most {_MOST_KEYS} keys, got {len(value)}")
        copied = {}
        for key, item in value.items():
            if not isinstance(key, str):
                self.problems.add(path, f"must have names as keys, got {_clean(repr(key))}")
                continue
            self._count_characters(key)
            if key in _FORBIDDEN:
                self.problems.add(_path_to(path, key), "is not an option")
            else:
                copied[key] = self.of(item, _path_to(path, key))
        return copied

    def _count_characters(self, text):
        self._characters += len(text)
        self._limit(self._characters, _MOST_CHARACTERS, "characters")

    def _limit(self, count, most, things) -> bool:
        if count <= most:
            return True
        self._is_too_large = True
        self.problems.add("", f"must hold at most {most} {things}")
        return False


def _read_spec(spec, total, steps_per_epoch, ground_of) -> dict:
    """A copy of a spec, known to be sound for an optimizer.

    `ground_of` gives the ground of an entry of a recipe, or of the whole optimizer.
    """
    for name, value in (("total", total), ("steps_per_epoch", steps_per_epoch)):
        if value is not None and not (_is_whole(value) and value >= 1):
            expected = "a whole number of at least 1"
            raise ValueError(f"from_spec: {name} {_refusal(expected, value)}")
    position_of, text = None, ""
    problems = _Problems()
    lengths = _Lengths(total, steps_per_epoch, problems)
    if isinstance(spec, str):
        text = spec
        spec, position_of = _read_text(text)
    if position_of is None:
        spec = _PlainData(problems).of(spec)
    data = lengths.resolved(spec)
    if position_of is not None and len(problems) > 0:
        raise problems.error()
    if position_of is not None:
        data = _PlainData(problems).of(data)
    if isinstance(data, dict) and isinstance(data.get("$schema"), str):
        data = {key: value for key, value in data.items() if key != "$schema"}
    if _is_recipe(data):
        _judge_recipe(data, ground_of, problems)
    else:
        ground = ground_of({}, "", problems)
        if _are_few(len(ground.base_lrs), [data], "", problems):
            _build(data, ground, problems, "")
    if len(problems) > 0:
        error = problems.error()
        if position_of is None:
            raise error
        path, message = error.problems[0]
        raise SpecSyntaxError(f"{path}: {message}", text, position_of(path))
    return data


def _is_recipe(data) -> bool:
    return isinstance(data, dict) and data.get("type") == "Recipe"


def _motion_of(data: dict, ground: _Ground) -> _Motion:
    """What moves as a sound spec says."""
    problems = _Problems()
    motion = _build(data, ground, problems, "")
    if motion is None:
        raise problems.error()
    return motion


def _judge_recipe(data, ground_of, problems):
    for key in data:
        if key not in ("type", "schedules"):
            problems.add(_path_to("", key), "is not an option; the options are: schedules")
    entries = data.get("schedules")
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST_SCHEDULES:
        wanted = f"a list of 1 to {_MOST_SCHEDULES} schedules"
        problems.add(
            "schedules", _refusal(wanted, entries) if "schedules" in data else _missing(wanted)
        )
        return
    trees = [entry.get("schedule") if isinstance(entry, dict) else None for entry in entries]
    groups = len(ground_of({}, "", _Problems()).base_lrs)
    if not _are_few(groups, trees, "schedules", problems):
        return
    for i, entry in enumerate(entries):
        path = _path_to_item("schedules", i)
        if not isinstance(entry, dict):
            problems.add(path, _refusal("an object with a schedule", entry))
            continue
        for key in entry:
            if key not in ("option", "groups", "schedule"):
                problems.add(
                    _path_to(path, key),
                    "is not an option; the options are: option, groups, schedule",
                )
        ground = ground_of(entry, path, problems)
        _build(entry.get("schedule", _MISSING), ground, problems, _path_to(path, "schedule"))


def _missing(expected: str) -> str:
    return f"must be {expected}, got undefined"


def _are_few(groups: int, data: list, path: str, problems: _Problems) -> bool:
    schedulers = sum(_count_schedulers(each) for each in data)
    if groups * schedulers <= _MOST_LRS:
        return True
    numbers = f"{schedulers} schedulers for {groups} parameter groups"
    problems.add(path, f"must have at most {_MOST_LRS} learning rates, got {numbers}")
    return False


def _count_schedulers(data) -> int:
    children = data.get("schedulers") if isinstance(data, dict) else None
    return 1 + sum(map(_count_schedulers, children)) if isinstance(children, list) else 1


def _build(data, ground: _Ground, problems: _Problems, path: str) -> _Motion | None:
    """Builds one of the schedulers, those inside it first; notes all that is wrong."""
    if problems.are_too_many:
        return None
    if not isinstance(data, dict):
        wanted = "an object with a type"
        problems.add(path, _missing(wanted) if data is _MISSING else _refusal(wanted, data))
        return None
    options = {key: value for key, value in data.items() if key != "type"}
    children = options.get("schedulers")
    built = []
    if isinstance(children, list):
        for i, child in enumerate(children):
            place = _path_to_item(_path_to(path, "schedulers"), i)
            motion = _build(child, ground, problems, place)
            # In place of a child that is wrong, so that the rest can be judged.
            built.append(motion or _ConstantLR("ConstantLR", {"factor": 1}, ground))
    kind = data.get("type", _MISSING)
    entry = _entry_of(kind)
    if entry is None:
        wanted = "the name of a scheduler"
        sentence = (
            f"must be {wanted}, but is missing" if kind is _MISSING else _refusal(wanted, kind)
        )
        problems.add(_path_to(path, "type"), f"{sentence}; {_suggestion(kind)}")
        return None
    wrong = _wrong_options(entry, options, len(ground.base_lrs))
    for option, message in wrong:
        problems.add(_path_to(path, option), message)
    is_refused = any(
        problems.has(_path_to(path, option)) for option in options if option != "schedulers"
    )
    if is_refused or wrong:
        return None
    return _construct(kind, options, ground, tuple(built), problems, path)


def _wrong_options(entry, options, groups) -> list[tuple[str, str]]:
    names = ", ".join(entry.fields) or "none"
    wrong = [
        (
            option,
            (
                "belongs to the state, not to a spec"
                if option == "last_epoch"
                else f"is not an option; the options are: {names}"
            ),
        )
        for option in options
        if option not in entry.fields
    ]
    for option, field in entry.fields.items():
        value = options.get(option, field.default)
        if value is _MISSING:
            wrong.append((option, f"must be {field.expected}, but is missing"))
        elif not field.valid(value, groups):
            wrong.append((option, _refusal(field.expected, value)))
    return wrong


def _construct(kind, options, ground, children, problems, path) -> _Motion | None:
    """What moves has the last word: it knows which options contradict each other."""
    try:
        motion = _MOTIONS[kind](kind, options, ground, children)
        _check_lrs(kind, motion.begin(motion.base_lrs if children else ground.base_lrs))
        return motion
    except (TypeError, ValueError) as error:
        message = str(error).replace(f"{kind}: ", "", 1)
        found = re.match(r"(\w+)(\[\d+\])? ", message)
        if found and found[1] in _CATALOGUE[kind].fields:
            place = _path_to(path, found[1]) + (found[2] or "")
            problems.add(place, message[len(found[0]) :])
        else:
            problems.add(path, message)
        return None


def _check_lrs(name: str, lrs: list[float]) -> None:
    for g, lr in enumerate(lrs):
        if not _is_number(lr):
            raise ValueError(f"{name}: lr of parameter group {g} {_refusal('a finite number', lr)}")


# Schedulers for PyTorch that move by torch-optim's laws.

class SpecLR(LRScheduler):
    """The schedule of a spec by torch-optim's laws, where PyTorch's own classes go another way.

    `from_spec` builds it; nothing else needs to. A step is computed whole and then written once: one that
    is refused has changed nothing. Its `state_dict` has the keys of torch-optim's in TypeScript.

    >>> weight = torch.nn.Parameter(torch.zeros(1))
    >>> optimizer = torch.optim.SGD([weight], lr=1.0)
    >>> scheduler = from_spec(optimizer, "constant:2(factor=0.1) > (step(step_size=2) + exp(gamma=0.5))")
    >>> type(scheduler).__name__, scheduler.get_last_lr()
    ('SpecLR', [0.1])
    >>> scheduler.lr_at(4)
    [0.025]
    """

    # PyTorch's constructor is left out: it counts the optimizer's steps and takes the first step itself.
    def __init__(
        self,
        optimizer: Optimizer,
        spec: dict,
        last_epoch: int = -1,
        *,
        selection: _Selection | None = None,
    ):
        self._name = spec["type"]
        _check_last_epoch(self._name, last_epoch)
        self.optimizer = optimizer
        self._selection = selection or _Selection(optimizer)
        self._selection.check_base(self._name)
        motion = _motion_of(spec, self._selection.ground())
        if last_epoch >= 0 or selection or motion.children:
            _plan(motion, last_epoch + 1)
        else:
            # Alone, it goes on from what is in force.
            motion.begin(self._selection.read())
        self._selection.check_next(self._name, motion.lrs, motion.epoch)
        self._write(motion, 0)

    @property
    def last_epoch(self) -> int:
        """The epoch in force: the number of steps since epoch 0."""
        return self._motion.epoch

    @property
    def base_lrs(self) -> list[float]:
        """The base lr of every group."""
        return list(self._motion.base_lrs)

    @property
    def takes_metrics(self) -> bool:
        """Whether `step` ever takes a metric."""
        return self._motion.takes_metrics

    def step(self, metrics: float | None = None) -> None:
        """Moves to the next epoch; if it cannot, nothing has changed.

        Args:
            metrics: Where a `ReduceLROnPlateau` or a `GreedyLR` in force judges it, the metric.

        Raises:
            TypeError: A metric is missing, or given and no scheduler inside takes any.
            ValueError: What would be in force is no finite number, or a `OneCycleLR` is past its end.
        """
        known = len(self._motion.base_lrs)
        self._move(metrics)
        self._write(self._motion, known)

    def get_lr(self) -> list[float]:
        """The lr of every group in force."""
        return self.get_last_lr()

    def get_last_lr(self) -> list[float]:
        """The lr of every group as the last step set it."""
        return list(self._motion.lrs)

    def lr_at(self, epoch: int) -> list[float]:
        """The planned lr of every group at an epoch, from base lr and options alone; it touches nothing.

        Raises:
            ValueError: The epoch is no whole number from 0 on, or metrics decide its lr.
        """
        if not (_is_whole(epoch) and epoch >= 0):
            expected = "a whole number of at least 0"
            raise ValueError(f"{self._name}: epoch {_refusal(expected, epoch)}")
        return list(_plan(self._motion.twin(self._ground()), int(epoch)).lrs)

    def state_dict(self) -> dict:
        """The state, under PyTorch's keys; `_last_lr` is the lr in force now."""
        return {**copy.deepcopy(self._motion.state()), "_last_lr": self._selection.read()}

    def load_state_dict(self, state_dict: dict) -> None:
        """Takes up a state of this class, of torch-optim in TypeScript, or of PyTorch's own schedulers.

        Everything is checked before anything changes. It puts the optimizer's values where the state says.

        Raises:
            ValueError, TypeError: What is wrong, by its key.
        """
        motion = self._motion_in(state_dict)
        self._write(motion, len(motion.base_lrs))

    def _check_state(self, state: dict) -> None:
        self._motion_in(state)

    def _motion_in(self, state: dict) -> _Motion:
        """What moves as a state says."""
        reader = _Reader(f"{self._name}: state_dict", state)
        motion = copy.deepcopy(self._motion)
        motion.load(reader)
        if motion.epoch < 0:
            expected = "a finite number of at least 0"
            raise ValueError(f"{reader.path}.last_epoch {_refusal(expected, motion.epoch)}")
        if motion.is_astray():
            ground = _Ground(motion.base_lrs, self._selection.ground().momenta)
            motion = _plan(motion.twin(ground), motion.epoch)
        self._selection.check_next(self._name, motion.lrs, motion.epoch)
        return motion

    def _ground(self) -> _Ground:
        """The base values that it was built on, and those of groups that were added since."""
        ground, known = self._selection.ground(), self._motion.base_lrs
        return _Ground([*known, *ground.base_lrs[len(known) :]], ground.momenta)

    def _move(self, metric: float | None):
        """Computes the next epoch; what it gives takes that back."""
        metric = self._checked_metric(metric)
        motion = self._motion
        put_back = _kept(motion)
        try:
            lrs = self._selection.read()
            if len(lrs) != len(motion.base_lrs):
                lrs = self._joined(lrs)
            motion.advance(lrs, motion.epoch + 1, metric)
            self._selection.check_next(self._name, motion.lrs, motion.epoch)
        except Exception:
            put_back()
            raise
        return put_back

    def _checked_metric(self, metric) -> float | None:
        if not self.takes_metrics and metric is not None:
            expected = "left out, as no scheduler takes one"
            raise TypeError(f"{self._name}: metric {_refusal(expected, metric)}")
        if metric is None and not self._motion.needs_metric():
            return None
        metric = metric.item() if hasattr(metric, "item") else metric
        if not isinstance(metric, (int, float)) or isinstance(metric, bool):
            raise TypeError(f"{self._name}: metric {_refusal('a number', metric)}")
        return float(metric)

    def _joined(self, lrs: list[float]) -> list[float]:
        """Lets groups that were added since join the curve at the epoch in force."""
        motion = self._motion
        known = len(motion.base_lrs)
        if len(lrs) < known:
            raise ValueError(
                f"{self._name}: optimizer must keep its {known} parameter groups, got {len(lrs)}"
            )
        self._selection.check_base(self._name, known)
        for member in motion.family():
            _refuse_lists(member)
        plan = _plan(motion.twin(self._ground()), motion.epoch)
        for member, planned in zip(motion.family(), plan.family()):
            member.ground = planned.ground
            for name in ("base_lrs", "lrs", "_rest"):
                if hasattr(member, name):
                    setattr(
                        member,
                        name,
                        [*getattr(member, name)[:known], *getattr(planned, name)[known:]],
                    )
        return [*lrs[:known], *plan.lrs[known:]]

    def _write(self, motion: _Motion, known: int) -> None:
        """Puts what was computed in force, and notes the base values of groups from number `known` on."""
        self._motion = motion
        if not motion.has_own_base_lr:
            self._selection.note(motion.base_lrs, known)
        self._selection.write(motion.lrs, motion)
        # Where wrappers of PyTorch's schedulers look for them.
        self._step_count = motion.epoch + 1
        self._last_lr = list(motion.lrs)


class Recipe:
    """Several schedules on one optimizer, each of an option of its own of some groups, behind one `step`.

    `from_spec` builds it from a spec of type `Recipe`, or a text such as
    `lr = linear:10 > cosine:90; weight_decay[decayed] = ramp:100(end_factor=10)`. A step is one step: if
    a schedule refuses it, none has moved.

    >>> weight = torch.nn.Parameter(torch.zeros(1))
    >>> optimizer = torch.optim.SGD([weight], lr=1.0, weight_decay=0.1)
    >>> recipe = from_spec(optimizer, "lr = cosine:4; weight_decay = ramp:4(end_factor=2)")
    >>> for _ in range(4):
    ...     optimizer.step()
    ...     recipe.step()
    >>> optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["weight_decay"]
    (0.0, 0.2)
    """

    def __init__(self, optimizer: Optimizer, spec: dict, last_epoch: int = -1):
        _check_last_epoch("Recipe", last_epoch)
        #: The optimizer whose parameter groups are scheduled.
        self.optimizer = optimizer
        selections = [
            _Selection(optimizer, entry.get("option", "lr"), entry.get("groups"))
            for entry in spec["schedules"]
        ]
        _check_disjoint(spec["schedules"], selections)
        with _all_or_nothing(optimizer):
            #: The schedules, each a `SpecLR`.
            self.schedules = [
                SpecLR(optimizer, entry["schedule"], last_epoch, selection=selection)
                for entry, selection in zip(spec["schedules"], selections)
            ]
        #: The epoch in force: the number of steps since epoch 0.
        self.last_epoch = last_epoch + 1

    @property
    def takes_metrics(self) -> bool:
        """Whether `step` ever takes a metric."""
        return any(schedule.takes_metrics for schedule in self.schedules)

    def step(self, metric: float | None = None) -> None:
        """Moves all schedules to the next epoch; if one of them cannot, nothing has changed.

        Args:
            metric: For the schedules that take one.

        Raises:
            TypeError: A metric is missing, or given and no schedule takes any.
            ValueError: A schedule cannot move.
        """
        if metric is not None and not self.takes_metrics:
            expected = "left out, as no schedule takes one"
            raise TypeError(f"Recipe: metric {_refusal(expected, metric)}")
        known = [len(schedule._motion.base_lrs) for schedule in self.schedules]
        moved = []
        try:
            for schedule in self.schedules:
                moved.append(schedule._move(metric if schedule.takes_metrics else None))
        except Exception:
            for put_back in moved:
                put_back()
            raise
        for schedule, count in zip(self.schedules, known):
            schedule._write(schedule._motion, count)
        self.last_epoch += 1

    def get_last_lr(self) -> list[float]:
        """The lr of every group of the optimizer in force."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    def state_dict(self) -> dict:
        """The state, as torch-optim's in TypeScript."""
        states = [schedule.state_dict() for schedule in self.schedules]
        return {"last_epoch": self.last_epoch, "_schedules": states}

    def load_state_dict(self, state_dict: dict) -> None:
        """Takes up a state; everything is checked before anything changes.

        Raises:
            ValueError, TypeError: What is wrong, by its key.
        """
        last_epoch, motions = self._motions_in(state_dict)
        for schedule, motion in zip(self.schedules, motions):
            schedule._write(motion, len(motion.base_lrs))
        self.last_epoch = last_epoch

    def _check_state(self, state: dict) -> None:
        self._motions_in(state)

    def _motions_in(self, state: dict) -> tuple[int, list[_Motion]]:
        reader = _Reader("Recipe: state_dict", state)
        last_epoch = reader.whole("last_epoch", 0)
        states = reader.children("_schedules", len(self.schedules))
        motions = [
            schedule._motion_in(own)
            for schedule, own in zip(self.schedules, reader.value("_schedules"))
        ]
        for own, motion in zip(states, motions):
            if motion.epoch != last_epoch:
                wanted = _refusal(f"{last_epoch}, as around it", motion.epoch)
                raise ValueError(f"{own.path}.last_epoch {wanted}")
        return last_epoch, motions


@contextmanager
def _all_or_nothing(optimizer: Optimizer):
    """Puts the parameter groups back if what is done with them fails."""
    before = [dict(group) for group in optimizer.param_groups]
    try:
        yield
    except Exception:
        for group, values in zip(optimizer.param_groups, before):
            group.clear()
            group.update(values)
        raise


def _plan(motion: _Motion, epoch: int) -> _Motion:
    """Moves to an epoch as planned."""
    if epoch == 0:
        motion.begin(motion.base_lrs)
    else:
        motion.at(epoch)
    return motion


def _refuse_lists(motion: _Motion) -> None:
    """Refuses options that have one value for each group, where groups have been added."""
    for name, field in _CATALOGUE[motion.kind].fields.items():
        value = getattr(motion.options, name, None)
        if field.is_per_group and isinstance(value, list):
            raise ValueError(f"{motion.kind}: {name} {_refusal(field.expected, value)}")


def _check_last_epoch(name: str, last_epoch: int) -> None:
    if not (_is_whole(last_epoch) and last_epoch >= -1):
        raise ValueError(
            f"{name}: last_epoch {_refusal('a whole number of at least -1', last_epoch)}"
        )


def _check_disjoint(entries: list[dict], selections: list[_Selection]) -> None:
    """Refuses schedules of which two move the same option of the same group."""
    moved = set()
    for entry, selection in zip(entries, selections):
        motion = _motion_of(entry["schedule"], selection.ground())
        options = [selection.option, *(["momentum"] if motion.cycles_momentum() else [])]
        for what in [
            f"{option} of parameter group {g}" for option in options for g in selection.indices
        ]:
            if what in moved:
                sentence = f"must move each option of a group once, got {what} twice"
                raise SpecError([("schedules", sentence)])
            moved.add(what)


# Takes states of optimizers and schedulers between PyTorch and torch-optim, as what JSON can hold.

# What PyTorch notes while a scheduler steps.
_FLEETING = ("_is_initial", "_get_lr_called_within_step", "_step_count")
# What a cyclic scheduler keeps only if it cycles the momentum.
_MOMENTUM = ("use_beta1", "base_momentums", "max_momentums")
# The options of all optimizers: in a group where one is none it tells of another class. Any other key is
# a note or a tag, which groups keep.
_OPTIONS = {
    option
    for kind in vars(torch.optim).values()
    if isinstance(kind, type) and issubclass(kind, Optimizer)
    for option in inspect.signature(kind.__init__).parameters
}
# Adafactor's means over the columns and over the rows, by the shape of the parameter.
_ADAFACTOR_SHAPES = {
    "row_var": lambda shape: (*shape[:-1], 1),
    "col_var": lambda shape: (*shape[:-2], 1, shape[-1]),
}


def dump(optimizer: Optimizer, scheduler: LRScheduler | Recipe | None = None) -> dict:
    """The states of an optimizer and its scheduler, as what plain JSON can hold.

    In TypeScript: `scheduler.load_state_dict(state.scheduler)` and
    `optimizer.load_state_dict(state.optimizer)`, in either order. Functions (`lr_lambda`,
    `scale_fn`) are no data: both sides keep those they were built with.

    >>> weight = torch.nn.Parameter(torch.zeros(1))
    >>> optimizer = torch.optim.SGD([weight], lr=1.0)
    >>> state = dump(optimizer, from_spec(optimizer, "step(step_size=2)"))
    >>> state["scheduler"]["step_size"], state["scheduler"]["_last_lr"]
    (2, [1.0])

    Raises TypeError for a value that JSON cannot hold.
    """
    state = {"optimizer": _to_json(optimizer.state_dict(), "optimizer")}
    if isinstance(scheduler, (SpecLR, Recipe)):
        state["scheduler"] = _to_json(scheduler.state_dict(), type(scheduler).__name__)
    elif scheduler is not None:
        lrs = [group["lr"] for group in optimizer.param_groups]
        state["scheduler"] = {**_dump_scheduler(scheduler), "_last_lr": _to_json(lrs, "lr")}
    return state


def load(state: dict, optimizer: Optimizer, scheduler: LRScheduler | Recipe | None = None) -> None:
    """Takes up what `dump`, or a program in TypeScript, has written.

    There: `JSON.stringify({ optimizer: optimizer.state_dict(), scheduler: scheduler.state_dict() })`.
    Without an "optimizer" in the state, the parameter groups get their lr from the scheduler's.
    PyTorch goes on with the same numbers wherever it computes the same: the documentation of
    torch-optim lists where it does not.

    Raises ValueError, with nothing changed, for the state of another class or another number of
    groups, parameters or schedulers, and for what PyTorch has no way to run: two different
    OneCycleLR on one optimizer, and a composite as a later phase of a SequentialLR, unless that
    phase is in force already.
    """
    optimizer_state = (
        _load_optimizer(state["optimizer"], optimizer) if "optimizer" in state else None
    )
    _load_both(optimizer_state, state.get("scheduler"), optimizer, scheduler)


def _load_both(optimizer_state, saved, optimizer, scheduler):
    """Loads a state_dict of the optimizer, if there is one, and the saved state of the scheduler."""
    scheduler_state, entries = {}, []
    if scheduler is not None and saved is None:
        raise ValueError("the state holds no scheduler")
    is_own = isinstance(scheduler, (SpecLR, Recipe))
    if is_own:
        # What is wrong with it is said before anything has changed.
        scheduler._check_state(saved)
    elif scheduler is not None:
        name = type(scheduler).__name__
        _check_length(f"{name}: _last_lr", saved.get("_last_lr", []), optimizer.param_groups)
        scheduler_state = _load_scheduler(saved, scheduler, name)
        entries = _one_cycle_entries(saved, scheduler)
    if optimizer_state is not None:
        optimizer.load_state_dict(optimizer_state)
    if is_own:
        scheduler.load_state_dict(saved)
    elif scheduler is not None:
        scheduler.load_state_dict(scheduler_state)
        # PyTorch's OneCycleLR reads the groups, so it comes last.
        for group, entry in zip(optimizer.param_groups, entries):
            group.update(entry)
        for group, lr in zip(optimizer.param_groups, saved["_last_lr"]):
            group["lr"] = _like(group["lr"], lr)
        if optimizer_state is None and isinstance(scheduler, (CyclicLR, OneCycleLR)):
            # PyTorch writes the momentum as it computes the lr.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scheduler.get_lr()


def dump_averages(model) -> dict:
    """The state of a `torch.optim.swa_utils.AveragedModel`, as what plain JSON can hold.

    In TypeScript: `averaged.load_state_dict(state)`, for an `AveragedModel` of the same parameters in
    the same order. Buffers are not part of it.
    """
    averages = [_to_json(param.detach(), "averages") for param in model.parameters()]
    return {"n_averaged": int(model.n_averaged), "averages": averages}


def load_averages(state: dict, model) -> None:
    """Takes up what `dump_averages`, or `averaged.state_dict()` in TypeScript, has written.

    Raises ValueError, with nothing changed, for another number of parameters or values.
    """
    params = list(model.parameters())
    _check_length("averages", state["averages"], params)
    values = []
    for i, (average, param) in enumerate(zip(state["averages"], params)):
        average = average if isinstance(average, list) else [average]
        _check_length(f"averages[{i}]", average, param.flatten())
        row = torch.tensor([_like(0.0, x) for x in average], dtype=param.dtype, device=param.device)
        values.append(row.reshape(param.shape))
    with torch.no_grad():
        for value, param in zip(values, params):
            param.copy_(value)
        model.n_averaged.fill_(state["n_averaged"])


# To TypeScript.


def _to_json(value, name):
    if isinstance(value, torch.Tensor) and value.dim() > 0:
        return _to_json(value.flatten().tolist(), name)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, dict):
        items = {key: item for key, item in value.items() if not callable(item)}
        return {str(key): _to_json(item, f"{name}.{key}") for key, item in items.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(item, name) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{name} must be what JSON can hold, got {value!r}")


def _dump_scheduler(scheduler):
    """A scheduler's state with what TypeScript's has beside PyTorch's own."""
    name = type(scheduler).__name__
    groups = scheduler.optimizer.param_groups
    children = [_dump_scheduler(child) for child in _children(scheduler)]
    # PyTorch counts a nested child back once for every level above it.
    own = {key: x for key, x in scheduler.state_dict().items() if key not in _FLEETING}
    last_epoch = max(-1, own["last_epoch"] if "last_epoch" in own else children[0]["last_epoch"])
    base_lrs = [group.get("initial_lr", group["lr"]) for group in groups]
    # A cyclic scheduler's base lr is its own, not that of its neighbours.
    for child, state in zip(_children(scheduler), children):
        if not isinstance(child, (CyclicLR, OneCycleLR)):
            base_lrs = state["base_lrs"]
            break
    state = {"base_lrs": base_lrs, **own, "last_epoch": last_epoch, "_step_count": last_epoch + 1}
    if isinstance(scheduler, OneCycleLR):
        state.update(_one_cycle_options(scheduler))
    if "lr_lambdas" in state:
        state["lr_lambdas"] = [None for _ in groups]
    if "_scale_fn_custom" in state:
        state["_scale_fn_custom"] = None
    if children:
        state["_schedulers"] = children
    return _to_json(state, name)


def _one_cycle_options(scheduler):
    """OneCycleLR's options, from what PyTorch has made of them and keeps in the groups."""
    low, high, last = (_entries(scheduler, key) for key in ("initial_lr", "max_lr", "min_lr"))
    # A group whose lr is 0 says nothing of the factors.
    g = max(range(len(low)), key=lambda g: last[g])
    options = {
        "base_lrs": low,
        "max_lrs": high,
        "pct_start": (scheduler._schedule_phases[0]["end_step"] + 1) / scheduler.total_steps,
        "div_factor": high[g] / low[g] if low[g] else 25.0,
        "final_div_factor": low[g] / last[g] if last[g] else 1e4,
        "three_phase": len(scheduler._schedule_phases) == 3,
    }
    if scheduler.cycle_momentum:
        options["base_momentums"] = _entries(scheduler, "base_momentum")
        options["max_momentums"] = _entries(scheduler, "max_momentum")
    return options


def _entries(scheduler, key):
    return [group[key] for group in scheduler.optimizer.param_groups]


# From TypeScript.


def _load_optimizer(saved, optimizer):
    """A state_dict for this optimizer; what TypeScript does not know of stays as it is."""
    name = type(optimizer).__name__
    _check_length(f"{name}: param_groups", saved["param_groups"], optimizer.param_groups)
    groups, state = [], {}
    for g, (new, group) in enumerate(zip(saved["param_groups"], optimizer.param_groups)):
        for key in new:
            if key not in group and key in _OPTIONS:
                raise ValueError(f'{name}: "{key}" of group {g} is no option of this optimizer')
        _check_length(f"{name}: params of group {g}", new["params"], group["params"])
        taken = {key: _like(group.get(key), value) for key, value in new.items()}
        groups.append({**group, **taken, "params": new["params"]})
        for index, param in zip(new["params"], group["params"]):
            # JSON has no keys but strings.
            entries = saved["state"].get(str(index), saved["state"].get(index, {}))
            if entries:
                place = f"{name}: state[{index}]"
                state[index] = {
                    key: _load_entry(value, key, param, place, isinstance(optimizer, LBFGS))
                    for key, value in entries.items()
                }
    return {"state": state, "param_groups": groups}


def _load_entry(value, key, param, place, is_flat):
    """An entry of a parameter's state. PyTorch itself makes tensors of the numbers that it wants so."""
    if not isinstance(value, list):
        return _like(None, value)
    if is_flat and key in ("old_dirs", "old_stps"):
        return [_load_entry(item, "d", param, place, is_flat) for item in value]
    if is_flat and key in ("ro", "al"):
        return [_like(None, item) for item in value]
    values = torch.tensor([_like(0.0, x) for x in value], dtype=param.dtype, device=param.device)
    # LBFGS keeps all parameters in one row.
    if is_flat:
        return values
    shape = _ADAFACTOR_SHAPES.get(key, tuple)(param.shape)
    if values.numel() != math.prod(shape):
        raise ValueError(f"{place}.{key} must have {math.prod(shape)} values, got {len(value)}")
    return values.reshape(shape)


def _load_scheduler(saved, scheduler, path):
    """A state_dict for this scheduler, checked against the one it has now."""
    children = _children(scheduler)
    own = scheduler.state_dict()
    has_momentum = saved.get("cycle_momentum", True)
    state = {key: saved[key] for key in _MOMENTUM if key in saved}
    for key, live in own.items():
        if key in saved:
            state[key] = _like(live, saved[key])
        elif key not in _FLEETING and (has_momentum or key not in _MOMENTUM) and not callable(live):
            raise ValueError(f'{path}: "{key}" is missing, so it is the state of another class')
    if children:
        _check_length(f"{path}: _schedulers", saved["_schedulers"], children)
        if isinstance(scheduler, SequentialLR):
            _check_phases(state, children, path)
        state["_schedulers"] = [
            _load_scheduler(saved_child, child, f"{path}: {type(child).__name__}")
            for saved_child, child in zip(saved["_schedulers"], children)
        ]
    return state


def _check_phases(state, children, path):
    for milestone, child in zip(state["_milestones"], children[1:]):
        if milestone > state["last_epoch"] and _children(child):
            raise ValueError(
                f"{path}: PyTorch cannot begin a {type(child).__name__} as a later phase, "
                f"and one would begin at epoch {milestone}"
            )


def _one_cycle_entries(saved, scheduler):
    """What PyTorch's OneCycleLR keeps in each parameter group; nothing if there is none."""
    entries = []
    # In PyTorch's own states it is not: there it is in the optimizer's.
    if isinstance(scheduler, OneCycleLR) and "max_lrs" in saved:
        for g, low in enumerate(saved["base_lrs"]):
            lrs = {"max_lr": saved["max_lrs"][g], "min_lr": low / saved["final_div_factor"]}
            entries.append({"initial_lr": low, **lrs})
            if saved["cycle_momentum"]:
                entries[g]["max_momentum"] = saved["max_momentums"][g]
                entries[g]["base_momentum"] = saved["base_momentums"][g]
    for saved_child, child in zip(saved.get("_schedulers", []), _children(scheduler)):
        found = _one_cycle_entries(saved_child, child)
        if entries and found and entries != found:
            raise ValueError("PyTorch cannot run two different OneCycleLR on one optimizer")
        entries = entries or found
    return entries


def _like(live, value):
    """A value from JSON in the form of the live one."""
    if value is None:
        return None
    if isinstance(live, torch.Tensor):
        return torch.tensor(value, dtype=live.dtype, device=live.device)
    if isinstance(live, Counter):
        return Counter({int(key): count for key, count in value.items()})
    if isinstance(live, dict):
        return {key: _like(live.get(key), item) for key, item in value.items()}
    if isinstance(value, list):
        models = live if isinstance(live, (list, tuple)) else []
        items = [_like(models[i] if i < len(models) else None, x) for i, x in enumerate(value)]
        return tuple(items) if isinstance(live, tuple) else items
    is_word = value in ("NaN", "Infinity", "-Infinity")
    return float(value) if is_word or isinstance(live, float) else value


# Both ways.


def _children(scheduler):
    return list(getattr(scheduler, "_schedulers", []))


def _check_length(name, values, wanted):
    if len(values) != len(wanted):
        raise ValueError(f"{name} must have {len(wanted)} items, got {len(values)}")


# State files of both kinds: JSON, and the `.pt` of `torch.save`.

def save_state(
    path: str | os.PathLike,
    optimizer: Optimizer,
    scheduler: LRScheduler | Recipe | None = None,
    *,
    model: torch.nn.Module | None = None,
    extra: dict | None = None,
) -> None:
    """Writes a state file: `.json` for torch-optim alone, `.pt` or `.pth` for torch-optim-checkpoint.

    A `.pt` holds the model too, and goes through `torch.load(path, weights_only=True)`. The file is
    written under another name and then renamed, so that a crash leaves the one before.

    Raises:
        ValueError: The name ends otherwise, or a model is given for JSON.
        TypeError: JSON cannot hold a value.
    """
    path = Path(path)
    is_json = _is_json("save_state", path)
    if is_json and model is not None:
        raise ValueError(
            "save_state: model must be left out for a .json file, which holds no parameters"
        )
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        if is_json:
            state = {**dump(optimizer, scheduler), **({} if extra is None else {"extra": extra})}
            beside.write_text(json.dumps(state, allow_nan=False), "utf-8")
        else:
            parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
            state = {name: part.state_dict() for name, part in parts.items() if part is not None}
            torch.save({**state, **({} if extra is None else {"extra": extra})}, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load_state(
    path: str | os.PathLike,
    optimizer: Optimizer,
    scheduler: LRScheduler | Recipe | None = None,
    *,
    model: torch.nn.Module | None = None,
) -> dict:
    """Takes up a state file that this package, torch-optim or torch-optim-checkpoint has written.

    Optimizer and scheduler are built first, with the same spec and groups.

    Returns:
        What was saved as `extra`.

    Raises:
        ValueError: The state is another's; optimizer and scheduler have not changed then.
    """
    path = Path(path)
    if _is_json("load_state", path):
        if model is not None:
            raise ValueError(
                "load_state: model must be left out for a .json file, which holds no parameters"
            )
        state = json.loads(path.read_text("utf-8"))
        load(state, optimizer, scheduler)
    else:
        state = torch.load(path, map_location="cpu", weights_only=True)
        _load_both(state.get("optimizer"), state.get("scheduler"), optimizer, scheduler)
        if model is not None:
            model.load_state_dict(state["model"])
    return state.get("extra", {})


def _is_json(name: str, path: Path) -> bool:
    if path.suffix not in (".json", ".pt", ".pth"):
        raise ValueError(f"{name}: path must end in .json, .pt or .pth, got {str(path)!r}")
    return path.suffix == ".json"


# Builds the schedule of a spec: with PyTorch's own classes where they obey torch-optim's laws.

# What takes the lr of an epoch to that of the next, and multiplies with its neighbours.
_CHAINABLE = (
    "ConstantLR",
    "CosineAnnealingLR",
    "ExponentialLR",
    "LinearLR",
    "MultiStepLR",
    "PolynomialLR",
    "StepLR",
)
_PHASES = (*_CHAINABLE, "CosineAnnealingWarmRestarts")
_ALONE = (*_PHASES, "CyclicLR", "OneCycleLR", "ReduceLROnPlateau", "SWALR")


def from_spec(
    optimizer: Optimizer,
    spec: dict | str,
    last_epoch: int = -1,
    *,
    total: int | None = None,
    steps_per_epoch: int | None = None,
) -> LRScheduler | Recipe:
    """Builds the schedule that a spec describes, as torch-optim does in TypeScript, with its numbers.

    A real scheduler of `torch.optim.lr_scheduler` where PyTorch obeys torch-optim's laws, a `SpecLR`
    where it does not (a composite as a phase, chains with factors, a plateau in a sequence, …), and a
    `Recipe` for several schedules. The spec may come from anywhere: nothing in it is evaluated, and all of
    it is checked before the optimizer is touched.

    >>> weight = torch.nn.Parameter(torch.zeros(1))
    >>> optimizer = torch.optim.SGD([weight], lr=1.0)
    >>> scheduler = from_spec(optimizer, "linear:4(start_factor=0.2) > cosine:6")
    >>> type(scheduler).__name__, scheduler.get_last_lr()
    ('SequentialLR', [0.2])
    >>> from_spec(optimizer, {"type": "StepLR", "step_size": 3}, last_epoch=2).get_last_lr()
    [0.1]

    Args:
        optimizer: The optimizer whose parameter groups are scheduled.
        spec: A dict as JSON has it, JSON as text, or the short form.
        last_epoch: The last epoch that was done: with N the schedule stands at epoch N + 1.
        total: How many steps the whole schedule has: what shares such as "5%" are of.
        steps_per_epoch: How many steps an epoch has: what "2ep" counts.

    Raises:
        SpecError: Everything that is wrong with the spec.
        SpecSyntaxError: A mistake in a text, with a caret under the character.
        ValueError: Another argument is wrong, or metrics decide what `last_epoch` asks for.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"from_spec: optimizer must be a torch.optim.Optimizer, got a {type(optimizer).__name__}"
        )
    sound = _read_spec(spec, total, steps_per_epoch, _ground_of(optimizer))
    _check_last_epoch(sound["type"], last_epoch)
    if _is_recipe(sound):
        return Recipe(optimizer, sound, last_epoch)
    if not _pytorch_obeys(sound):
        return SpecLR(optimizer, sound, last_epoch)
    selection = _Selection(optimizer)
    selection.check_base(sound["type"])
    planned = _plan(_motion_of(sound, selection.ground()), last_epoch + 1)
    if sound["type"] in ("SequentialLR", "ChainedScheduler"):
        # A composite begins from the base.
        selection.write(planned.base_lrs, planned)
    scheduler = _build_in_pytorch(optimizer, sound)
    if last_epoch >= 0:
        scheduler.load_state_dict(_load_scheduler(planned.state(), scheduler, sound["type"]))
        selection.write(planned.lrs, planned)
    return scheduler


def _ground_of(optimizer: Optimizer):
    """What gives the ground of an entry of a recipe, and notes what is wrong with its groups."""

    def ground_of(entry: dict, path: str, problems: _Problems) -> _Ground:
        try:
            return _Selection(optimizer, entry.get("option", "lr"), entry.get("groups")).ground()
        except (TypeError, ValueError) as error:
            _, _, sentence = str(error).partition(": ")
            option, _, message = sentence.partition(" ")
            problems.add(_path_to(path, option), message)
            return _Selection(optimizer).ground()

    return ground_of


def _pytorch_obeys(spec: dict) -> bool:
    """Whether PyTorch's own classes give what a sound spec says, at every epoch and from any state."""
    kind = spec["type"]
    children = spec.get("schedulers")
    if children is None:
        return kind in _ALONE and _pytorch_obeys_alone(spec)
    allowed = _PHASES if kind == "SequentialLR" else _CHAINABLE
    if not all(child["type"] in allowed and _pytorch_obeys_alone(child) for child in children):
        return False
    has_starts = any(spec.get("starts") or [])
    return not has_starts and spec.get("milestones", [])[:1] != [0]


def _pytorch_obeys_alone(spec: dict) -> bool:
    kind = spec["type"]
    if kind == "LinearLR":
        return spec.get("start_factor") != 0 and spec.get("total_iters") != 0
    if kind == "ConstantLR":
        return spec.get("factor") != 0 and spec.get("total_iters") != 0
    # PyTorch takes one eta_min for all parameter groups.
    return not isinstance(spec.get("eta_min"), list)


def _build_in_pytorch(optimizer: Optimizer, spec: dict) -> LRScheduler:
    kind = spec["type"]
    fields = _CATALOGUE[kind].fields
    options = {
        name: fields[name].taken(value)
        for name, value in spec.items()
        if name not in ("type", "schedulers", "starts")
    }
    scheduler_class = getattr(swa_utils if kind == "SWALR" else lr_scheduler, kind)
    if kind == "CyclicLR":
        # PyTorch's would take what another scheduler has noted for its own base lr.
        notes = [group.pop("initial_lr", None) for group in optimizer.param_groups]
        scheduler = scheduler_class(optimizer, **options)
        for group, note in zip(optimizer.param_groups, notes):
            group.update({} if note is None else {"initial_lr": note})
        return scheduler
    if "schedulers" not in spec:
        return scheduler_class(optimizer, **options)
    children = [_build_in_pytorch(optimizer, child) for child in spec["schedulers"]]
    if kind == "ChainedScheduler":
        return scheduler_class(children)
    return scheduler_class(optimizer, schedulers=children, **options)
