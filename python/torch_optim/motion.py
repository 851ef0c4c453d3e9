"""How schedulers move: what they ask of one another, and all by which they compose.

A step is computed whole, from lists of learning rates; optimizers are not known here. Lists are never
changed in place, so that what a scheduler held before a step can be put back.
"""

import math
from types import SimpleNamespace

from .catalogue import _CATALOGUE, _taken_options
from .problems import _number_text, _refusal

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
