import { number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, scaling } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** Options of `ExponentialLR`. */
export interface ExponentialLROptions extends LRSchedulerOptions {
  /** The factor of every epoch, at least 0. */
  gamma: number;
}

/**
 * Multiplies the lr by `gamma` at every epoch.
 *
 * `lr(t) = base_lr · gamma^t`
 *
 * Source: `torch.optim.lr_scheduler.ExponentialLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.5 0.25 0.125 …
 * const scheduler = new torch.optim.ExponentialLR(optimizer, { gamma: 0.5 });
 * ```
 */
export class ExponentialLR extends FormulaLR<ExponentialLROptions> {
  static override readonly option_table = option_table<Resolved<ExponentialLROptions>>(
    "ExponentialLR",
    {
      gamma: number({ min: 0 }),
    },
  );

  static override readonly formula = scaling<ExponentialLR>({
    factor: ({ gamma }, epoch) => gamma ** epoch,
    ratio: ({ gamma }) => gamma,
  });

  declare gamma: number;
}
