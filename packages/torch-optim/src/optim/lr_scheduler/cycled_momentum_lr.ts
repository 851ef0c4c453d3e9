import {
  base_lr_of,
  has_betas,
  keep_own_lr,
  momentum_of,
  ScheduledMomenta,
} from "../param_group.ts";
import { FormulaLR, OutrightMotion } from "./formula_lr.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import type { LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";
import { type PerGroup, shared, value_of } from "./per_group.ts";
import type { SchedulerState, StateReader } from "./scheduler_state.ts";

/**
 * A scheduler that brings its own base lr, and cycles the momentum (beta1 where a group has betas)
 * against the lr. It never writes `initial_lr`, and the group's own momentum is noted before it is
 * touched, so that its neighbours find both as they were.
 */
export abstract class CycledMomentumLR<Options extends object> extends FormulaLR<Options> {
  static override motion(scheduler: CycledMomentumLR<object>): Motion {
    return FormulaLR.motion(scheduler, AskingCyclingMotion);
  }

  declare cycle_momentum: boolean;
  declare base_momentum: PerGroup;
  declare max_momentum: PerGroup;

  /** The lowest momentum of every group. */
  get base_momentums(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.base_momentum, g));
  }

  /** The highest momentum of every group. */
  get max_momentums(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.max_momentum, g));
  }
}

/** A formula that says the base lr and the momentum of group `g` as well. */
export interface Cycling<S> {
  /** The lr where a cycle is lowest. */
  base_lr(scheduler: S, g: number): number;
  lr(scheduler: S, epoch: number, g: number): number;
  momentum(scheduler: S, epoch: number, g: number): number;
}

export class CyclingMotion<S extends CycledMomentumLR<object>> extends OutrightMotion<S> {
  readonly #cycling: Cycling<S>;
  /** The groups' own lrs, to be kept when they are first written over. */
  #own_lrs: number[] = [];

  constructor(scheduler: S, cycling: Cycling<S>) {
    super(scheduler, cycling.lr);
    this.#cycling = cycling;
  }

  override admit(): void {
    super.admit();
    this.#own_lrs = this.scheduler.optimizer.param_groups.map(base_lr_of);
  }

  override commit(): void {
    super.commit();
    if (this.#own_lrs.length === 0) return;
    const { param_groups } = this.scheduler.optimizer;
    for (const [g, own_lr] of this.#own_lrs.entries()) keep_own_lr(param_groups[g], own_lr);
    this.#own_lrs = [];
  }

  protected override moved(epoch: number, lrs: LRs): LRs {
    // The option may be changed by hand.
    if (!this.scheduler.cycle_momentum) this.momenta = undefined;
    return super.moved(epoch, lrs);
  }

  override momentum(g: number): number {
    const { scheduler, epoch } = this;
    const is_cycled = scheduler.cycle_momentum && g < scheduler.base_lrs.length;
    return is_cycled ? this.#cycling.momentum(scheduler, epoch, g) : Number.NaN;
  }

  override own_base_lr(g: number): number {
    return this.#cycling.base_lr(this.scheduler, g);
  }

  override prepare(): void {
    const { scheduler } = this;
    this.momenta = scheduler.cycle_momentum ? new ScheduledMomenta() : undefined;
    if (!this.momenta) return;
    const { param_groups, without_momentum = "without momentum or betas" } = scheduler.optimizer;
    for (const [g, group] of param_groups.entries()) {
      if (momentum_of(group) === undefined) {
        throw new TypeError(
          `${name_of(scheduler)}: cycle_momentum must be false for an optimizer ` +
            `${without_momentum}, got true, and parameter group ${g} has neither`,
        );
      }
      if (has_betas(group)) this.#check_beta(g);
    }
  }

  /** As beta1, a momentum must be below 1. */
  #check_beta(g: number): void {
    const { scheduler } = this;
    for (const option of ["base_momentum", "max_momentum"] as const) {
      const momentum = value_of(scheduler[option], g);
      if (momentum >= 1) {
        throw new RangeError(
          `${name_of(scheduler)}: ${option} must be below 1 for betas, got ${momentum}`,
        );
      }
    }
  }
}

/** The motion of a class derived from one that cycles momentum, with a `get_lr()` of its own. */
class AskingCyclingMotion extends GetLRMotion {
  override own_base_lr(g: number): number {
    return this.formula?.own_base_lr?.(g) ?? Number.NaN;
  }

  override admit(): void {
    this.formula?.admit();
  }

  override momentum(g: number): number {
    return this.formula?.momentum?.(g) ?? Number.NaN;
  }

  override prepare(): void {
    super.prepare();
    this.momenta = this.formula?.momenta;
  }
}

/** The momentum's part of a state. */
export function momentum_state(scheduler: CycledMomentumLR<object>): SchedulerState {
  const { cycle_momentum, base_momentums, max_momentums, optimizer } = scheduler;
  if (!cycle_momentum) return { cycle_momentum };
  const use_beta1 = optimizer.param_groups.some(has_betas);
  return { cycle_momentum, use_beta1, base_momentums, max_momentums };
}

export function momentum_options_in(
  scheduler: CycledMomentumLR<object>,
  reader: StateReader,
): object {
  const cycle_momentum = reader.value("cycle_momentum");
  // A state that does not cycle need not say between which values.
  const { base_momentum, max_momentum } = scheduler;
  if (!reader.has("base_momentums")) return { cycle_momentum, base_momentum, max_momentum };
  return {
    cycle_momentum,
    base_momentum: shared(reader.value("base_momentums")),
    max_momentum: shared(reader.value("max_momentums")),
  };
}
