"""Builds PyTorch's optimizers from the cases that the fixtures hold, and trains with them."""

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR


def start(case, values=None):
    """Optimizer, scheduler and parameters, by default with the values that they start from."""
    dtype = getattr(torch, case["dtype"])
    params = [
        torch.nn.Parameter(torch.tensor(row, dtype=dtype).reshape(shape))
        for row, shape in zip(values or case["start"], case["shapes"])
    ]
    groups = [{"params": [params[0]]}, {"params": [params[1]], **case["own"]}]
    optimizer = getattr(torch.optim, case["kind"])(groups, **case["options"])
    scheduler = SequentialLR(
        optimizer,
        [LinearLR(optimizer, total_iters=5), CosineAnnealingLR(optimizer, T_max=20)],
        milestones=[5],
    )
    return optimizer, scheduler, params


def train(case, optimizer, scheduler, params, begin, end):
    for k in range(begin, end):
        for param, grad in zip(params, case["grads"][k]):
            # The last steps leave the second parameter without a gradient.
            skip = param is params[1] and k >= 17
            param.grad = None if skip else torch.tensor(grad, dtype=param.dtype).reshape(param.shape)
        optimizer.step()
        scheduler.step()
