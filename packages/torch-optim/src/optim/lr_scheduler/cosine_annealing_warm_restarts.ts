import {
  checked,
  type Field,
  NOT_NEGATIVE,
  number,
  per_group,
  whole_number,
} from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR } from "./formula_lr.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { type PerGroup, value_of } from "./per_group.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Options of `CosineAnnealingWarmRestarts`. */
export interface CosineAnnealingWarmRestartsOptions extends LRSchedulerOptions {
  /** The number of epochs of the first cycle, a whole number of at least 1. */
  T_0: number;
  /** The factor from one cycle's length to the next one's, a whole number of at least 1. Default 1. */
  T_mult?: number;
  /** The lowest lr, at least 0: one, or a list with one for each parameter group. Default 0. */
  eta_min?: PerGroup;
}

/**
 * Anneals the lr along a cosine and starts anew at the end of every cycle. Cycle `i` has
 * `T_i = T_0 · T_mult^i` epochs.
 *
 * `lr = eta_min + (base_lr - eta_min) · (1 + cos(π · T_cur / T_i)) / 2`, with `T_cur` the epochs
 * since the last restart. `step(epoch)` takes fractions of an epoch as well.
 *
 * Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts"
 * (https://arxiv.org/abs/1608.03983); `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.5 1 0.854 0.5 0.146 1 …
 * const scheduler = new torch.optim.CosineAnnealingWarmRestarts(optimizer, { T_0: 2, T_mult: 2 });
 * for (let i = 0; i < iters; i++) scheduler.step(epoch + i / iters);
 * ```
 */
export class CosineAnnealingWarmRestarts extends FormulaLR<CosineAnnealingWarmRestartsOptions> {
  static override readonly option_table = option_table<
    Resolved<CosineAnnealingWarmRestartsOptions>
  >("CosineAnnealingWarmRestarts", {
    T_0: whole_number({ min: 1 }),
    T_mult: whole_number({ min: 1, default: 1 }),
    eta_min: per_group(number({ min: 0, default: 0 })) as Field<PerGroup>,
  });

  static override readonly formula = (scheduler: CosineAnnealingWarmRestarts) =>
    new RestartsMotion(scheduler);

  static override motion(scheduler: CosineAnnealingWarmRestarts): Motion {
    return FormulaLR.motion(scheduler, AskingRestartsMotion);
  }

  /** The epochs since the last restart. */
  declare T_cur: number;
  /** The length of the cycle in force. */
  declare T_i: number;

  declare T_0: number;
  declare T_mult: number;
  declare eta_min: PerGroup;

  /**
   * Moves to the next epoch, or to any epoch, which may have a fraction.
   *
   * @throws RangeError unless `epoch` is a finite number from 0 on.
   */
  override step(epoch?: number): void {
    super.step(epoch);
  }
}

class RestartsMotion extends Motion<CosineAnnealingWarmRestarts> {
  /** The cycle of the epoch computed last. */
  #T_cur = 0;
  #T_i = 0;

  override begin(): LRs {
    return this.at(0);
  }

  override advance(_lrs: LRs, epoch: number): LRs {
    const { T_cur, T_i, T_mult } = this.scheduler;
    const is_restart = T_cur + 1 >= T_i;
    this.#T_cur = is_restart ? (T_cur + 1) % T_i : T_cur + 1;
    this.#T_i = is_restart ? T_i * T_mult : T_i;
    return this.#anneal(epoch);
  }

  override at(epoch: number): LRs {
    this.#turn_to(epoch);
    return this.#anneal(Math.floor(epoch));
  }

  override jump(_lrs: LRs, epoch: number): LRs {
    checked("CosineAnnealingWarmRestarts: epoch", NOT_NEGATIVE, epoch);
    return this.at(epoch);
  }

  override commit(): void {
    super.commit();
    this.show_cycle();
  }

  /** Puts the scheduler in the cycle computed last. */
  show_cycle(): void {
    this.scheduler.T_i = this.#T_i;
    this.scheduler.T_cur = this.#T_cur;
  }

  override has_own_curve(): boolean {
    return true;
  }

  override load(reader: StateReader): void {
    super.load(reader);
    this.#T_i = this.scheduler.T_i;
    this.#T_cur = this.scheduler.T_cur;
    const below = reader.checked("T_i", whole_number({ min: 1 }));
    reader.checked("T_cur", number({ min: 0, below }));
  }

  #anneal(epoch: number): LRs {
    const { next } = this;
    const { base_lrs, eta_min } = this.scheduler;
    const height = 1 + Math.cos((Math.PI * this.#T_cur) / this.#T_i);
    for (let g = 0; g < next.length; g++) {
      const lowest = value_of(eta_min, g);
      next[g] = lowest + ((base_lrs[g] - lowest) * height) / 2;
    }
    return this.moved(epoch, next);
  }

  /** Finds the cycle of an epoch. */
  #turn_to(epoch: number): void {
    const { T_0, T_mult } = this.scheduler;
    if (T_mult === 1) {
      this.#T_i = T_0;
      this.#T_cur = epoch % T_0;
      return;
    }
    let start = 0;
    this.#T_i = T_0;
    while (epoch >= start + this.#T_i) {
      start += this.#T_i;
      this.#T_i *= T_mult;
    }
    this.#T_cur = epoch - start;
  }
}

/** While a derived class is asked for its lr, the cycle is that of the epoch in question. */
class AskingRestartsMotion extends GetLRMotion {
  protected override ask(lrs: LRs, epoch: number): readonly number[] {
    const { T_cur, T_i } = this.scheduler as CosineAnnealingWarmRestarts;
    (this.formula as RestartsMotion).show_cycle();
    try {
      return super.ask(lrs, epoch);
    } finally {
      Object.assign(this.scheduler, { T_cur, T_i });
    }
  }
}
