import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, scaling } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** Options of `PolynomialLR`. */
export interface PolynomialLROptions extends LRSchedulerOptions {
  /** The number of epochs until the lr is 0, a whole number of at least 1. Default 5. */
  total_iters?: number;
  /** The power of the polynomial, at least 0. Default 1. */
  power?: number;
}

/**
 * Lets the lr fall to 0 along a polynomial, in `total_iters` epochs.
 *
 * `lr(t) = base_lr · (1 - min(t, total_iters) / total_iters)^power`
 *
 * Source: `torch.optim.lr_scheduler.PolynomialLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.75 0.5 0.25 0 0 …
 * const scheduler = new torch.optim.PolynomialLR(optimizer, { total_iters: 4 });
 * ```
 */
export class PolynomialLR extends FormulaLR<PolynomialLROptions> {
  static override readonly option_table = option_table<Resolved<PolynomialLROptions>>(
    "PolynomialLR",
    {
      total_iters: whole_number({ min: 1, default: 5 }),
      power: number({ min: 0, default: 1 }),
    },
  );

  static override readonly formula = scaling<PolynomialLR>({
    factor: ({ total_iters, power }, epoch) =>
      (1 - Math.min(total_iters, epoch) / total_iters) ** power,
    ratio({ total_iters, power }, epoch) {
      if (epoch > total_iters) return 1;
      return ((1 - epoch / total_iters) / (1 - (epoch - 1) / total_iters)) ** power;
    },
  });

  declare total_iters: number;
  declare power: number;
}
