"""Draws files as PyTorch writes them, and what is in them, into out/checkpoint."""

import json
import sys
import warnings
import zipfile
from collections import Counter, OrderedDict

import numpy
import torch

from checkpoint_values import described, dtypes

warnings.simplefilter("ignore")
FOLDER = sys.argv[1]
VERSION = torch.__version__.split("+")[0]
expected = {}


def draw(name, value, **options):
    torch.save(value, f"{FOLDER}/{name}.pt", **options)
    expected[name] = described(value)


def strides():
    base = torch.arange(24, dtype=torch.float32)
    matrix = base.reshape(4, 6)
    return {
        "base": base,
        "same": base,
        "part": base[5:9],
        "transposed": matrix.t(),
        "every_other": matrix[::2, 1::2],
        "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
        "expanded": torch.tensor([7.0]).expand(3, 2),
        "scalar": torch.tensor(3.5),
        "scalar_int": torch.tensor(12),
        "of_a_row": base[3],
        "empty": torch.empty(0),
        "empty_rows": torch.empty(3, 0),
        "half": torch.arange(6).half().reshape(2, 3).t(),
        "channels_last": torch.arange(16.0).reshape(1, 2, 2, 4).to(memory_format=torch.channels_last),
    }


def containers():
    ordered = OrderedDict([("b", 1), ("a", [2, OrderedDict()])])
    return {
        "ordered": ordered,
        "counter": Counter({30: 1, 80: 2}),
        "empty": [{}, [], (), OrderedDict(), Counter()],
        "tuples": [(1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
        "same": [ordered, ordered],
        "scalars": [None, True, False, 0, 255, 256, 65535, 65536, -1, 2**31 - 1, -(2**31), 2**31],
        "whole": [2**53 - 1, 2**53, -(2**53) - 1, 2**63, 2**100, -(2**100)],
        "floats": [0.1, -0.0, 1e308, float("inf"), float("-inf"), float("nan")],
        "text": ["", "a", "äöü", "\u65e5\u672c", "\U0001f600", "x" * 300],
        "__proto__": {"polluted": True},
        "constructor": "no",
        "numbered": {0: "zero", 7: "seven"},
        "many": [f"item {i}" for i in range(300)],
    }


class Module(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 4)
        self.norm = torch.nn.BatchNorm1d(4)
        self.out = torch.nn.Linear(4, 2, bias=False)
        self.tied = self.out


def module():
    torch.manual_seed(0)
    return Module().state_dict()


def training():
    """A run that stopped in its second phase, and how it goes on."""
    torch.manual_seed(1)
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    lr_scheduler = torch.optim.lr_scheduler
    warmup = lr_scheduler.LinearLR(optimizer, total_iters=3)
    steps = lr_scheduler.MultiStepLR(optimizer, [2, 4], gamma=0.5)
    scheduler = lr_scheduler.SequentialLR(optimizer, [warmup, steps], [3])
    inputs = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]])

    def train(epochs):
        rows = []
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = (model(inputs) ** 2).mean()
            loss.backward()
            rows.append({"loss": loss.item(), "lr": optimizer.param_groups[0]["lr"]})
            optimizer.step()
            scheduler.step()
        return rows

    train(4)
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": 4,
        "note": "stopped",
    }
    draw("training", state)
    torch.save(optimizer.state_dict(), f"{FOLDER}/optimizer.pt")
    torch.save(scheduler.state_dict(), f"{FOLDER}/scheduler.pt")
    rows = train(6)
    expected["training_goes_on"] = {"rows": rows, "model": described(model.state_dict())}


OPTIMIZERS = {
    "SGD": {"lr": 0.1, "momentum": 0.9},
    "Adam": {"lr": 0.1, "amsgrad": True},
    "AdamW": {"lr": 0.1},
    "NAdam": {"lr": 0.1},
    "RAdam": {"lr": 0.1},
    "Adamax": {"lr": 0.1},
    "Adagrad": {"lr": 0.1},
    "Adadelta": {"lr": 0.5},
    "RMSprop": {"lr": 0.1, "momentum": 0.5, "centered": True},
    "Rprop": {"lr": 0.1},
    "ASGD": {"lr": 0.1},
    "Adafactor": {"lr": 0.1},
    "Muon": {"lr": 0.1},
    "LBFGS": {"lr": 0.5, "max_iter": 3, "line_search_fn": "strong_wolfe"},
}
SHAPES = [[2, 3], [4]]


