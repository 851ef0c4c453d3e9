"""Takes states of optimizers and schedulers between PyTorch and torch-optim, as what JSON can hold."""

import inspect
import math
import warnings
from collections import Counter

import torch
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import CyclicLR, LRScheduler, OneCycleLR, SequentialLR

from .scheduler import Recipe, SpecLR

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
