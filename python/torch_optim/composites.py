"""The schedulers that are made of others, by torch-optim's laws of sequences and chains."""

from bisect import bisect_right

from .motion import _divided, _Motion, _Reader

# Nothing is divided by a product of factors that is smaller.
_SMALLEST = 1e-270


class _Composite(_Motion):
    """Drives the schedulers inside from its own epoch 0 on."""

    def __init__(self, kind, options, ground, children):
        self.takes_metrics = any(child.takes_metrics for child in children)
        super().__init__(kind, options, ground, children)

    def moving(self) -> tuple[_Motion, ...]:
        """Those of the schedulers inside that are in force."""
        return self.children

    def needs_metric(self):
        return any(child.needs_metric() for child in self.moving())

    def has_own_curve(self):
        return True

    def momentum(self, g):
        momenta = [child.momentum(g) for child in self.moving()]
        return next((momentum for momentum in reversed(momenta) if momentum is not None), None)

    def state(self):
        return {**super().state(), "_schedulers": [child.state() for child in self.children]}

    def load(self, state: _Reader):
        states = state.children("_schedulers", len(self.children))
        for child, own in zip(self.children, states):
            child.load(own)
        # PyTorch's states leave out what the schedulers inside say as well.
        others = [child.base_lrs for child in self.children if not child.has_own_base_lr]
        missing = {"last_epoch": self.children[0].epoch, "base_lrs": (others or [self.base_lrs])[0]}
        super().load(state.over(missing))


class _SequentialLR(_Composite):
    """During phase i, at local epoch t, the lr is what child i would give at epoch t if it were alone."""

    def prepare(self):
        o = self.options
        count = len(self.children)
        if o.starts is None:
            o.starts = [0] * count
        for option, wanted in (("milestones", count - 1), ("starts", count)):
            got = len(getattr(o, option))
            if got != wanted:
                raise ValueError(
                    f"SequentialLR: {option} must be {wanted} for {count} schedulers, got {got}"
                )
        for phase, (start, child) in enumerate(zip(o.starts, self.children)):
            if start > 0 and (child.takes_metrics or child.is_relative):
                raise ValueError(
                    f"SequentialLR: starts[{phase}] must be 0 for {child.kind}, got {start}"
                )

    def begin(self, lrs):
        for start, child in zip(self.options.starts, self.children):
            # Where a phase cannot begin, it is refused now, and not when its time has come.
            if start > 0 and child.is_closed(start):
                child.at(start)
        child, start, _ = self._phase_at(0)
        return self.moved(0, child.begin(lrs) if start == 0 else child.at(start))

    def advance(self, lrs, epoch, metric):
        child, local_epoch, start = self._phase_at(epoch)
        if local_epoch > start:
            return self.moved(epoch, child.advance(lrs, local_epoch, metric))
        return self.moved(epoch, child.enter(lrs) if start == 0 else child.at(start))

    def at(self, epoch, begin=None):
        child, local_epoch, _ = self._phase_at(epoch)
        first = epoch - local_epoch
        goes_on = first > 0 and child.is_relative
        enter = (lambda: child.enter(self.at(first - 1))) if goes_on else None
        return self.moved(epoch, child.at(local_epoch, enter))

    def is_closed(self, epoch):
        child, local_epoch, _ = self._phase_at(epoch)
        return child.is_closed(local_epoch) and not (epoch > local_epoch and child.is_relative)

    def moving(self):
        return (self._phase_at(self.epoch)[0],)

    def option_state(self):
        o = self.options
        return {
            "_milestones": list(o.milestones),
            **({"_starts": list(o.starts)} if any(o.starts) else {}),
        }

    def options_in(self, state: _Reader):
        return {"milestones": state.value("_milestones"), "starts": state.get("_starts", None)}

    def is_astray(self):
        child, local_epoch, _ = self._phase_at(self.epoch)
        return child.epoch != local_epoch or child.is_astray()

    def _phase_at(self, epoch: int) -> tuple[_Motion, int, int]:
        """The scheduler of an epoch, its local epoch there, and the one at which its phase begins."""
        o = self.options
        phase = bisect_right(o.milestones, epoch)
        start = o.starts[phase]
        return (
            self.children[phase],
            epoch + start - (o.milestones[phase - 1] if phase else 0),
            start,
        )


