import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { OutrightLR } from "./outright_lr.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Options of `CosineAnnealingWarmRestarts`. */
export interface CosineAnnealingWarmRestartsOptions extends LRSchedulerOptions {
  /** The number of epochs of the first cycle, a whole number of at least 1. */
  T_0: number;
  /** The factor from one cycle's length to the next one's, a whole number of at least 1. Default 1. */
  T_mult?: number;
  /** The lowest lr, at least 0. Default 0. */
  eta_min?: number;
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
export class CosineAnnealingWarmRestarts extends OutrightLR<CosineAnnealingWarmRestartsOptions> {
  /** @internal */
  static override readonly option_table = option_table<
    Resolved<CosineAnnealingWarmRestartsOptions>
  >("CosineAnnealingWarmRestarts", {
    T_0: whole_number({ min: 1 }),
    T_mult: whole_number({ min: 1, default: 1 }),
    eta_min: number({ min: 0, default: 0 }),
  });

  /** The epochs since the last restart. */
  declare T_cur: number;
  /** The length of the cycle in force. */
  declare T_i: number;

  declare readonly T_0: number;
  declare readonly T_mult: number;
  declare readonly eta_min: number;
  /**
   * Moves to the next epoch, or to any epoch, which may have a fraction.
   *
   * @throws RangeError unless `epoch` is a finite number from 0 on.
   */
  override step(epoch?: number): void {
    super.step(epoch);
  }

  /** @internal */
  override _begin(): void {
    this._turn_to(0);
    super._begin();
  }

  /** @internal */
  override _advance(): void {
    this.T_cur += 1;
    if (this.T_cur >= this.T_i) {
      this.T_cur %= this.T_i;
      this.T_i *= this.T_mult;
    }
    super._advance();
  }

  /** @internal */
  override _set(epoch: number): void {
    this._turn_to(epoch);
    super._set(epoch);
    this.last_epoch = Math.floor(epoch);
  }

  /** @internal */
  override _closed_form(_epoch: number, g: number): number {
    const { eta_min } = this;
    const height = 1 + Math.cos((Math.PI * this.T_cur) / this.T_i);
    return eta_min + ((this.base_lrs[g] - eta_min) * height) / 2;
  }

  /** Finds the cycle of an epoch. @internal */
  _turn_to(epoch: number): void {
    const { T_0, T_mult } = this;
    if (T_mult === 1) {
      this.T_i = T_0;
      this.T_cur = epoch % T_0;
      return;
    }
    let start = 0;
    this.T_i = T_0;
    while (epoch >= start + this.T_i) {
      start += this.T_i;
      this.T_i *= T_mult;
    }
    this.T_cur = epoch - start;
  }

  /** @internal */
  override _load(reader: StateReader): void {
    super._load(reader);
    const below = reader.checked("T_i", whole_number({ min: 1 }));
    reader.checked("T_cur", number({ min: 0, below }));
  }
}
