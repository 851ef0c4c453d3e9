import type { ChainedScheduler } from "./chained_scheduler.ts";
import { CompositeMotion } from "./composite_scheduler.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import type { LRs, Motion } from "./motion.ts";
import { plan_of, planned_state } from "./plan.ts";
import { StateReader } from "./scheduler_state.ts";

/** Nothing is divided by a product of factors that is smaller. */
const SMALLEST = 1e-270;

/**
 * The motion of a chain. `lr = rest · f₁ · f₂ · …`, where the factors are those of the members with
 * curves of their own, `f = curve / base_lr`; the other members move `rest`, through the lr in force.
 *
 * A member with a curve is given its own lrs and never the chain's: its curve is its `_last_lr`.
 */
export class ChainMotion extends CompositeMotion<ChainedScheduler> {
  /** All members, those of the chains inside in their places. */
  override readonly members: readonly Motion[] = this.children.flatMap(
    ({ motion }) => motion.members ?? motion,
  );
  override readonly moving = this.members.map((member) => member.scheduler);
  /** The chains inside, whose members this one moves. */
  readonly #chains = chains_in(this.children);
  /** The members with curves of their own, and the curves at the epoch in hand. */
  #curved: readonly Motion[] = [];
  #curves: LRs[] = [];
  /** What is left of the lr without the curves: at the epoch in force, and at the one computed last. */
  #rest: number[] = [];
  #next_rest: number[] = [];
  /** The lr in force between two turns, and the product of the factors; 0 if it is too small. */
  readonly #turn_lrs: number[] = [];
  readonly #products: number[] = [];
  /** The list for the lrs of the next epoch. */
  #next: number[] = [];
  #is_pending = false;
  /** Whether a state has said too little to go on from. */
  #is_unsettled = false;

  override prepare(): void {
    super.prepare();
    this.#curved = this.members.filter((member) => member.has_own_curve?.());
  }

  override has_own_curve(): boolean {
    return false;
  }

  override begin(lrs: LRs): LRs {
    this.#next_rest = [...lrs];
    this.#curves = this.#curved.map(() => this.scheduler.base_lrs);
    for (const member of this.members) {
      const c = this.#curved.indexOf(member);
      if (c < 0) this.#take_form(member.begin(this.#lrs_in_turn()));
      else this.#curves[c] = member.begin(member.scheduler.base_lrs);
    }
    return this.#arrive(0);
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    this.#take_in(lrs);
    const { members } = this;
    let c = 0;
    for (let m = 0; m < members.length; m++) {
      const member = members[m];
      if (member === this.#curved[c]) {
        this.#curves[c] = member.advance(this.#curves[c], epoch, metric);
        c += 1;
      } else this.#take_form(member.advance(this.#lrs_in_turn(), epoch, metric));
    }
    return this.#arrive(epoch);
  }

