"""Judges specs that may come from anywhere, and builds what moves from them."""

import re

from .catalogue import _CATALOGUE, _entry_of, _suggestion
from .composites import _ChainedScheduler, _SequentialLR
from .fields import _is_number, _is_whole, _MISSING
from .formulas import (
    _ConstantLR,
    _CosineAnnealingLR,
    _CosineAnnealingWarmRestarts,
    _CyclicLR,
    _ExponentialLR,
    _KeyframesLR,
    _LinearLR,
    _MultiStepLR,
    _OneCycleLR,
    _PolynomialLR,
    _RampLR,
    _StepLR,
    _SWALR,
)
from .lengths import _Lengths
from .metrics import _GreedyLR, _ReduceLROnPlateau
from .motion import _Ground, _Motion
from .problems import (
    SpecSyntaxError,
    _clean,
    _number_text,
    _path_to,
    _path_to_item,
    _Problems,
    _refusal,
)
from .text import _read_text
from .transformers_schedules import (
    _ConstantSchedule,
    _ConstantScheduleWithWarmup,
    _CosineScheduleWithWarmup,
    _CosineWithHardRestartsScheduleWithWarmup,
    _CosineWithMinLRScheduleWithWarmup,
    _CosineWithMinLRScheduleWithWarmupLRRate,
    _InverseSqrtSchedule,
    _LinearScheduleWithWarmup,
    _PolynomialDecayScheduleWithWarmup,
    _WSDSchedule,
)

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
