import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { ScalingLR } from "./scaling_lr.ts";

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
export class PolynomialLR extends ScalingLR<PolynomialLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<PolynomialLROptions>>(
    "PolynomialLR",
    {
      total_iters: whole_number({ min: 1, default: 5 }),
      power: number({ min: 0, default: 1 }),
    },
  );

  declare readonly total_iters: number;
  declare readonly power: number;

  /** @internal */
  override _ratio(epoch: number): number {
    const { total_iters, power } = this;
    if (epoch === 0 || epoch > total_iters) return 1;
    return ((1 - epoch / total_iters) / (1 - (epoch - 1) / total_iters)) ** power;
  }

  /** @internal */
  override _scale(epoch: number): number {
    const { total_iters, power } = this;
    return (1 - Math.min(total_iters, epoch) / total_iters) ** power;
  }
}
