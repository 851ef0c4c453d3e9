"""The schedules of Hugging Face's transformers over PyTorch's own LambdaLR.

Written from what transformers documents, with its names, arguments and defaults, so that code for
transformers runs here, where transformers is not installed.
"""

import math

from torch.optim.lr_scheduler import LambdaLR


def _schedule(optimizer, warmup, factor, last_epoch, rise=lambda share: share):
    """A rise over `warmup` steps, and `factor(step)` from there on."""
    return LambdaLR(
        optimizer,
        lambda step: rise(step / max(1, warmup)) if step < warmup else factor(step),
        last_epoch,
    )


def _progress(step, warmup, training):
    return (step - warmup) / max(1, training - warmup)


def _wave(cycles, progress):
    return 0.5 * (1.0 + math.cos(math.pi * cycles * 2.0 * progress))


def get_constant_schedule(optimizer, last_epoch=-1):
    return _schedule(optimizer, 0, lambda step: 1.0, last_epoch)


def get_constant_schedule_with_warmup(optimizer, num_warmup_steps, last_epoch=-1):
    return _schedule(optimizer, num_warmup_steps, lambda step: 1.0, last_epoch)


def get_linear_schedule_with_warmup(optimizer, num_warmup_steps, num_training_steps, last_epoch=-1):
    span = max(1, num_training_steps - num_warmup_steps)
    fall = lambda step: max(0.0, (num_training_steps - step) / span)
    return _schedule(optimizer, num_warmup_steps, fall, last_epoch)


def get_cosine_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1
):
    fall = lambda step: max(
        0.0, _wave(num_cycles, _progress(step, num_warmup_steps, num_training_steps))
    )
    return _schedule(optimizer, num_warmup_steps, fall, last_epoch)


def get_cosine_with_hard_restarts_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, num_cycles=1, last_epoch=-1
):
    def fall(step):
        progress = _progress(step, num_warmup_steps, num_training_steps)
        if progress >= 1:
            return 0.0
        return max(0.0, 0.5 * (1.0 + math.cos(math.pi * ((num_cycles * progress) % 1.0))))

    return _schedule(optimizer, num_warmup_steps, fall, last_epoch)


def get_polynomial_decay_schedule_with_warmup(
    optimizer, num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0, last_epoch=-1
):
    lr_init = optimizer.defaults["lr"]
    assert lr_init > lr_end

    def fall(step):
        if step > num_training_steps:
            return lr_end / lr_init
        left = 1 - (step - num_warmup_steps) / (num_training_steps - num_warmup_steps)
        return ((lr_init - lr_end) * left**power + lr_end) / lr_init

    return _schedule(optimizer, num_warmup_steps, fall, last_epoch)


def get_inverse_sqrt_schedule(optimizer, num_warmup_steps, timescale=None, last_epoch=-1):
    scale = timescale if timescale is not None else num_warmup_steps or 10_000
    fall = lambda step: 1.0 / math.sqrt((step + scale - num_warmup_steps) / scale)
    return _schedule(optimizer, num_warmup_steps, fall, last_epoch)


def get_cosine_with_min_lr_schedule_with_warmup(
    optimizer,
    num_warmup_steps,
    num_training_steps,
    num_cycles=0.5,
    last_epoch=-1,
    min_lr=None,
    min_lr_rate=None,
):
    assert (min_lr is None) != (min_lr_rate is None)
    lowest = min_lr_rate if min_lr is None else min_lr / optimizer.defaults["lr"]

    def fall(step):
        height = _wave(num_cycles, _progress(step, num_warmup_steps, num_training_steps))
        return max(0, height * (1 - lowest) + lowest)

    return _schedule(optimizer, num_warmup_steps, fall, last_epoch)


def get_wsd_schedule(
    optimizer,
    num_warmup_steps,
    num_decay_steps,
    num_training_steps=None,
    num_stable_steps=None,
    warmup_type="linear",
    decay_type="cosine",
    min_lr_ratio=0,
    num_cycles=0.5,
    last_epoch=-1,
):
    if num_stable_steps is None:
        num_stable_steps = num_training_steps - num_warmup_steps - num_decay_steps
    above_minimum = lambda height: max(0.0, height * (1.0 - min_lr_ratio) + min_lr_ratio)
    rises = {
        "linear": lambda share: share,
        "cosine": lambda share: 0.5 * (1.0 - math.cos(math.pi * share)),
        "1-sqrt": lambda share: 1.0 - math.sqrt(1.0 - share),
    }
    falls = {
        "linear": lambda share: 1.0 - share,
        "cosine": lambda share: _wave(num_cycles, share),
        "1-sqrt": lambda share: 1.0 - math.sqrt(share),
    }

    def fall(step):
        decayed = step - num_warmup_steps - num_stable_steps
        if decayed < 0:
            return 1.0
        if decayed >= num_decay_steps:
            return min_lr_ratio
        return above_minimum(falls[decay_type](decayed / num_decay_steps))

    rise = lambda share: above_minimum(rises[warmup_type](share))
    return _schedule(optimizer, num_warmup_steps, fall, last_epoch, rise)


SCHEDULES = {
    "ConstantSchedule": get_constant_schedule,
    "ConstantScheduleWithWarmup": get_constant_schedule_with_warmup,
    "CosineScheduleWithWarmup": get_cosine_schedule_with_warmup,
    "CosineWithHardRestartsScheduleWithWarmup": get_cosine_with_hard_restarts_schedule_with_warmup,
    "CosineWithMinLRScheduleWithWarmup": get_cosine_with_min_lr_schedule_with_warmup,
    "InverseSqrtSchedule": get_inverse_sqrt_schedule,
    "LinearScheduleWithWarmup": get_linear_schedule_with_warmup,
    "PolynomialDecayScheduleWithWarmup": get_polynomial_decay_schedule_with_warmup,
    "WSDSchedule": get_wsd_schedule,
}
