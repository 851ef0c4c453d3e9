"""Numbers of epochs that are written as shares of a total ("5%") or in epochs of several steps ("2ep")."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from .catalogue import _entry_of
from .problems import _number_text, _path_to, _path_to_item, _Problems

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
