import { warn_once } from "../../warn_once.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import { LRScheduler } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";

/** Gives the motion of a scheduler. */
export type Formula<S extends LRScheduler> = (scheduler: S) => Motion;

/**
 * A scheduler whose formula the library knows: its file says the formula, and nothing else. A class
 * derived from it that writes a `get_lr()` of its own moves by that.
 */
export abstract class FormulaLR<Options extends object> extends LRScheduler<Options> {
  /** How the schedulers of the class move. */
  declare static readonly formula: Formula<never>;

  static override motion(scheduler: FormulaLR<object>, Asking = GetLRMotion): Motion {
    const { formula } = scheduler.constructor as typeof FormulaLR;
    const motion = formula(scheduler as never);
    return has_get_lr(scheduler) ? new Asking(scheduler, motion) : motion;
  }

  /**
   * The lr of every group at `last_epoch`, by the formula: what a class derived from this one goes on
   * from. What is in force stands in `get_last_lr()`.
   */
  override get_lr(): number[] {
    if (has_get_lr(this)) return [...this.motion.lrs];
    const sentence = `${name_of(this)}: get_lr() is for step() to call; get_last_lr() tells the lr in force`;
    warn_once(this, "get_lr", sentence);
    return this.get_last_lr();
  }
}

/** Whether a class derived from the library's says its lr itself. */
function has_get_lr(scheduler: LRScheduler): boolean {
  return scheduler.get_lr !== FormulaLR.prototype.get_lr;
}

/** A formula that multiplies the lr of all groups by the same factor. */
export interface Scaling<S> {
  /** The closed form: the factor from the base lr to `epoch`. */
  factor(scheduler: S, epoch: number): number;
  /** The chainable form: the factor from the epoch before to `epoch`, which is above 0. */
  ratio(scheduler: S, epoch: number): number;
}

export function scaling<S extends LRScheduler>(formula: Scaling<S>): Formula<S> {
  return (scheduler) => new ScalingMotion(scheduler, formula);
}

export class ScalingMotion<S extends LRScheduler> extends Motion<S> {
  readonly #formula: Scaling<S>;

  constructor(scheduler: S, formula: Scaling<S>) {
    super(scheduler);
    this.#formula = formula;
  }

  override begin(lrs: LRs): LRs {
    return this.#scale(lrs, this.#formula.factor(this.scheduler, 0), 0);
  }

  override advance(lrs: LRs, epoch: number): LRs {
    const ratio = this.#formula.ratio(this.scheduler, epoch);
    return Number.isFinite(ratio) ? this.#scale(lrs, ratio, epoch) : this.at(epoch);
  }

  override at(epoch: number): LRs {
    const { base_lrs } = this.scheduler;
    return this.#scale(base_lrs, this.#formula.factor(this.scheduler, epoch), epoch);
  }

  /** Where the factor is 0 at first, and later not: no ratio leads back from 0. */
  override has_own_curve(): boolean {
    const { scheduler } = this;
    const { factor } = this.#formula;
    return factor(scheduler, 0) === 0 && factor(scheduler, Infinity) > 0;
  }

  override is_factor(): boolean {
    // A gamma of 0 makes 0 of what a neighbour has added since, over and over.
    return (this.scheduler as { gamma?: number }).gamma !== 0;
  }

  #scale(lrs: LRs, factor: number, epoch: number): LRs {
    const { next } = this;
    for (let g = 0; g < next.length; g++) next[g] = lrs[g] * factor;
    return this.moved(epoch, next);
  }
}

/** A formula that sets the lr outright, of group `g` at `epoch`: its closed form is all there is. */
export type Outright<S> = (scheduler: S, epoch: number, g: number) => number;

export class OutrightMotion<S extends LRScheduler> extends Motion<S> {
  readonly #formula: Outright<S>;

  constructor(scheduler: S, formula: Outright<S>) {
    super(scheduler);
    this.#formula = formula;
  }

  override begin(): LRs {
    return this.at(0);
  }

  override advance(_lrs: LRs, epoch: number): LRs {
    return this.at(epoch);
  }

  override at(epoch: number): LRs {
    const { next, scheduler } = this;
    for (let g = 0; g < next.length; g++) next[g] = this.#formula(scheduler, epoch, g);
    return this.moved(epoch, next);
  }

  override has_own_curve(): boolean {
    return true;
  }
}
