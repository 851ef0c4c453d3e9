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


def get_cosine_with_min_lr_schedule_with_warmup_lr_rate(
    optimizer,
    num_warmup_steps,
    num_training_steps,
    num_cycles=0.5,
    last_epoch=-1,
    min_lr=None,
    min_lr_rate=None,
    warmup_lr_rate=None,
):
    assert (min_lr is None) != (min_lr_rate is None)
    lowest = min_lr_rate if min_lr is None else min_lr / optimizer.defaults["lr"]
    span = max(1, num_training_steps - num_warmup_steps)

    def factor(step):
        if step >= num_warmup_steps:
            height = _wave(num_cycles, (step + 1 - num_warmup_steps) / span)
            return max(0, height * (1 - lowest) + lowest)
        if warmup_lr_rate is None:
            return (step + 1) / num_warmup_steps
        share = step / max(1, num_warmup_steps - 1)
        return warmup_lr_rate + (1 - warmup_lr_rate) * share

    return LambdaLR(optimizer, factor, last_epoch)


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


class GreedyLR:
    """Raises the lr while metrics get better, lowers it while they do not; not an LRScheduler there."""

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.95,
        patience=10,
        threshold=1e-6,
        threshold_mode="abs",
        cooldown=0,
        warmup=0,
        min_lr=1e-3,
        max_lr=1.0,
        eps=1e-8,
        smooth=False,
        window_size=50,
        reset_start=500,
    ):
        self.optimizer, self.factor, self.patience, self.eps = optimizer, factor, patience, eps
        self.sign = 1 if mode == "min" else -1
        self.threshold, self.is_relative = threshold, threshold_mode == "rel"
        self.cooldown, self.warmup = cooldown, warmup
        count = len(optimizer.param_groups)
        each = lambda value: value if isinstance(value, list) else [value] * count
        self.lowest, self.highest = each(min_lr), each(max_lr)
        self.window = window_size if smooth else None
        self.reset_start = reset_start
        self.start_lrs = self._lrs()
        self._begin()

    def _begin(self):
        self.best = self.sign * math.inf
        self.good = self.bad = 0
        self.resting = 0
        self.resets_in = self.reset_start
        self.values, self.sum = [], 0.0

    def _lrs(self):
        return [group["lr"] for group in self.optimizer.param_groups]

    def _set(self, lrs):
        for group, lr in zip(self.optimizer.param_groups, lrs):
            group["lr"] = lr

    def _average(self, metric):
        if self.window is None:
            return metric
        self.values.append(metric)
        self.sum += metric
        if len(self.values) > self.window:
            self.sum -= self.values.pop(0)
        return self.sum / len(self.values)

    def _is_better(self, metric):
        margin = self.sign * self.threshold
        bar = self.best * (1 - margin) if self.is_relative else self.best - margin
        return metric < bar if self.sign > 0 else metric > bar

    def step(self, metric):
        metric = self._average(metric)
        if self.resting > 0:
            self.resting -= 1
            self.good = self.bad = 0
            return
        if self._is_better(metric):
            self.best, self.good, self.bad = metric, self.good + 1, 0
        else:
            self.good, self.bad = 0, self.bad + 1
        if self.good > self.patience:
            self._raise()
            self.good, self.resting = 0, self.warmup
        elif self.bad > self.patience:
            self._lower()
            self.bad, self.resting = 0, self.cooldown

    def _raise(self):
        self.resets_in = self.reset_start
        raised = [min(lr / self.factor, high) for lr, high in zip(self._lrs(), self.highest)]
        self._set([new if new - lr > self.eps else lr for lr, new in zip(self._lrs(), raised)])

    def _lower(self):
        lowered = [max(lr * self.factor, low) for lr, low in zip(self._lrs(), self.lowest)]
        self._set([new if lr - new > self.eps else lr for lr, new in zip(self._lrs(), lowered)])
        if any(lr > low for lr, low in zip(self._lrs(), self.lowest)):
            return
        self.resets_in -= 1
        if self.resets_in <= 0:
            self._set(self.start_lrs)
            self._begin()


SCHEDULES = {
    "ConstantSchedule": get_constant_schedule,
    "ConstantScheduleWithWarmup": get_constant_schedule_with_warmup,
    "CosineScheduleWithWarmup": get_cosine_schedule_with_warmup,
    "CosineWithHardRestartsScheduleWithWarmup": get_cosine_with_hard_restarts_schedule_with_warmup,
    "CosineWithMinLRScheduleWithWarmup": get_cosine_with_min_lr_schedule_with_warmup,
    "CosineWithMinLRScheduleWithWarmupLRRate": get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
    "GreedyLR": GreedyLR,
    "InverseSqrtSchedule": get_inverse_sqrt_schedule,
    "LinearScheduleWithWarmup": get_linear_schedule_with_warmup,
    "PolynomialDecayScheduleWithWarmup": get_polynomial_decay_schedule_with_warmup,
    "WSDSchedule": get_wsd_schedule,
}
