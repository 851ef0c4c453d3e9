"""The law of ChainedScheduler over PyTorch's own schedulers, where PyTorch's chain does not obey it.

Every member stands on an optimizer of its own. One with a curve of its own moves there alone and gives
its curve over the base lr as a factor; any other is handed the lr in force in its turn, moves it by its
chainable form, and what it changed goes into the rest.
"""

from specs import build, momenta_of, optimizer_of

OUTRIGHT = ["LambdaLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR", "SequentialLR"]
SMALLEST = 1e-270


def has_own_curve(spec):
    return spec["type"] in OUTRIGHT or (
        spec["type"] == "ConstantLR" and spec["factor"] == 0 and spec["total_iters"] > 0
    )


def is_beyond_pytorch(case):
    """Whether a chain has a curve that PyTorch lets wipe out its neighbours' factors, or what was set by hand."""
    spec = case["spec"]
    if spec["type"] != "ChainedScheduler":
        return False
    members = spec["schedulers"]
    has_neighbours = len(members) > 1 or "hand_set" in case
    return has_neighbours and any(has_own_curve(member) for member in members)


def product(factors):
    result = 1.0
    for factor in factors:
        result *= factor
    return result


class Chain:
    """A chain of PyTorch's schedulers that obeys the law; to be read and stepped as one of them."""

    def __init__(self, case):
        self.specs = case["spec"]["schedulers"]
        self.base_lrs = case["groups"]
        self.optimizer = optimizer_of(case)
        self.rest = list(self.base_lrs)
        # As if nothing had moved: the factors of all are 1 before epoch 0.
        self.curves = [list(self.base_lrs) for spec in self.specs if has_own_curve(spec)]
        self.members = []
        c = 0
        for spec in self.specs:
            optimizer = optimizer_of(case)
            if has_own_curve(spec):
                self.members.append(build(optimizer, spec))
                self.curves[c] = lrs_of(optimizer)
                c += 1
                continue
            before = self._in_turn()
            set_lrs(optimizer, before)
            for group, base_lr in zip(optimizer.param_groups, self.base_lrs):
                group["initial_lr"] = base_lr
            self.members.append(build(optimizer, spec))
            self._take(before, lrs_of(optimizer))
        self._write()

    def step(self):
        for g, group in enumerate(self.optimizer.param_groups):
            scale = self._scale(g)
            if group["lr"] != self._lr(g) and scale is not None:
                self.rest[g] = group["lr"] / scale
        c = 0
        for spec, member in zip(self.specs, self.members):
            before = lrs_of(member.optimizer) if has_own_curve(spec) else self._in_turn()
            set_lrs(member.optimizer, before)
            member.optimizer.step()
            member.step()
            if has_own_curve(spec):
                self.curves[c] = lrs_of(member.optimizer)
                c += 1
            else:
                self._take(before, lrs_of(member.optimizer))
        self._write()

    def _in_turn(self):
        return [
            self.rest[g] if self._scale(g) is None else self._lr(g) for g in range(len(self.rest))
        ]

    def _take(self, before, after):
        for g, lr in enumerate(after):
            if lr != before[g]:
                scale = self._scale(g)
                self.rest[g] = lr if scale is None else lr / scale

    def _factors(self, g):
        return [curve[g] / self.base_lrs[g] for curve in self.curves]

    def _scale(self, g):
        scale = product(self._factors(g))
        return None if abs(scale) < SMALLEST else scale

    def _lr(self, g):
        return self.rest[g] * product(self._factors(g))

    def _write(self):
        set_lrs(self.optimizer, [self._lr(g) for g in range(len(self.rest))])
        cycling = [m for s, m in zip(self.specs, self.members) if s.get("cycle_momentum")]
        if cycling:
            for group, momentum in zip(self.optimizer.param_groups, momenta_of(cycling[-1].optimizer)):
                if "betas" in group:
                    group["betas"] = (momentum, *group["betas"][1:])
                else:
                    group["momentum"] = momentum


def lrs_of(optimizer):
    return [float(group["lr"]) for group in optimizer.param_groups]


def set_lrs(optimizer, lrs):
    for group, lr in zip(optimizer.param_groups, lrs):
        group["lr"] = lr