  override at(epoch: number, begin?: () => LRs): LRs {
    if (!this.is_closed()) return super.at(epoch, begin);
    this.#next_rest = this.scheduler.base_lrs.map((_, g) => this.#rest_at(epoch, g));
    // Asked last for the epoch itself, so that this is what they commit to.
    const lrs = this.members.map((member) => member.at(epoch));
    this.#curves = lrs.filter((_, m) => this.members[m].has_own_curve?.());
    if (this.members.length === 1 && this.#curved.length === 0) this.#next_rest = [...lrs[0]];
    return this.#arrive(epoch);
  }

  override is_closed(): boolean {
    const { members } = this;
    return members.every(
      (member) =>
        is_closed_throughout(member) &&
        (member.has_own_curve?.() || member.is_factor?.() || members.length === 1),
    );
  }

  override commit(): void {
    const before = this.scheduler._last_lr;
    super.commit();
    const { last_epoch, _last_lr } = this.scheduler;
    for (let i = 0; i < this.#chains.length; i++) {
      this.#chains[i].last_epoch = last_epoch;
      this.#chains[i]._last_lr = _last_lr;
    }
    if (!this.#is_pending) return;
    this.#is_pending = false;
    this.#next = before;
    const rest = this.#rest;
    this.#rest = this.#next_rest;
    this.#next_rest = rest;
  }

  override admit(): void {
    super.admit();
    this.#rest = this.scheduler.base_lrs.map((base_lr, g) => this.#rest[g] ?? base_lr);
  }

  override join(g: number): number {
    const { scheduler } = this;
    const { takes_metrics } = scheduler;
    const base_lr = scheduler.base_lrs[g];
    let rest = base_lr;
    for (const member of this.members) {
      if (!member.has_own_curve?.() && !takes_metrics) continue;
      const lr = member.join(g);
      if (member.has_own_curve?.()) member.scheduler._last_lr[g] = lr;
      else if (base_lr !== 0) rest *= lr / base_lr;
    }
    if (!takes_metrics) {
      const state = planned_state(scheduler, scheduler.last_epoch);
      rest = ((state._rest ?? state._last_lr) as number[])[g];
    }
    this.#rest[g] = rest;
    this.#curves = this.#curved.map((member) => member.scheduler._last_lr);
    return this.#lr(rest, g);
  }

  override state(): object {
    if (this.#curved.length === 0) return super.state();
    // By the child's place: a child's own state is all its own, whatever its fields are called.
    const _curves: Record<number, LRs> = {};
    for (const [i, { motion, _last_lr }] of this.children.entries()) {
      if (motion.has_own_curve?.()) _curves[i] = _last_lr;
    }
    return { ...super.state(), _curves, _rest: this.#rest };
  }

  override load(reader: StateReader): void {
    const { children, scheduler } = this;
    const { takes_metrics } = scheduler;
    const own_base_lrs = scheduler.base_lrs;
    super.load(reader);
    if (!reader.has("_rest")) this.#keep_base_lrs(own_base_lrs);
    const count = scheduler.base_lrs.length;
    const curves = reader.has("_curves")
      ? new StateReader(`${reader.path}._curves`, reader.value("_curves"))
      : undefined;
    for (const [i, child] of children.entries()) {
      if (!child.motion.has_own_curve?.()) continue;
      child._last_lr = curves
        ? curves.numbers(`${i}`, count)
        : // PyTorch's states know no such curve: it is where the plan says.
          [...plan_of(child).at(Math.max(0, child.last_epoch))];
    }
    const is_settled = reader.has("_rest");
    this.#is_unsettled =
      !is_settled && !takes_metrics && this.#curved.length > 0 && this.members.length > 1;
    this.#curves = this.#curved.map((member) => member.scheduler._last_lr);
    this.#rest = is_settled
      ? reader.numbers("_rest", count)
      : scheduler._last_lr.map((lr, g) => this.#without_curves(lr, g) ?? scheduler.base_lrs[g]);
  }

  /** PyTorch's cyclic schedulers write their own base lr into the groups, and so into all states. */
  #keep_base_lrs(base_lrs: number[]): void {
    if (!this.#curved.some((member) => member.own_base_lr)) return;
    this.scheduler.base_lrs = base_lrs;
    for (const member of this.members) {
      if (!member.own_base_lr) member.scheduler.base_lrs = base_lrs;
    }
  }

  override is_astray(): boolean {
    const { last_epoch } = this.scheduler;
    return (
      this.#is_unsettled ||
      this.children.some((child) => child.last_epoch !== last_epoch) ||
      this.members.some((m) => m.scheduler.last_epoch !== last_epoch || m.is_astray?.())
    );
  }

  /** The epoch in force: its curves, and its rest, which takes in what was set by hand since. */
  #take_in(lrs: LRs): void {
    for (let c = 0; c < this.#curved.length; c++) {
      this.#curves[c] = this.#curved[c].scheduler._last_lr;
    }
    const rest = this.#rest;
    this.#next_rest.length = lrs.length;
    for (let g = 0; g < lrs.length; g++) {
      const is_by_hand = lrs[g] !== this.#lr(rest[g], g);
      this.#next_rest[g] = (is_by_hand ? this.#without_curves(lrs[g], g) : undefined) ?? rest[g];
    }
  }

  /** The lrs that a member takes on by its form: those in force, or the rest alone behind a zero. */
  #lrs_in_turn(): LRs {
    const rest = this.#next_rest;
    for (let g = 0; g < rest.length; g++) {
      const product = this.#product(g);
      this.#products[g] = product;
      this.#turn_lrs[g] = product === 0 ? rest[g] : this.#lr(rest[g], g);
    }
    return this.#turn_lrs;
  }

  #take_form(lrs: LRs): void {
    for (let g = 0; g < lrs.length; g++) {
      if (lrs[g] === this.#turn_lrs[g]) continue;
      const product = this.#products[g];
      this.#next_rest[g] = product === 0 ? lrs[g] : lrs[g] / product;
    }
  }

  #arrive(epoch: number): LRs {
    const rest = this.#next_rest;
    const next = this.#next;
    next.length = rest.length;
    for (let g = 0; g < rest.length; g++) next[g] = this.#lr(rest[g], g);
    this.#is_pending = true;
    return this.moved(epoch, next);
  }

  /** The lr of a group with the curves in hand. */
  #lr(rest: number, g: number): number {
    const curves = this.#curves;
    if (curves.length === 0) return rest;
    const base_lr = this.scheduler.base_lrs[g];
    if (base_lr === 0) return this.#lr_on_base_0(rest, g);
    // In this order, one curve alone is given to the last bit.
    let lr = (rest / base_lr) * curves[0][g];
    for (let c = 1; c < curves.length; c++) lr *= curves[c][g] / base_lr;
    return lr;
  }

  /** A base lr of 0 has no factors: the lr is that of the last curve with a base lr of its own. */
  #lr_on_base_0(rest: number, g: number): number {
    for (let c = this.#curves.length - 1; c >= 0; c--) {
      if (this.#curved[c].scheduler.base_lrs[g] !== 0) return this.#curves[c][g];
    }
    return rest;
  }

  /** The product of the factors of a group; 0 if nothing can be divided by it. */
  #product(g: number): number {
    const base_lr = this.scheduler.base_lrs[g];
    const curves = this.#curves;
    if (curves.length === 0) return 1;
    if (base_lr === 0) return 0;
    let product = 1;
    for (let c = 0; c < curves.length; c++) product *= curves[c][g] / base_lr;
    return Math.abs(product) < SMALLEST ? 0 : product;
  }

