import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { ScalingLR } from "./scaling_lr.ts";

/** Options of `ConstantLR`. */
export interface ConstantLROptions extends LRSchedulerOptions {
  /** The factor of the first epochs, from 0 to 1. Default 1/3. */
  factor?: number;
  /** How many epochs the factor is in force, a whole number of at least 0. Default 5. */
  total_iters?: number;
}

/**
 * Multiplies the lr by `factor` for the first `total_iters` epochs.
 *
 * `lr(t) = base_lr · factor` while `t < total_iters`, then `base_lr`. With `total_iters: 0` the
 * factor is never in force.
 *
 * Source: `torch.optim.lr_scheduler.ConstantLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 0.1 0.1 0.1 1 1 …
 * const scheduler = new torch.optim.ConstantLR(optimizer, { factor: 0.1, total_iters: 3 });
 * ```
 */
export class ConstantLR extends ScalingLR<ConstantLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<ConstantLROptions>>("ConstantLR", {
    factor: number({ min: 0, max: 1, default: 1 / 3 }),
    total_iters: whole_number({ min: 0, default: 5 }),
  });

  declare readonly factor: number;
  declare readonly total_iters: number;

  override get_lr(lrs?: number[]): number[] {
    const { factor, total_iters } = this;
    // No factor leads back from 0: the lr returns to the base lr.
    if (factor === 0 && this.last_epoch === total_iters && total_iters > 0) return this.base_lrs;
    return super.get_lr(lrs);
  }

  /** @internal */
  override _ratio(epoch: number): number {
    const { factor, total_iters } = this;
    if (epoch === 0) return total_iters > 0 ? factor : 1;
    return epoch === total_iters ? 1 / factor : 1;
  }

  /** @internal */
  override _scale(epoch: number): number {
    return epoch < this.total_iters ? this.factor : 1;
  }

  /** @internal */
  override _scale_at(epoch: number): number {
    return this.factor === 0 ? Number.NaN : this._scale(epoch);
  }
}