class _ChainedScheduler(_Composite):
    """`lr = rest · f₁ · f₂ · …`: factors of the members with curves of their own, `curve / base lr`.

    The other members move `rest`, through the lr in force. A chain inside counts as its members.
    """

    def prepare(self):
        self._members = tuple(member for child in self.children for member in child.members())
        self._curved = [member for member in self._members if member.has_own_curve()]
        if not hasattr(self, "_rest"):
            self._rest = list(self.base_lrs)
            self._is_unsettled = False

    def members(self):
        return self._members

    def has_own_curve(self):
        return False

    def moving(self):
        return self._members

    def begin(self, lrs):
        self._rest = list(lrs)
        for member in self._curved:
            member.moved(0, list(self.base_lrs))
        for member in self._members:
            if member in self._curved:
                member.begin(member.base_lrs)
            else:
                self._take_form(lambda turn, member=member: member.begin(turn))
        return self._arrive(0)

    def advance(self, lrs, epoch, metric):
        self._take_in(lrs)
        for member in self._members:
            if member in self._curved:
                member.advance(member.lrs, epoch, metric)
            else:
                self._take_form(lambda turn, member=member: member.advance(turn, epoch, metric))
        return self._arrive(epoch)

    def at(self, epoch, begin=None):
        if not self.is_closed(epoch):
            return super().at(epoch, begin)
        rest = [self._rest_at(epoch, g) for g in range(len(self.base_lrs))]
        for member in self._members:
            member.at(epoch)
        is_single = len(self._members) == 1 and not self._curved
        self._rest = list(self._members[0].lrs) if is_single else rest
        return self._arrive(epoch)

    def is_closed(self, epoch):
        return all(
            _is_closed_throughout(member)
            and (member.has_own_curve() or member.is_factor() or len(self._members) == 1)
            for member in self._members
        )

    def state(self):
        if not self._curved:
            return super().state()
        curves = {
            str(i): list(child.lrs)
            for i, child in enumerate(self.children)
            if child.has_own_curve()
        }
        return {**super().state(), "_curves": curves, "_rest": list(self._rest)}

    def option_state(self):
        return {}

    def options_in(self, state: _Reader):
        return {}

    def load(self, state: _Reader):
        own_base_lrs = self.base_lrs
        super().load(state)
        is_settled = state.has("_rest")
        if not is_settled and any(member.has_own_base_lr for member in self._curved):
            # PyTorch's cyclic schedulers write their own base lr into the groups, and so into all states.
            self.base_lrs = own_base_lrs
            for member in self._members:
                if not member.has_own_base_lr:
                    member.base_lrs = own_base_lrs
        count = len(self.base_lrs)
        curves = (
            _Reader(f"{state.path}._curves", state.value("_curves"))
            if state.has("_curves")
            else None
        )
        for i, child in enumerate(self.children):
            if not child.has_own_curve():
                continue
            if curves:
                child.lrs = curves.numbers(str(i), count)
            else:
                # PyTorch's states know no such curve: it is where the plan says.
                child.at(max(0, child.epoch))
        self._is_unsettled = (
            not is_settled
            and not self.takes_metrics
            and bool(self._curved)
            and len(self._members) > 1
        )
        if is_settled:
            self._rest = state.numbers("_rest", count)
        else:
            rest = [self._without_curves(lr, g) for g, lr in enumerate(self.lrs)]
            self._rest = [base if lr is None else lr for lr, base in zip(rest, self.base_lrs)]

    def is_astray(self):
        return (
            self._is_unsettled
            or any(child.epoch != self.epoch for child in self.children)
            or any(member.epoch != self.epoch or member.is_astray() for member in self._members)
        )

    def _take_in(self, lrs):
        """Takes into the rest what was set by hand since the last step."""
        for g, lr in enumerate(lrs):
            if lr == self._lr(self._rest[g], g):
                continue
            without = self._without_curves(lr, g)
            if without is not None:
                self._rest = [*self._rest[:g], without, *self._rest[g + 1 :]]

    def _take_form(self, form):
        """A member's chainable form: it takes on the lr in force, or the rest alone behind a zero."""
        products = [self._product(g) for g in range(len(self._rest))]
        turn = [
            rest if product == 0 else self._lr(rest, g)
            for g, (rest, product) in enumerate(zip(self._rest, products))
        ]
        moved = zip(form(turn), turn, self._rest, products)
        self._rest = [
            rest if lr == before else lr if product == 0 else lr / product
            for lr, before, rest, product in moved
        ]

    def _arrive(self, epoch):
        lrs = self.moved(epoch, [self._lr(rest, g) for g, rest in enumerate(self._rest)])
        for chain in self._chains():
            chain.moved(epoch, lrs)
        return lrs

    def _chains(self):
        """The chains inside, whose members this one moves."""
        inside = [child for child in self.children if isinstance(child, _ChainedScheduler)]
        return [*inside, *(chain for child in inside for chain in child._chains())]

    def _lr(self, rest, g):
        """The lr of a group with the curves in hand."""
        if not self._curved:
            return rest
        base_lr = self.base_lrs[g]
        if base_lr == 0:
            # There are no factors: the lr is that of the last curve with a base lr of its own.
            own = [member.lrs[g] for member in self._curved if member.base_lrs[g] != 0]
            return own[-1] if own else rest
        # In this order, one curve alone is given to the last bit.
        lr = rest / base_lr * self._curved[0].lrs[g]
        for member in self._curved[1:]:
            lr *= member.lrs[g] / base_lr
        return lr

    def _product(self, g):
        """The product of the factors of a group; 0 if nothing can be divided by it."""
        if not self._curved:
            return 1
        base_lr = self.base_lrs[g]
        if base_lr == 0:
            return 0
        product = 1.0
        for member in self._curved:
            product *= member.lrs[g] / base_lr
        return 0 if abs(product) < _SMALLEST else product

    def _without_curves(self, lr, g):
        product = self._product(g)
        return None if product == 0 else lr / product

    def _rest_at(self, epoch, g):
        """The rest in closed form: the base lr and all that was added since, by the growth that followed."""
        forms = [member for member in self._members if member not in self._curved]
        rest = self.base_lrs[g]
        for form in forms:
            rest *= _growth(form, -1, epoch, g)
        for form in forms:
            returned = form.last_return(epoch)
            if returned < 0:
                continue
            place = self._members.index(form)

            # In its turn, those before it have moved already.
            def epoch_of(other):
                return returned - 1 if self._members.index(other) > place else returned

            for member in self._curved:
                member.at(epoch_of(member))
            gain = form.at(returned)[g]
            without = self._without_curves(gain, g)
            added = gain if without is None else without
            for other in forms:
                added *= _growth(other, epoch_of(other), epoch, g)
            rest += added
        return rest


def _growth(form: _Motion, start: int, end: int, g: int) -> float:
    """The factor by which a form moves a group from one epoch (-1: before epoch 0) to another."""
    if start == end:
        return 1
    # A return begins anew what was 0 the epoch before.
    if form.last_return(end) - 1 > start:
        return 0
    begun = start + 1 if form.last_return(start + 1) == start + 1 else start
    before = form.base_lrs[g] if begun < 0 else form.at(begun)[g]
    return 1 if before == 0 else _divided(form.at(end)[g], before)


def _is_closed_throughout(motion: _Motion) -> bool:
    """Whether it answers for every epoch: where a neighbour returns from 0, a chain asks for others too."""
    return motion.is_closed(0) and all(_is_closed_throughout(child) for child in motion.children)
