import { warn_once } from "../../warn_once.ts";
import { lrs_of } from "../param_group.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import { LeafMotion } from "./leaf_motion.ts";
import { LRScheduler } from "./lr_scheduler.ts";
import type { LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Gives the motion of a scheduler. */
export type Formula<S extends LRScheduler> = (scheduler: S) => LeafMotion<LRScheduler>;

/**
 * A scheduler whose formula the library knows: its file says the formula, and nothing else. A class
 * derived from it that writes a `get_lr()` of its own moves by that.
 */
export abstract class FormulaLR<Options extends object> extends LRScheduler<Options> {
  /** How the schedulers of the class move. */
  static readonly formula: Formula<never>;

  static override motion(scheduler: FormulaLR<object>): Motion {
    const own = formula_of(scheduler);
    const is_own = scheduler.get_lr === FormulaLR.prototype.get_lr;
    return is_own ? own : new GetLRMotion(scheduler, own);
  }

  /**
   * The lr of every group at `last_epoch`, by the chainable form, from the lr in force: what a class
   * derived from this one goes on from. What is in force stands in `get_last_lr()`.
   */
  override get_lr(): number[] {
    if (!GetLRMotion.is_asking(this)) {
      const name = name_of(this);
      warn_once(
        this,
        "get_lr",
        `${name}: get_lr() applies the formula once more to the lr in force; get_last_lr() tells what is in force`,
      );
    }
    const own = formula_of(this);
    own.prepare();
    return [...own.restate(lrs_of(this.optimizer.param_groups))];
  }
}

function formula_of(scheduler: LRScheduler): LeafMotion<LRScheduler> {
  const { formula } = scheduler.constructor as typeof FormulaLR;
  return formula(scheduler as never);
}

/** What a formula may say of how its options stand in a state. */
interface OptionState<S> {
  option_state?(scheduler: S): object;
  options_in?(scheduler: S, reader: StateReader): object;
  /** Refuses options that contradict each other or the optimizer, and prepares what the formula needs. */
  prepare?(scheduler: S): void;
}

/** A formula that multiplies the lr of all groups by the same factor. */
export interface Scaling<S> extends OptionState<S> {
  /** The closed form: the factor from the base lr to `epoch`. */
  factor(scheduler: S, epoch: number): number;
  /** The chainable form: the factor from the epoch before to `epoch`, which is above 0. */
  ratio(scheduler: S, epoch: number): number;
  /** The factor from one epoch to a later one, where that is not the ratio of their factors. */
  growth?(scheduler: S, from: number, to: number): number;
  /** Whether the factor is 0 at first, and later not: no ratio leads back from 0. */
  rises_from_0?(scheduler: S): boolean;
}

export function scaling<S extends LRScheduler>(formula: Scaling<S>): Formula<S> {
  return (scheduler) => new ScalingMotion(scheduler, formula);
}

/** The motion that a formula of either form gives. */
abstract class FormulaMotion<
  S extends LRScheduler,
  F extends OptionState<S>,
> extends LeafMotion<S> {
  constructor(
    scheduler: S,
    protected readonly formula: F,
  ) {
    super(scheduler);
  }

  override replay_length(): number {
    return 0;
  }

  override prepare(): void {
    this.formula.prepare?.(this.scheduler);
  }

  override option_state(): object {
    return this.formula.option_state?.(this.scheduler) ?? super.option_state();
  }

  override options_in(reader: StateReader): object {
    return this.formula.options_in?.(this.scheduler, reader) ?? super.options_in(reader);
  }
}

class ScalingMotion<S extends LRScheduler> extends FormulaMotion<S, Scaling<S>> {
  override begin(lrs: LRs): LRs {
    return this.#scale(lrs, this.formula.factor(this.scheduler, 0), 0);
  }

  override advance(lrs: LRs, epoch: number): LRs {
    const ratio = this.formula.ratio(this.scheduler, epoch);
    return Number.isFinite(ratio) ? this.#scale(lrs, ratio, epoch) : this.at(epoch);
  }

  override jump(_lrs: LRs, epoch: number): LRs {
    return this.at(epoch);
  }

  override at(epoch: number): LRs {
    return this.#scale(this.scheduler.base_lrs, this.formula.factor(this.scheduler, epoch), epoch);
  }

  override get has_own_curve(): boolean {
    return this.formula.rises_from_0?.(this.scheduler) ?? false;
  }

  override growth(from: number, to: number): number {
    const { scheduler, formula } = this;
    if (from < 0) return formula.factor(scheduler, to);
    if (formula.growth) return formula.growth(scheduler, from, to);
    const before = formula.factor(scheduler, from);
    // From 0 no factor leads anywhere: it stays there.
    return before === 0 ? 1 : formula.factor(scheduler, to) / before;
  }

  #scale(lrs: LRs, factor: number, epoch: number): LRs {
    const { next } = this;
    for (let g = 0; g < next.length; g++) next[g] = lrs[g] * factor;
    return this.moved(epoch, next);
  }
}

/** A formula that sets the lr outright: its closed form is all there is. */
export interface Outright<S> extends OptionState<S> {
  /** The lr of group `g` at `epoch`. */
  lr(scheduler: S, epoch: number, g: number): number;
}

export function outright<S extends LRScheduler>(formula: Outright<S>): Formula<S> {
  return (scheduler) => new OutrightMotion(scheduler, formula);
}

export class OutrightMotion<
  S extends LRScheduler,
  F extends Outright<S> = Outright<S>,
> extends FormulaMotion<S, F> {
  override begin(): LRs {
    return this.at(0);
  }

  override advance(_lrs: LRs, epoch: number): LRs {
    return this.at(epoch);
  }

  override at(epoch: number): LRs {
    const { next, scheduler, formula } = this;
    for (let g = 0; g < next.length; g++) next[g] = formula.lr(scheduler, epoch, g);
    return this.moved(epoch, next);
  }

  override get has_own_curve(): boolean {
    return true;
  }
}
