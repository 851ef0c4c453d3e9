"""torch-optim for PyTorch: the same specs, the same schedules, and checkpoints that go both ways.

torch-optim is torch.optim for TypeScript. A schedule that was composed there is built here:

    scheduler = torch_optim.from_spec(optimizer, "linear:5 > cosine:95")

and a run that was begun there goes on here, or comes back:

    import json
    import torch_optim

    with open("checkpoint.json", "w") as file:  # to TypeScript
        json.dump(torch_optim.dump(optimizer, scheduler), file)

    with open("checkpoint.json") as file:  # from TypeScript
        torch_optim.load(json.load(file), optimizer, scheduler)

Optimizer and scheduler are built on both sides first, with the same classes, groups and options,
and with their parameters in the same order. A checkpoint of `torch.save` is loaded into them with
PyTorch's own `load_state_dict`, and then dumped. The parameters' own values are not part of it.
"""

from .catalogue import describe_schedulers
from .files import load_state, save_state
from .problems import SpecError, SpecSyntaxError
from .pytorch import from_spec
from .scheduler import Recipe, SpecLR
from .states import dump, dump_averages, load, load_averages

__all__ = [
    "Recipe",
    "SpecError",
    "SpecLR",
    "SpecSyntaxError",
    "describe_schedulers",
    "dump",
    "dump_averages",
    "from_spec",
    "load",
    "load_averages",
    "load_state",
    "save_state",
]
