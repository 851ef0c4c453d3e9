import { number, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, scaling } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** Options of `StepLR`. */
export interface StepLROptions extends LRSchedulerOptions {
  /** The number of epochs between two steps, a whole number of at least 1. */
  step_size: number;
  /** The factor of every step, at least 0. Default 0.1. */
  gamma?: number;
}

/**
 * Multiplies the lr by `gamma` every `step_size` epochs.
 *
 * `lr(t) = base_lr · gamma^floor(t / step_size)`
 *
 * Source: `torch.optim.lr_scheduler.StepLR`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 1 0.5 0.5 0.25 …
 * const scheduler = new torch.optim.StepLR(optimizer, { step_size: 2, gamma: 0.5 });
 * ```
 */
export class StepLR extends FormulaLR<StepLROptions> {
  static override readonly option_table = option_table<Resolved<StepLROptions>>("StepLR", {
    step_size: whole_number({ min: 1 }),
    gamma: number({ min: 0, default: 0.1 }),
  });

  static override readonly formula = scaling<StepLR>({
    factor: ({ gamma, step_size }, epoch) => gamma ** Math.floor(epoch / step_size),
    ratio: ({ gamma, step_size }, epoch) => (epoch % step_size === 0 ? gamma : 1),
  });

  declare step_size: number;
  declare gamma: number;
}
