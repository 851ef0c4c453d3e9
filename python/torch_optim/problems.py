"""What is wrong with a spec or a state, and the sentences that say so."""

import json
import math
import re
import unicodedata
from decimal import Decimal

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
