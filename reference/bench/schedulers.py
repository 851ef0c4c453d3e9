"""Times step() of a SequentialLR."""

import time

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR


def seconds_per_step(lrs, warmup, cosine):
    """The CPU time of a step, over a whole schedule of warm-up and cosine."""
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": lr} for lr in lrs]
    optimizer = torch.optim.SGD(groups)
    phases = [LinearLR(optimizer, total_iters=warmup), CosineAnnealingLR(optimizer, T_max=cosine)]
    scheduler = SequentialLR(optimizer, phases, milestones=[warmup])
    optimizer.step()
    epochs = warmup + cosine
    start = time.process_time()
    for _ in range(epochs):
        scheduler.step()
    return (time.process_time() - start) / epochs
