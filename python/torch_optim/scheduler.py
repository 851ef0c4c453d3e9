"""Schedulers for PyTorch that move by torch-optim's laws."""

import copy
from contextlib import contextmanager

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .catalogue import _CATALOGUE
from .fields import _is_whole
from .motion import _Ground, _kept, _Motion, _Reader
from .problems import SpecError, _refusal
from .selection import _Selection
from .specs import _motion_of


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
