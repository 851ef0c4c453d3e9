"""Times step() of optimizers on a GPU."""

import statistics
import time

import torch

ROUNDS = 7
# A GPU that was idle runs slowly at first.
WARM_UP = 1.5


def seconds_on_gpu(kind, options, shapes, repeats):
    """The time of a step, of which many are asked for at once; None without a GPU."""
    if not torch.cuda.is_available():
        return None
    torch.manual_seed(0)
    params = [torch.nn.Parameter(torch.rand(shape, device="cuda")) for shape in shapes]
    for param in params:
        param.grad = torch.rand_like(param) - 0.5
    optimizer = getattr(torch.optim, kind)(params, **options)
    end = time.perf_counter() + WARM_UP
    while time.perf_counter() < end:
        _seconds(optimizer.step, repeats)
    return statistics.median(_seconds(optimizer.step, repeats) for _ in range(ROUNDS))


def _seconds(step, repeats):
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(repeats):
        step()
    torch.cuda.synchronize()
    return (time.perf_counter() - start) / repeats
