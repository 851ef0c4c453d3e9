"""Goes on with a run of the digits, in one process or in many.

    torchrun --nproc-per-node 2 train.py checkpoint.pt digits.csv.gz --schedule schedule.json --epochs 40

The checkpoint is one of `npm start -- --checkpoint-format pt`, which goes on with it afterwards. Every process
builds the same schedule from the same spec and steps it once an epoch, so that their learning rates are equal
without a message. A batch is dealt out to the processes; its gradient is the mean over the whole of it.
"""

import argparse
import csv
import gzip
import json
import os
from pathlib import Path

import numpy
import torch
import torch.distributed as dist
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

from torch_optim import from_spec

PIXELS, TRAINING_IMAGES = 64, 1437
WEIGHTS = ("w1", "b1", "w2", "b2")


class Digits(torch.nn.Module):
    """The classifier: 64 pixels, a hidden layer, 10 digits."""

    def __init__(self, weights):
        super().__init__()
        for name in WEIGHTS:
            self.register_parameter(name, torch.nn.Parameter(weights[name]))

    def forward(self, x):
        return torch.relu(x @ self.w1 + self.b1) @ self.w2 + self.b2


def shuffled(count, seed, purpose):
    """The order in which the run takes its data, as pure-rand draws it."""
    words = numpy.random.RandomState((seed * 0x9E3779B1 ^ purpose * 0x85EBCA6B) & 0xFFFFFFFF)
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        largest = 2**32 // (i + 1) * (i + 1)
        word = largest
        while word >= largest:
            word = int(words.randint(0, 2**32, dtype=numpy.uint32)) ^ 0x80000000
        j = word % (i + 1)
        order[i], order[j] = order[j], order[i]
    return torch.tensor(order)


def load_digits(path, seed):
    """Pixels and digits in the run's own order: those to train on, then those held out."""
    with gzip.open(path, "rt") as file:
        rows = torch.tensor([[float(x) for x in row] for row in csv.reader(file)])
    rows = rows[shuffled(len(rows), seed, 0)]
    return rows[:, :PIXELS] / 16, rows[:, PIXELS].long()


def phase_of(spec, epoch):
    """The type of the scheduler that an epoch belongs to in the outermost sequence."""
    phases = spec.get("schedulers", [spec])
    return phases[sum(epoch >= milestone for milestone in spec.get("milestones", []))]["type"]


def train_epoch(model, optimizer, pixels, digits, batches, lrs):
    """Trains on this process's share of every batch; the mean loss over all images of all processes."""
    rank, world = dist.get_rank(), dist.get_world_size()
    total = torch.zeros((), dtype=torch.float64)
    for batch in batches:
        share = batch[rank::world]
        optimizer.zero_grad()
        own = cross_entropy(model(pixels[share]), digits[share], reduction="sum")
        # The processes' gradients are averaged: shares of different sizes count by their images.
        (own * world / len(batch)).backward()
        lrs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        total += own.item()
    dist.all_reduce(total)
    # A plateau decides by it, so all have the same to the last bit.
    dist.broadcast(total, 0)
    return total.item() / sum(len(batch) for batch in batches)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--schedule", type=Path, required=True, help="the spec, a JSON file")
    parser.add_argument("--epochs", type=int, required=True, help="how many to go on for")
    parser.add_argument("--lrs", type=Path, help="a folder for the lr of every step, a file a process")
    args = parser.parse_args()

    dist.init_process_group("gloo")
    torch.set_num_threads(1)
    saved = torch.load(args.checkpoint, weights_only=True)
    options, history = saved["extra"]["options"], saved["extra"]["history"]
    pixels, digits = load_digits(args.data, options["seed"])
    model = DistributedDataParallel(Digits(saved["model"]))
    optimizer = torch.optim.AdamW(model.parameters(), lr=options["lr"], weight_decay=0.1)
    spec = json.loads(args.schedule.read_text())
    scheduler = from_spec(optimizer, spec)
    optimizer.load_state_dict(saved["optimizer"])
    scheduler.load_state_dict(saved["scheduler"])

    lrs = []
    for epoch in range(len(history), min(len(history) + args.epochs, options["epochs"])):
        lr = optimizer.param_groups[0]["lr"]
        order = shuffled(TRAINING_IMAGES, options["seed"], epoch + 1)
        batches = order.split(options["batchSize"])
        loss = train_epoch(model, optimizer, pixels, digits, batches, lrs)
        scheduler.step()
        with torch.no_grad():
            guesses = model.module(pixels[TRAINING_IMAGES:]).argmax(1)
        accuracy = (guesses == digits[TRAINING_IMAGES:]).double().mean().item()
        done = {"lr": lr, "loss": loss, "accuracy": accuracy}
        history.append({"epoch": epoch, "phase": phase_of(spec, epoch), **done})
        if dist.get_rank() == 0 and (epoch + 1) % 10 == 0:
            print(f"epoch {epoch + 1}  lr {lr:.2e}  loss {loss:.4f}  accuracy {accuracy:.1%}")

    if args.lrs:
        hexadecimal = json.dumps([float(lr).hex() for lr in lrs])
        (args.lrs / f"rank-{dist.get_rank()}.json").write_text(hexadecimal)
    if dist.get_rank() == 0:
        save(args.checkpoint, model.module, optimizer, scheduler, saved["extra"])
    dist.destroy_process_group()


def save(path, model, optimizer, scheduler, extra):
    """Puts a checkpoint in the place of the last one, which stays whole until this one is."""
    states = {"optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
    weights = {name: param.detach() for name, param in model.named_parameters()}
    written = path.with_suffix(".new")
    torch.save({"model": weights, **states, "extra": extra}, written)
    os.replace(written, path)


if __name__ == "__main__":
    main()
