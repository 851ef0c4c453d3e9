"""Reads specs that a person typed: the short form, or JSON."""

import json
import re
from dataclasses import dataclass, field, replace
from typing import NoReturn

from .catalogue import (
    _entry_of,
    _short_form_names,
    _suggestion,
    _TYPES_BY_SHORT_NAME,
)
from .fields import _is_whole, _MISSING
from .lengths import _NOTHING, _Quantity, _quantity_of
from .problems import SpecSyntaxError, _number_text, _show, _show_name

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