  /** What is left of an lr without the curves; nothing where they are 0. */
  #without_curves(lr: number, g: number): number | undefined {
    const product = this.#product(g);
    return product === 0 ? undefined : lr / product;
  }

  /**
   * The rest at an epoch, in closed form: the base lr and all that was added since, each by the growth
   * that followed.
   */
  #rest_at(epoch: number, g: number): number {
    const { members } = this;
    const forms = members.filter((member) => !member.has_own_curve?.());
    let rest = forms.reduce(
      (lr, form) => lr * growth(form, -1, epoch, g),
      this.scheduler.base_lrs[g],
    );
    for (const form of forms) {
      const returned = last_return(form, epoch);
      if (returned < 0) continue;
      const m = members.indexOf(form);
      // In its turn, those before it have moved already.
      const epoch_of = (other: Motion) => (members.indexOf(other) > m ? returned - 1 : returned);
      this.#curves = this.#curved.map((curved) => [...curved.at(epoch_of(curved))]);
      const gain = form.at(returned)[g];
      rest += forms.reduce(
        (lr, other) => lr * growth(other, epoch_of(other), epoch, g),
        this.#without_curves(gain, g) ?? gain,
      );
    }
    return rest;
  }
}

/** The factor by which a form moves the lr of a group from one epoch (-1: before epoch 0) to another. */
function growth(form: Motion, from: number, to: number, g: number): number {
  if (from === to) return 1;
  const base_lr = form.scheduler.base_lrs[g];
  // A return begins anew what was 0 the epoch before.
  if (last_return(form, to) - 1 > from) return 0;
  const start = last_return(form, from + 1) === from + 1 ? from + 1 : from;
  const before = start < 0 ? base_lr : form.at(start)[g];
  return before === 0 ? 1 : form.at(to)[g] / before;
}

function last_return(form: Motion, epoch: number): number {
  return form.last_return?.(epoch) ?? -1;
}

/** The chains among schedulers, and those inside them. */
function chains_in(schedulers: readonly LRScheduler[]): LRScheduler[] {
  return schedulers.flatMap((scheduler) => {
    const { motion } = scheduler;
    return motion.members ? [scheduler, ...chains_in(motion.children)] : [];
  });
}

/** Whether it answers for every epoch: where a neighbour returns from 0, a chain asks for others too. */
function is_closed_throughout(motion: Motion): boolean {
  return (
    motion.is_closed(0) && motion.children.every((child) => is_closed_throughout(child.motion))
  );
}
