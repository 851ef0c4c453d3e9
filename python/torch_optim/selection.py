"""One option of some parameter groups: everything that a schedule reads of an optimizer, and writes to it."""

import math

from torch import Tensor
from torch.optim import Optimizer

from .fields import _is_whole
from .motion import _Ground, _Motion
from .problems import _refusal


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
