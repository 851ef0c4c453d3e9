"""The schedules of Hugging Face's `transformers`, which is not needed for them."""

import math

from .formulas import _Outright
from .motion import _power
from .problems import _number_text


class _ConstantSchedule(_Outright):
    def lr(self, o, epoch, g):
        return self.base_lrs[g]

    def option_state(self):
        return {"lr_lambdas": [None for _ in self.base_lrs]}


class _Warmup(_Outright):
    """A linear warm-up from 0, and then whatever the class says."""

    def lr(self, o, epoch, g):
        base_lr = self.base_lrs[g]
        if epoch >= o.num_warmup_steps:
            return self.after(o, epoch, base_lr)
        return self.rise(o, epoch, base_lr)

    def rise(self, o, step: int, base_lr: float) -> float:
        return base_lr * (step / o.num_warmup_steps)

    def after(self, o, step: int, base_lr: float) -> float:
        """The lr from the end of the warm-up on."""
        return base_lr

    def option_state(self):
        return {**super().option_state(), "lr_lambdas": [None for _ in self.base_lrs]}

    def options_in(self, state):
        # A state from Python holds no options: they stay what the spec says.
        return {name: state.get(name, value) for name, value in vars(self.options).items()}


class _ConstantScheduleWithWarmup(_Warmup):
    pass


class _LinearScheduleWithWarmup(_Warmup):
    def after(self, o, step, base_lr):
        left = (o.num_training_steps - step) / max(1, o.num_training_steps - o.num_warmup_steps)
        return base_lr * max(0, left)


class _CosineScheduleWithWarmup(_Warmup):
    def after(self, o, step, base_lr):
        return base_lr * _wave(o.num_cycles, _done(o, step))


class _CosineWithHardRestartsScheduleWithWarmup(_Warmup):
    def after(self, o, step, base_lr):
        done = _done(o, step)
        if done >= 1:
            return 0.0
        return base_lr * 0.5 * (1 + math.cos(math.pi * (o.num_cycles * done % 1)))


class _WithLowestLR(_Warmup):
    def prepare(self):
        o = self.options
        if (o.min_lr is None) == (o.min_lr_rate is None):
            got = "neither" if o.min_lr is None else "both"
            raise ValueError(f"{self.kind}: min_lr must be given, or min_lr_rate, got {got}")

    def lowest(self, o, base_lr):
        return base_lr * (o.min_lr_rate or 0) if o.min_lr is None else o.min_lr


class _CosineWithMinLRScheduleWithWarmup(_WithLowestLR):
    def after(self, o, step, base_lr):
        lowest = self.lowest(o, base_lr)
        return lowest + (base_lr - lowest) * _wave(o.num_cycles, _done(o, step))


class _CosineWithMinLRScheduleWithWarmupLRRate(_WithLowestLR):
    def rise(self, o, step, base_lr):
        start = o.warmup_lr_rate
        if start is None:
            return base_lr * (step + 1) / o.num_warmup_steps
        return base_lr * (start + (1 - start) * step / max(1, o.num_warmup_steps - 1))

    def after(self, o, step, base_lr):
        lowest = self.lowest(o, base_lr)
        done = (step - o.num_warmup_steps + 1) / max(1, o.num_training_steps - o.num_warmup_steps)
        return lowest + (base_lr - lowest) * _wave(o.num_cycles, done)


class _PolynomialDecayScheduleWithWarmup(_Warmup):
    def prepare(self):
        for base_lr in self.base_lrs:
            if self.options.lr_end >= base_lr:
                raise ValueError(
                    "PolynomialDecayScheduleWithWarmup: lr_end must be below the lr of every parameter "
                    f"group, got {_number_text(self.options.lr_end)} with an lr of "
                    f"{_number_text(base_lr)}"
                )

    def after(self, o, step, base_lr):
        if step >= o.num_training_steps:
            return o.lr_end
        left = 1 - (step - o.num_warmup_steps) / (o.num_training_steps - o.num_warmup_steps)
        return (base_lr - o.lr_end) * _power(left, o.power) + o.lr_end


class _InverseSqrtSchedule(_Warmup):
    def prepare(self):
        o = self.options
        if o.timescale is None:
            o.timescale = o.num_warmup_steps or 10_000

    def after(self, o, step, base_lr):
        shift = o.timescale - o.num_warmup_steps
        return base_lr * (1 / math.sqrt((step + shift) / o.timescale))


class _WSDSchedule(_Warmup):
    def prepare(self):
        o = self.options
        if o.num_training_steps is None and o.num_stable_steps is None:
            raise TypeError(
                "WSDSchedule: num_training_steps must be given, or num_stable_steps, got neither"
            )
        if o.num_stable_steps is None:
            o.num_stable_steps = o.num_training_steps - o.num_warmup_steps - o.num_decay_steps
        if o.num_stable_steps < 0:
            raise ValueError(
                "WSDSchedule: num_training_steps must be at least num_warmup_steps + num_decay_steps, "
                f"got {o.num_training_steps}"
            )

    def rise(self, o, step, base_lr):
        return self._lr(o, self._rise(o.warmup_type, step / o.num_warmup_steps), base_lr)

    def after(self, o, step, base_lr):
        decayed = step - o.num_warmup_steps - o.num_stable_steps
        if decayed < 0:
            return base_lr
        height = 0 if decayed >= o.num_decay_steps else self._fall(o, decayed / o.num_decay_steps)
        return self._lr(o, height, base_lr)

    def _rise(self, shape, done):
        if shape == "cosine":
            return 0.5 * (1 - math.cos(math.pi * done))
        return done if shape == "linear" else 1 - math.sqrt(1 - done)

    def _fall(self, o, done):
        if o.decay_type == "cosine":
            return _wave(o.num_cycles, done)
        return 1 - done if o.decay_type == "linear" else 1 - math.sqrt(done)

    def _lr(self, o, height, base_lr):
        return base_lr * (height * (1 - o.min_lr_ratio) + o.min_lr_ratio)


def _wave(num_cycles: float, done: float) -> float:
    """From 1 down to 0 and up again, `num_cycles` times as `done` goes from 0 to 1."""
    return 0.5 * (1 + math.cos(math.pi * num_cycles * 2 * done))


def _done(o, step: int) -> float:
    """How much of the way from the warm-up to the end of training is done, beyond 1 after it."""
    return (step - o.num_warmup_steps) / max(1, o.num_training_steps - o.num_warmup_steps)
