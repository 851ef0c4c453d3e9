"""The schedulers whose lr metrics decide."""

import math

from .catalogue import _CATALOGUE
from .motion import _Motion, _Reader, _shared, _value_of


class _ByMetrics(_Motion):
    takes_metrics = True
    has_closed_form = False
    #: The best metric so far.
    best: float

    def prepare(self):
        if not hasattr(self, "best"):
            self.begin(self.base_lrs)

    def worst(self) -> float:
        return math.inf if self.options.mode == "min" else -math.inf

    def beats_best(self, metric: float) -> bool:
        o = self.options
        if o.threshold_mode == "rel":
            limit = self.best * (1 - o.threshold if o.mode == "min" else o.threshold + 1)
        else:
            limit = self.best - o.threshold if o.mode == "min" else self.best + o.threshold
        return metric < limit if o.mode == "min" else metric > limit

    def metric_given(self, metric: float | None, epoch: int) -> float:
        if metric is None:
            raise ValueError(
                f"{self.kind}: metrics decide the lr after epoch {epoch - 1}, so only a state from "
                "there can resume it"
            )
        return metric

    def of_groups(self, option: str) -> list[float]:
        value = getattr(self.options, option)
        return [_value_of(value, g) for g in range(len(self.base_lrs))]


class _ReduceLROnPlateau(_ByMetrics):
    own_fields = ("best", "cooldown_counter", "num_bad_epochs")

    def begin(self, lrs):
        self.best, self.cooldown_counter, self.num_bad_epochs = self.worst(), 0, 0
        return self.moved(0, list(lrs))

    def advance(self, lrs, epoch, metric):
        metric = self.metric_given(metric, epoch)
        is_better, is_cooling = self.beats_best(metric), self.cooldown_counter > 0
        bad = 0 if is_better or is_cooling else self.num_bad_epochs + 1
        is_reduced = bad > self.options.patience
        self.best = metric if is_better else self.best
        self.num_bad_epochs = 0 if is_reduced else bad
        if is_reduced:
            self.cooldown_counter = self.options.cooldown
        elif is_cooling:
            self.cooldown_counter -= 1
        return self.moved(epoch, self._reduced(lrs) if is_reduced else list(lrs))

    def _reduced(self, lrs):
        o = self.options
        lower = [max(lr * o.factor, low) for lr, low in zip(lrs, self.of_groups("min_lr"))]
        return [new if lr - new > o.eps else lr for lr, new in zip(lrs, lower)]

    def option_state(self):
        options = dict(vars(self.options))
        min_lr = options.pop("min_lr")
        return {
            **options,
            "default_min_lr": None if isinstance(min_lr, list) else min_lr,
            "min_lrs": self.of_groups("min_lr"),
            "mode_worse": self.worst(),
        }

    def options_in(self, state: _Reader):
        names = [name for name in _CATALOGUE[self.kind].fields if name != "min_lr"]
        default = state.get("default_min_lr", None)
        min_lr = _shared(state.value("min_lrs")) if default is None else default
        return {**{name: state.value(name) for name in names}, "min_lr": min_lr}


class _GreedyLR(_ByMetrics):
    own_fields = (
        "best",
        "num_good_epochs",
        "num_bad_epochs",
        "cooldown_counter",
        "warmup_counter",
    )

    def begin(self, lrs):
        self._begin_anew()
        return self.moved(0, list(lrs))

    def advance(self, lrs, epoch, metric):
        metric = self.metric_given(metric, epoch)
        o = self.options
        good, bad = self.num_good_epochs, self.num_bad_epochs
        self.num_good_epochs = self.num_bad_epochs = 0
        is_idle = self.cooldown_counter > 0 or self.warmup_counter > 0
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
        elif self.warmup_counter > 0:
            self.warmup_counter -= 1
        if o.smooth:
            self._average(metric)
        if is_idle:
            return self.moved(epoch, list(lrs))
        judged = self._sum / len(self._window) if o.smooth else metric
        if self.beats_best(judged):
            self.best = judged
            self.num_good_epochs = good + 1
        else:
            self.num_bad_epochs = bad + 1
        if self.num_good_epochs > o.patience:
            lrs = self._raised(lrs)
            self.num_good_epochs = 0
            self.warmup_counter = o.warmup
        elif self.num_bad_epochs > o.patience:
            lrs = self._lowered(lrs)
            self.num_bad_epochs = 0
            self.cooldown_counter = o.cooldown
        return self.moved(epoch, list(lrs))

    def _average(self, metric):
        """Takes a metric into the running sum, which is rounded at every step as `transformers` does."""
        self._sum += metric
        if len(self._window) == self.options.window_size:
            self._sum -= self._window[0]
            self._window = self._window[1:]
        self._window = [*self._window, metric]

    def _raised(self, lrs):
        o = self.options
        higher = [min(lr / o.factor, high) for lr, high in zip(lrs, self.of_groups("max_lr"))]
        self._resets_in = o.reset_start
        return [new if new - lr > o.eps else lr for lr, new in zip(lrs, higher)]

    def _lowered(self, lrs):
        o = self.options
        lows = self.of_groups("min_lr")
        lower = [max(lr * o.factor, low) for lr, low in zip(lrs, lows)]
        lrs = [new if lr - new > o.eps else lr for lr, new in zip(lrs, lower)]
        if any(lr > low for lr, low in zip(lrs, lows)):
            return lrs
        self._resets_in -= 1
        if self._resets_in > 0:
            return lrs
        self._begin_anew()
        return list(self.base_lrs)

    def _begin_anew(self):
        self.best = self.worst()
        self.num_good_epochs = self.num_bad_epochs = 0
        self.cooldown_counter = self.warmup_counter = 0
        self._resets_in = self.options.reset_start
        self._window, self._sum = [], 0.0

    def option_state(self):
        options = dict(vars(self.options))
        for name in ("min_lr", "max_lr", "reset_start"):
            del options[name]
        average = {"window_size": options["window_size"], "values": self._window, "sum": self._sum}
        return {
            **options,
            "min_lrs": self.of_groups("min_lr"),
            "max_lrs": self.of_groups("max_lr"),
            "reset_start": self._resets_in,
            "reset_start_original": self.options.reset_start,
            **({"_streaming_avg": average} if self.options.smooth else {}),
            "_init_lrs": list(self.base_lrs),
            "verbose": False,
        }

    def options_in(self, state: _Reader):
        other = {
            "min_lr": _shared(state.value("min_lrs")),
            "max_lr": _shared(state.value("max_lrs")),
            "reset_start": state.value("reset_start_original"),
        }
        names = [name for name in _CATALOGUE[self.kind].fields if name not in other]
        return {**{name: state.value(name) for name in names}, **other}

    def load(self, state: _Reader):
        super().load(state)
        self.base_lrs = state.numbers("_init_lrs", len(self.ground.base_lrs), 0)
        self._resets_in = state.whole("reset_start", 0)
        self._window, self._sum = [], 0.0
        if self.options.smooth:
            average = _Reader(f"{state.path}._streaming_avg", state.value("_streaming_avg"))
            values = average.value("values")
            if not isinstance(values, list) or len(values) > self.options.window_size:
                wanted = f"a list of at most {self.options.window_size} numbers"
                raise ValueError(f"{average.path}.values must be {wanted}")
            self._window = [average.number("values", value) for value in values]
            self._sum = average.number("sum")
