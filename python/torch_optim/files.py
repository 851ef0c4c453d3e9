"""State files of both kinds: JSON, and the `.pt` of `torch.save`."""

import json
import os
from pathlib import Path

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .scheduler import Recipe
from .states import _load_both, dump, load


def save_state(
    path: str | os.PathLike,
    optimizer: Optimizer,
    scheduler: LRScheduler | Recipe | None = None,
    *,
    model: torch.nn.Module | None = None,
    extra: dict | None = None,
) -> None:
    """Writes a state file: `.json` for torch-optim alone, `.pt` or `.pth` for torch-optim-checkpoint.

    A `.pt` holds the model too, and goes through `torch.load(path, weights_only=True)`. The file is
    written under another name and then renamed, so that a crash leaves the one before.

    Raises:
        ValueError: The name ends otherwise, or a model is given for JSON.
        TypeError: JSON cannot hold a value.
    """
    path = Path(path)
    is_json = _is_json("save_state", path)
    if is_json and model is not None:
        raise ValueError(
            "save_state: model must be left out for a .json file, which holds no parameters"
        )
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        if is_json:
            state = {**dump(optimizer, scheduler), **({} if extra is None else {"extra": extra})}
            beside.write_text(json.dumps(state, allow_nan=False), "utf-8")
        else:
            parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
            state = {name: part.state_dict() for name, part in parts.items() if part is not None}
            torch.save({**state, **({} if extra is None else {"extra": extra})}, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load_state(
    path: str | os.PathLike,
    optimizer: Optimizer,
    scheduler: LRScheduler | Recipe | None = None,
    *,
    model: torch.nn.Module | None = None,
) -> dict:
    """Takes up a state file that this package, torch-optim or torch-optim-checkpoint has written.

    Optimizer and scheduler are built first, with the same spec and groups.

    Returns:
        What was saved as `extra`.

    Raises:
        ValueError: The state is another's; optimizer and scheduler have not changed then.
    """
    path = Path(path)
    if _is_json("load_state", path):
        if model is not None:
            raise ValueError(
                "load_state: model must be left out for a .json file, which holds no parameters"
            )
        state = json.loads(path.read_text("utf-8"))
        load(state, optimizer, scheduler)
    else:
        state = torch.load(path, map_location="cpu", weights_only=True)
        _load_both(state.get("optimizer"), state.get("scheduler"), optimizer, scheduler)
        if model is not None:
            model.load_state_dict(state["model"])
    return state.get("extra", {})


def _is_json(name: str, path: Path) -> bool:
    if path.suffix not in (".json", ".pt", ".pth"):
        raise ValueError(f"{name}: path must end in .json, .pt or .pth, got {str(path)!r}")
    return path.suffix == ".json"
