"""Times step() of optimizers, with one thread."""

import time

import torch

# Optimizers that were built already, by what was asked for.
_built = {}


def seconds_per_update(kind, options, shapes, implementation, steps):
    """The CPU time of a step, over some steps; the implementation is "fused", "foreach" or None."""
    torch.set_num_threads(1)
    key = repr((kind, options, shapes, implementation))
    if key not in _built:
        _built[key] = _build(kind, options, shapes, implementation)
    step = _built[key]
    start = time.process_time()
    for _ in range(steps):
        step()
    return (time.process_time() - start) / steps


def drop_optimizers():
    """Gives back the memory of those that were built."""
    _built.clear()
    return None


def _build(kind, options, shapes, implementation):
    torch.manual_seed(0)
    params = [torch.nn.Parameter(torch.rand(shape)) for shape in shapes]
    if kind == "LBFGS":
        return _build_lbfgs(params, options)
    for param in params:
        param.grad = torch.rand_like(param) - 0.5
    choice = {implementation: True} if implementation else {}
    optimizer = getattr(torch.optim, kind)(params, **options, **choice)
    optimizer.step()
    return optimizer.step


def _build_lbfgs(params, options):
    """Two gradients by turns, so that what is measured is the optimizer."""
    optimizer = torch.optim.LBFGS(params, **options)
    grads = [[torch.rand_like(param) - 0.5 for param in params] for _ in range(2)]
    for param in params:
        param.grad = torch.zeros_like(param)
    turn = 0

    def closure():
        nonlocal turn
        turn = 1 - turn
        for param, grad in zip(params, grads[turn]):
            param.grad.copy_(grad)
        return torch.tensor(1.0)

    return lambda: optimizer.step(closure)
