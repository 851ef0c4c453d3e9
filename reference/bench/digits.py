"""Trains the classifier of examples/digits with PyTorch."""

import base64
import csv
import gzip
import io
import tempfile
import time

import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

HELD_OUT = 360


def train(data, epochs, batch_size, lr):
    """Trains as examples/digits does, a checkpoint after every epoch, on its CSV in base64."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    pixels, digits = load(data)
    split = len(digits) - HELD_OUT
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    loss_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.2)
    warmup = max(1, round(epochs / 10))
    phases = [
        LinearLR(optimizer, start_factor=0.1, total_iters=warmup),
        CosineAnnealingLR(optimizer, T_max=epochs - warmup),
    ]
    scheduler = SequentialLR(optimizer, phases, milestones=[warmup])

    def train_epoch():
        total = 0.0
        for batch in torch.randperm(split).split(batch_size):
            optimizer.zero_grad()
            loss = loss_of(model(pixels[batch]), digits[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        scheduler.step()
        with torch.no_grad():
            guesses = model(pixels[split:]).argmax(dim=1)
        accuracy = (guesses == digits[split:]).float().mean().item()
        return total / split, accuracy

    wall = cpu = 0.0
    with tempfile.NamedTemporaryFile() as checkpoint:
        for _ in range(epochs):
            start, cpu_start = time.perf_counter(), time.process_time()
            _, accuracy = train_epoch()
            wall += time.perf_counter() - start
            cpu += time.process_time() - cpu_start
            state = [model.state_dict(), optimizer.state_dict(), scheduler.state_dict()]
            torch.save(state, checkpoint.name)
    return {"wall": wall, "cpu": cpu, "accuracy": accuracy}


def load(data):
    text = gzip.decompress(base64.b64decode(data)).decode()
    rows = torch.tensor([[float(x) for x in row] for row in csv.reader(io.StringIO(text))])
    rows = rows[torch.randperm(len(rows))]
    return rows[:, :64] / 16, rows[:, 64].long()
