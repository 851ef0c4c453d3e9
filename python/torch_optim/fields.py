"""What each option may be: the one sentence that refuses anything else, and its default."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from .problems import _number_text, _show

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
