"""The formula of every scheduler that is not made of others."""

import math
from bisect import bisect_right

from .motion import _divided, _Ground, _Motion, _power, _Reader, _shared, _value_of
from .problems import _number_text, _refusal


class _Scaling(_Motion):
    """Multiplies the lr of all groups by the same factor."""

    def factor(self, o, epoch: float) -> float:
        """The closed form: the factor from the base lr to `epoch`."""
        raise NotImplementedError

    def ratio(self, o, epoch: int) -> float:
        """The chainable form: the factor from the epoch before to `epoch`, which is above 0."""
        raise NotImplementedError

    def begin(self, lrs):
        return self._scale(lrs, self.factor(self.options, 0), 0)

    def advance(self, lrs, epoch, metric):
        ratio = self.ratio(self.options, epoch)
        return self._scale(lrs, ratio, epoch) if math.isfinite(ratio) else self.at(epoch)

    def at(self, epoch, begin=None):
        return self._scale(self.base_lrs, self.factor(self.options, epoch), epoch)

    def has_own_curve(self):
        # No ratio leads back from 0.
        return self.factor(self.options, 0) == 0 and self.factor(self.options, math.inf) > 0

    def is_factor(self):
        # A gamma of 0 makes 0 of what a neighbour has added since, over and over.
        return getattr(self.options, "gamma", 1) != 0

    def _scale(self, lrs, factor, epoch):
        return self.moved(epoch, [lr * factor for lr in lrs])


class _ConstantLR(_Scaling):
    def factor(self, o, epoch):
        return o.factor if epoch < o.total_iters else 1.0

    def ratio(self, o, epoch):
        return _divided(1, o.factor) if epoch == o.total_iters else 1.0


class _LinearLR(_Scaling):
    def factor(self, o, epoch):
        if o.total_iters == 0:
            return o.end_factor
        done = min(o.total_iters, epoch)
        return o.start_factor + (o.end_factor - o.start_factor) * done / o.total_iters

    def ratio(self, o, epoch):
        if epoch > o.total_iters:
            return 1.0
        rise = o.end_factor - o.start_factor
        return 1 + _divided(rise, o.total_iters * o.start_factor + (epoch - 1) * rise)


class _PolynomialLR(_Scaling):
    def factor(self, o, epoch):
        return _power(1 - min(o.total_iters, epoch) / o.total_iters, o.power)

    def ratio(self, o, epoch):
        if epoch > o.total_iters:
            return 1.0
        left, before = 1 - epoch / o.total_iters, 1 - (epoch - 1) / o.total_iters
        return _power(left / before, o.power)


