"""Minimizes small problems with PyTorch's LBFGS under a SequentialLR."""

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR


def rosenbrock(x, y):
    return ((1 - x) ** 2 + 100 * (y - x * x) ** 2).sum()


def least_squares(weight, bias, inputs, targets):
    return ((inputs @ weight + bias - targets) ** 2).mean()


def logistic(weight, bias, inputs, targets):
    margins = (2 * targets - 1) * (inputs @ weight + bias)
    return torch.log1p(torch.exp(-margins)).mean() + 0.05 * (weight * weight).sum()


PROBLEMS = {"rosenbrock": rosenbrock, "least_squares": least_squares, "logistic": logistic}


def start(case, values=None):
    """Optimizer, scheduler, parameters and closure; the last parameter never has a gradient."""
    tensor = lambda data: torch.tensor(data, dtype=getattr(torch, case["dtype"]))
    params = [torch.nn.Parameter(tensor(row)) for row in values or case["start"]]
    sign = -1 if case["options"].get("maximize") else 1
    optimizer = torch.optim.LBFGS(params, **case["options"])
    scheduler = SequentialLR(
        optimizer,
        [LinearLR(optimizer, total_iters=3), CosineAnnealingLR(optimizer, T_max=20)],
        milestones=[3],
    )
    data = [tensor(rows) for rows in case["data"]]

    def closure():
        optimizer.zero_grad()
        loss = sign * PROBLEMS[case["problem"]](*params[:2], *data)
        loss.backward()
        return loss

    return optimizer, scheduler, params, closure


def train(optimizer, scheduler, closure, steps):
    """The loss that every step returns, and the evaluations and iterations after it."""
    losses, counts = [], []
    for _ in range(steps):
        losses.append(optimizer.step(closure).item())
        scheduler.step()
        state = next(iter(optimizer.state.values()))
        counts.append([state["func_evals"], state["n_iter"]])
    return {"losses": losses, "counts": counts}