def start_of(shape):
    count = torch.Size(shape).numel()
    return torch.linspace(1, -2, count, dtype=torch.float64).reshape(shape)


def optimizers():
    """Every optimizer on the sum of (p - 0.3)^2 (1 + i / 4): its state, and where it goes from there."""
    files, goes_on = {}, {}
    for name, options in OPTIMIZERS.items():
        shapes = [shape for shape in SHAPES if name != "Muon" or len(shape) == 2]
        params = [torch.nn.Parameter(start_of(shape)) for shape in shapes]
        optimizer = getattr(torch.optim, name)(params, **options)

        def closure():
            optimizer.zero_grad()
            loss = 0
            for param in params:
                weights = 1 + torch.arange(param.numel(), dtype=torch.float64).reshape(param.shape) / 4
                loss = loss + (weights * (param - 0.3) ** 2).sum()
            loss.backward()
            return loss

        for _ in range(3):
            optimizer.step(closure)
        model = {f"p{i}": param.detach().clone() for i, param in enumerate(params)}
        files[name] = {"model": model, "optimizer": optimizer.state_dict()}
        # Tensors of the state go on to change: they are saved first.
        torch.save(files[name], f"{FOLDER}/{name}.pt")
        for _ in range(3):
            optimizer.step(closure)
        goes_on[name] = [described(param) for param in params]
    expected["optimizers_go_on"] = goes_on




def on_a_gpu():
    """The same file as of a tensor on another device: only the name of the place differs."""
    torch.save({"weight": torch.tensor([1.0, 2.0])}, "out/whole.pt")
    with zipfile.ZipFile("out/whole.pt") as read:
        with zipfile.ZipFile(f"{FOLDER}/cuda.pt", "w") as written:
            for entry in read.infolist():
                content = read.read(entry)
                if entry.filename.endswith("data.pkl"):
                    content = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:1")
                written.writestr(zipfile.ZipInfo(entry.filename), content)
    loaded = torch.load(f"{FOLDER}/cuda.pt", weights_only=True, map_location="cpu")
    expected["cuda"] = described(loaded)
    with zipfile.ZipFile(f"{FOLDER}/cuda.pt") as read:
        with zipfile.ZipFile(f"{FOLDER}/deflated.pt", "w", zipfile.ZIP_DEFLATED) as written:
            for entry in read.infolist():
                written.writestr(
                    zipfile.ZipInfo(entry.filename), read.read(entry), zipfile.ZIP_DEFLATED
                )
    expected["deflated"] = described(torch.load(f"{FOLDER}/deflated.pt", map_location="cpu"))


def refused():
    linear = torch.nn.Linear(2, 1)
    torch.save({"a": torch.ones(2)}, f"{FOLDER}/legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.script(linear).save(f"{FOLDER}/script.pt")
    torch.save({"loss": numpy.float64(0.5)}, f"{FOLDER}/numpy.pt")
    torch.save(linear, f"{FOLDER}/whole_module.pt")
    torch.save({"z": torch.ones(2, dtype=torch.complex64)}, f"{FOLDER}/complex.pt")


draw("dtypes", dtypes())
draw("strides", strides())
draw("containers", containers())
draw("containers_protocol_5", containers(), pickle_protocol=5)
draw("strides_protocol_4", strides(), pickle_protocol=4)
draw("module", module())
draw("parameter", {"p": torch.nn.Parameter(torch.tensor([1.0, -1.0]))})
draw("size", [torch.ones(2, 3).shape])
training()
optimizers()
on_a_gpu()
refused()
with open(f"{FOLDER}/expected.json", "w") as file:
    json.dump({"pytorch": VERSION, "files": expected}, file, allow_nan=False, indent=1)
print(FOLDER, len(expected))
