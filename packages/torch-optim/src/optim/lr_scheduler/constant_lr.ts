import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, scaling } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

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
export class ConstantLR extends FormulaLR<ConstantLROptions> {
  static override readonly option_table = option_table<Resolved<ConstantLROptions>>("ConstantLR", {
    factor: number({ min: 0, max: 1, default: 1 / 3 }),
    total_iters: whole_number({ min: 0, default: 5 }),
  });

  static override readonly formula = scaling<ConstantLR>({
    factor: ({ factor, total_iters }, epoch) => (epoch < total_iters ? factor : 1),
    ratio: ({ factor, total_iters }, epoch) => (epoch === total_iters ? 1 / factor : 1),
  });

  declare factor: number;
  declare total_iters: number;
}