class _StepLR(_Scaling):
    def factor(self, o, epoch):
        return _power(o.gamma, epoch // o.step_size)

    def ratio(self, o, epoch):
        return o.gamma if epoch % o.step_size == 0 else 1.0


class _MultiStepLR(_Scaling):
    def prepare(self):
        self._sorted = sorted(self.options.milestones)

    def factor(self, o, epoch):
        return _power(o.gamma, bisect_right(self._sorted, epoch))

    def ratio(self, o, epoch):
        steps = bisect_right(self._sorted, epoch) - bisect_right(self._sorted, epoch - 1)
        return _power(o.gamma, steps)

    def option_state(self):
        # PyTorch keeps a count for every milestone.
        counts: dict[int, int] = {}
        for milestone in self.options.milestones:
            counts[milestone] = counts.get(milestone, 0) + 1
        return {"milestones": counts, "gamma": self.options.gamma}

    def options_in(self, state: _Reader):
        milestones = state.value("milestones")
        if isinstance(milestones, dict):
            counts = {int(epoch): int(count) for epoch, count in milestones.items()}
            if sum(counts.values()) > 1_000_000:
                raise ValueError(f"{state.path}.milestones must count at most 1000000 epochs")
            milestones = [epoch for epoch, count in counts.items() for _ in range(count)]
        return {"milestones": milestones, "gamma": state.value("gamma")}


class _ExponentialLR(_Scaling):
    def factor(self, o, epoch):
        return _power(o.gamma, epoch)

    def ratio(self, o, epoch):
        return o.gamma


class _RampLR(_Scaling):
    def prepare(self):
        o = self.options
        if o.shape == "log" and o.total_iters == 1:
            raise ValueError('RampLR: total_iters must be 0 or at least 2 with shape "log", got 1')
        for option in ("end_factor", "start_factor"):
            if o.shape == "exponential" and getattr(o, option) == 0:
                raise ValueError(
                    f'RampLR: {option} must be above 0 with shape "exponential", got 0'
                )

    def factor(self, o, epoch):
        share = self._share(o, epoch)
        if share == 1:
            return o.end_factor
        # As powers of both, since their quotient may be no finite number.
        if o.shape == "exponential":
            return _power(o.start_factor, 1 - share) * _power(o.end_factor, share)
        return o.start_factor + (o.end_factor - o.start_factor) * share

    def ratio(self, o, epoch):
        before, now = self.factor(o, epoch - 1), self.factor(o, epoch)
        return 1.0 if now == before else _divided(now, before)

    def has_own_curve(self):
        # No ratio leads through a 0.
        o = self.options
        return o.end_factor == 0 or (o.start_factor == 0 and o.total_iters > 0)

    def _share(self, o, epoch):
        """The share of the way that is done."""
        if epoch >= o.total_iters:
            return 1
        done = epoch / o.total_iters
        if o.shape == "cosine":
            return (1 - math.cos(math.pi * done)) / 2
        if o.shape == "sqrt":
            return math.sqrt(done)
        if o.shape == "square":
            return done * done
        if o.shape == "log":
            return min(1, math.log(epoch + 1) / math.log(o.total_iters))
        return done


class _CosineAnnealingLR(_Motion):
    def begin(self, lrs):
        return self.moved(0, list(lrs))

    def advance(self, lrs, epoch, metric):
        T_max = self.options.T_max
        # No factor leads up from the minimum, so the first epoch after it adds.
        if (epoch - 1 - T_max) % (2 * T_max) == 0:
            rise = 1 - math.cos(math.pi / T_max)
            added = [(base - low) * rise / 2 for base, low in self._spans()]
            return self.moved(epoch, [lr + more for lr, more in zip(lrs, added)])
        ratio = _divided(self._height(epoch), self._height(epoch - 1))
        return self.moved(
            epoch, [ratio * (lr - low) + low for lr, (_, low) in zip(lrs, self._spans())]
        )

    def at(self, epoch, begin=None):
        height = self._height(epoch)
        return self.moved(epoch, [low + (base - low) * height / 2 for base, low in self._spans()])

    def is_factor(self):
        return all(low == 0 for _, low in self._spans())

    def last_return(self, epoch):
        T_max = self.options.T_max
        return epoch - (epoch - T_max - 1) % (2 * T_max) if epoch > T_max else -1

    def _height(self, epoch):
        """Twice the share of the way from `eta_min` to the base lr."""
        return 1 + math.cos(math.pi * epoch / self.options.T_max)

    def _spans(self):
        return [(base, _value_of(self.options.eta_min, g)) for g, base in enumerate(self.base_lrs)]


class _CosineAnnealingWarmRestarts(_Motion):
    own_fields = ("T_cur", "T_i")

    def prepare(self):
        if not hasattr(self, "T_i"):
            self.T_cur, self.T_i = 0, self.options.T_0

    def begin(self, lrs):
        return self.at(0)

    def advance(self, lrs, epoch, metric):
        is_restart = self.T_cur + 1 >= self.T_i
        self.T_cur = (self.T_cur + 1) % self.T_i if is_restart else self.T_cur + 1
        if is_restart:
            self.T_i *= self.options.T_mult
        return self._anneal(epoch)

    def at(self, epoch, begin=None):
        o = self.options
        if o.T_mult == 1:
            self.T_i, self.T_cur = o.T_0, epoch % o.T_0
            return self._anneal(epoch)
        start, self.T_i = 0, o.T_0
        while epoch >= start + self.T_i:
            start += self.T_i
            self.T_i *= o.T_mult
        self.T_cur = epoch - start
        return self._anneal(epoch)

    def has_own_curve(self):
        return True

    def load(self, state):
        super().load(state)
        if not 0 <= self.T_cur < self.T_i:
            expected = f"a finite number of at least 0 and below {self.T_i}"
            raise ValueError(f"{state.path}.T_cur {_refusal(expected, self.T_cur)}")

    def _anneal(self, epoch):
        height = 1 + math.cos(math.pi * self.T_cur / self.T_i)
        lows = [_value_of(self.options.eta_min, g) for g in range(len(self.base_lrs))]
        lrs = [low + (base - low) * height / 2 for base, low in zip(self.base_lrs, lows)]
        return self.moved(epoch, lrs)


class _Outright(_Motion):
    """Sets the lr outright: its closed form is all there is."""

    def lr(self, o, epoch: int, g: int) -> float:
        """The lr of group `g` at `epoch`."""
        raise NotImplementedError

    def begin(self, lrs):
        return self.at(0)

    def advance(self, lrs, epoch, metric):
        return self.at(epoch)

    def at(self, epoch, begin=None):
        return self.moved(
            epoch, [self.lr(self.options, epoch, g) for g in range(len(self.base_lrs))]
        )

    def has_own_curve(self):
        return True


class _KeyframesLR(_Outright):
    def prepare(self):
        epochs, factors = len(self.options.epochs), len(self.options.factors)
        if factors != epochs:
            raise ValueError(
                f"KeyframesLR: factors must be {epochs} for {epochs} epochs, got {factors}"
            )

    def lr(self, o, epoch, g):
        k = bisect_right(o.epochs, epoch) - 1
        factor = o.factors[k]
        if k < len(o.epochs) - 1 and o.interpolation != "step":
            done = (epoch - o.epochs[k]) / (o.epochs[k + 1] - o.epochs[k])
            share = (1 - math.cos(math.pi * done)) / 2 if o.interpolation == "cosine" else done
            factor += (o.factors[k + 1] - factor) * share
        return self.base_lrs[g] * factor


class _Cycling(_Outright):
    """Brings its own base lr, and cycles the momentum (beta1 where a group has betas) against the lr."""

    has_own_base_lr = True

    def momentum_at(self, o, epoch: int, g: int) -> float:
        raise NotImplementedError

    def momentum(self, g):
        return (
            self.momentum_at(self.options, self.epoch, g) if self.options.cycle_momentum else None
        )

    def prepare(self):
        o = self.options
        for g, kind in enumerate(self.ground.momenta if o.cycle_momentum else []):
            if kind is None:
                raise TypeError(
                    f"{self.kind}: cycle_momentum must be false for an optimizer without momentum or "
                    f"betas, got true, and parameter group {g} has neither"
                )
            for option in ("base_momentum", "max_momentum") if kind == "betas" else ():
                momentum = _value_of(getattr(o, option), g)
                if momentum >= 1:
                    raise ValueError(
                        f"{self.kind}: {option} must be below 1 for betas, got {_number_text(momentum)}"
                    )

    def of_groups(self, option: str) -> list[float]:
        value = getattr(self.options, option)
        return [_value_of(value, g) for g in range(len(self.base_lrs))]

    def momentum_state(self) -> dict:
        """The momentum's part of a state."""
        if not self.options.cycle_momentum:
            return {"cycle_momentum": False}
        return {
            "cycle_momentum": True,
            "use_beta1": "betas" in self.ground.momenta,
            "base_momentums": self.of_groups("base_momentum"),
            "max_momentums": self.of_groups("max_momentum"),
        }

    def momentum_options_in(self, state: _Reader) -> dict:
        o = self.options
        # A state that does not cycle need not say between which values.
        return {
            "cycle_momentum": state.value("cycle_momentum"),
            "base_momentum": _shared(state.get("base_momentums", o.base_momentum)),
            "max_momentum": _shared(state.get("max_momentums", o.max_momentum)),
        }


class _CyclicLR(_Cycling):
    def base_of(self, ground: _Ground):
        return [_value_of(self.options.base_lr, g) for g in range(len(ground.base_lrs))]

    def lr(self, o, epoch, g):
        base_lr = self.base_lrs[g]
        height = _value_of(o.max_lr, g) - base_lr
        return base_lr + height * self._rise(o, epoch) * self._scale(o, epoch)

    def momentum_at(self, o, epoch, g):
        highest = _value_of(o.max_momentum, g)
        height = highest - _value_of(o.base_momentum, g)
        return highest - height * self._rise(o, epoch) * self._scale(o, epoch)

    def _size(self, o):
        return o.step_size_up + (o.step_size_up if o.step_size_down is None else o.step_size_down)

    def _cycle(self, o, epoch):
        return math.floor(1 + epoch / self._size(o))

    def _rise(self, o, epoch):
        """How far up its triangle an epoch stands, from 0 to 1."""
        size = self._size(o)
        share = o.step_size_up / size
        x = 1 + epoch / size - self._cycle(o, epoch)
        return x / share if x <= share else (x - 1) / (share - 1)

    def _scale(self, o, epoch):
        if o.mode == "triangular2":
            return _power(2, 1 - self._cycle(o, epoch))
        return _power(o.gamma, epoch) if o.mode == "exp_range" else 1.0

    def option_state(self):
        o = self.options
        size = self._size(o)
        return {
            "max_lrs": self.of_groups("max_lr"),
            "total_size": size,
            "step_ratio": o.step_size_up / size,
            "mode": o.mode,
            "gamma": o.gamma,
            "scale_mode": "iterations" if o.mode == "exp_range" else "cycle",
            **self.momentum_state(),
            "_scale_fn_custom": None,
        }

    def options_in(self, state: _Reader):
        size = state.number("total_size")
        up = math.floor(size * state.number("step_ratio") + 0.5)
        return {
            "base_lr": _shared(state.value("base_lrs")),
            "max_lr": _shared(state.value("max_lrs")),
            "step_size_up": up,
            "step_size_down": int(size) - up,
            **{name: state.value(name) for name in ("mode", "gamma", "scale_mode")},
            **self.momentum_options_in(state),
        }


_RISE = ("low", "high", "high", "low")
# From which lr to which, and the same of the momentum.
_TWO_PARTS = (_RISE, ("high", "last", "low", "high"))
_THREE_PARTS = (_RISE, ("high", "low", "low", "high"), ("low", "last", "high", "high"))


class _OneCycleLR(_Cycling):
    def base_of(self, ground: _Ground):
        o = self.options
        return [_value_of(o.max_lr, g) / o.div_factor for g in range(len(ground.base_lrs))]

    def prepare(self):
        super().prepare()
        o = self.options
        o.total_steps = o.total_steps or (o.epochs or 0) * (o.steps_per_epoch or 0)
        if o.total_steps == 0:
            raise TypeError(
                "OneCycleLR: total_steps must be a whole number of at least 1, or epochs and "
                "steps_per_epoch must be given, got neither"
            )
        if o.pct_start * o.total_steps <= 1:
            raise ValueError(
                "OneCycleLR: pct_start must be above 1 / total_steps, so that the lr has a step to "
                f"rise, got {_number_text(o.pct_start)} with {o.total_steps} steps"
            )

    def at(self, epoch, begin=None):
        if epoch > self.options.total_steps:
            raise ValueError(
                f"OneCycleLR: step {epoch} is past the end of the cycle, total_steps is "
                f"{self.options.total_steps}"
            )
        return super().at(epoch)

    def lr(self, o, epoch, g):
        i = self._part_at(o, epoch)
        first, last, _, _ = self._parts(o)[i]
        return self._anneal(
            o, self._height(o, first, g), self._height(o, last, g), self._done(o, i, epoch)
        )

    def momentum_at(self, o, epoch, g):
        i = self._part_at(o, epoch)
        momenta = {"low": _value_of(o.base_momentum, g), "high": _value_of(o.max_momentum, g)}
        _, _, first, last = self._parts(o)[i]
        return self._anneal(o, momenta[first], momenta[last], self._done(o, i, epoch))

    def _parts(self, o):
        return _THREE_PARTS if o.three_phase else _TWO_PARTS

    def _end_of(self, o, i):
        """The last step of a part."""
        if i == 0:
            return o.pct_start * o.total_steps - 1
        return (
            2 * o.pct_start * o.total_steps - 2 if i == 1 and o.three_phase else o.total_steps - 1
        )

    def _part_at(self, o, step):
        """The part of a step; the last one goes on past its end."""
        last = len(self._parts(o)) - 1
        return next((i for i in range(last) if step <= self._end_of(o, i)), last)

    def _done(self, o, i, step):
        """How much of a part is done at a step."""
        start, end = 0 if i == 0 else self._end_of(o, i - 1), self._end_of(o, i)
        return 1 if end == start else (step - start) / (end - start)

    def _height(self, o, height, g):
        if height == "high":
            return _value_of(o.max_lr, g)
        return self.base_lrs[g] if height == "low" else self.base_lrs[g] / o.final_div_factor

    def _anneal(self, o, first, last, done):
        if o.anneal_strategy == "linear":
            return (last - first) * done + first
        return last + (first - last) / 2 * (math.cos(math.pi * done) + 1)

    def option_state(self):
        """PyTorch keeps what it needs of the options in the parameter groups; here it is in the state."""
        o = self.options
        lr = {"low": "initial_lr", "high": "max_lr", "last": "min_lr"}
        momentum = {"low": "base_momentum", "high": "max_momentum"}
        phases = [
            {
                "end_step": self._end_of(o, i),
                "start_lr": lr[first],
                "end_lr": lr[last],
                "start_momentum": momentum[start],
                "end_momentum": momentum[end],
            }
            for i, (first, last, start, end) in enumerate(self._parts(o))
        ]
        return {
            "total_steps": o.total_steps,
            "_schedule_phases": phases,
            "_anneal_func_type": o.anneal_strategy,
            **self.momentum_state(),
            "max_lrs": self.of_groups("max_lr"),
            **{name: getattr(o, name) for name in _KEPT_OF_ONE_CYCLE},
        }

    def options_in(self, state: _Reader):
        o = self.options
        return {
            "max_lr": _shared(state.get("max_lrs", o.max_lr)),
            "total_steps": state.value("total_steps"),
            "anneal_strategy": state.value("_anneal_func_type"),
            **self.momentum_options_in(state),
            # What PyTorch's states leave out stays what the spec says.
            **{name: state.get(name, getattr(o, name)) for name in _KEPT_OF_ONE_CYCLE},
        }

    def load(self, state):
        super().load(state)
        if self.epoch > self.options.total_steps:
            expected = f"a finite number of at least -1 and of at most {self.options.total_steps}"
            raise ValueError(f"{state.path}.last_epoch {_refusal(expected, self.epoch)}")


_KEPT_OF_ONE_CYCLE = ("pct_start", "div_factor", "final_div_factor", "three_phase")


class _SWALR(_Motion):
    is_relative = True

    def begin(self, lrs):
        return self._anneal(lrs, 0, 0)

    def enter(self, lrs):
        return self.begin(lrs)

    def advance(self, lrs, epoch, metric):
        return self._anneal(lrs, self._share(epoch - 1), epoch)

    def at(self, epoch, begin=None):
        return self._anneal(begin() if begin else self.base_lrs, 0, epoch)

    def has_own_curve(self):
        return True

    def option_state(self):
        # PyTorch keeps the lr to anneal to in the parameter groups; here it is in the state.
        o = self.options
        return {
            "swa_lr": o.swa_lr,
            "anneal_epochs": o.anneal_epochs,
            "_anneal_strategy": o.anneal_strategy,
        }

    def options_in(self, state: _Reader):
        return {
            "swa_lr": state.get("swa_lr", self.options.swa_lr),
            "anneal_epochs": state.value("anneal_epochs"),
            "anneal_strategy": state.value("_anneal_strategy"),
        }

    def _anneal(self, lrs, done, epoch):
        """From lrs on the way, of which `done` lies behind, to those of an epoch."""
        share = self._share(epoch)
        ends = [_value_of(self.options.swa_lr, g) for g in range(len(lrs))]
        starts = [
            end if done == 1 else (lr - done * end) / (1 - done) for lr, end in zip(lrs, ends)
        ]
        return self.moved(
            epoch, [end * share + start * (1 - share) for start, end in zip(starts, ends)]
        )

    def _share(self, epoch):
        """The share of the way that is done at an epoch."""
        o = self.options
        if epoch >= o.anneal_epochs:
            return 1
        done = epoch / o.anneal_epochs
        return (1 - math.cos(math.pi * done)) / 2 if o.anneal_strategy == "cos" else done
