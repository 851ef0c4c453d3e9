"""Builds the schedule of a spec: with PyTorch's own classes where they obey torch-optim's laws."""

from torch.optim import Optimizer, lr_scheduler, swa_utils
from torch.optim.lr_scheduler import LRScheduler

from .catalogue import _CATALOGUE
from .motion import _Ground
from .problems import _path_to, _Problems
from .scheduler import Recipe, SpecLR, _check_last_epoch, _plan
from .selection import _Selection
from .specs import _is_recipe, _motion_of, _read_spec
from .states import _load_scheduler

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
