import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, scaling } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** Options of `LinearLR`. */
export interface LinearLROptions extends LRSchedulerOptions {
  /** The factor at epoch 0, from 0 to 1. Default 1/3. */
  start_factor?: number;
  /** The factor from epoch `total_iters` on, from 0 to 1. Default 1. */
  end_factor?: number;
  /** How many epochs the way takes, a whole number of at least 0. Default 5. */
  total_iters?: number;
}

/**
 * Changes the lr linearly, from `start_factor` to `end_factor` in `total_iters` epochs: a warm-up
 * by default.
 *
 * `lr(t) = base_lr · (start_factor + (end_factor - start_factor) · min(t, total_iters) / total_iters)`;
 * with `total_iters: 0`, `base_lr · end_factor` at once.
 *
 * Source: `torch.optim.lr_scheduler.LinearLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 0.25 0.5 0.75 1 1 …
 * const scheduler = new torch.optim.LinearLR(optimizer, { start_factor: 0.25, total_iters: 3 });
 * ```
 */
export class LinearLR extends FormulaLR<LinearLROptions> {
  static override readonly option_table = option_table<Resolved<LinearLROptions>>("LinearLR", {
    start_factor: number({ min: 0, max: 1, default: 1 / 3 }),
    end_factor: number({ min: 0, max: 1, default: 1 }),
    total_iters: whole_number({ min: 0, default: 5 }),
  });

  static override readonly formula = scaling<LinearLR>({
    factor({ start_factor, end_factor, total_iters }, epoch) {
      if (total_iters === 0) return end_factor;
      const done = Math.min(total_iters, epoch);
      return start_factor + ((end_factor - start_factor) * done) / total_iters;
    },
    ratio({ start_factor, end_factor, total_iters }, epoch) {
      if (epoch > total_iters) return 1;
      const rise = end_factor - start_factor;
      return 1 + rise / (total_iters * start_factor + (epoch - 1) * rise);
    },
  });

  declare start_factor: number;
  declare end_factor: number;
  declare total_iters: number;
}
