import { number, whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `PolynomialDecayScheduleWithWarmup`. */
export interface PolynomialDecayScheduleWithWarmupOptions extends WarmupOptions {
  /** The step at which the lr is `lr_end`, a whole number of at least 0. */
  num_training_steps: number;
  /** The last lr, at least 0 and below every group's base lr. Default 1e-7. */
  lr_end?: number;
  /** The power of the polynomial, at least 0. Default 1. */
  power?: number;
}

/**
 * Raises the lr linearly from 0, and lets it fall to `lr_end` along a polynomial.
 *
 * After the warm-up `lr(t) = lr_end + (base_lr - lr_end) · (1 - p)^power`, with `p` from 0 at the
 * end of the warm-up to 1 at `num_training_steps`; `lr_end` from there on. (With parameter groups
 * of different lr, `transformers` takes the optimizer's default lr in place of the group's.)
 *
 * Source: `transformers.get_polynomial_decay_schedule_with_warmup`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.5625 0.25 0.0625 0 0 …
 * const scheduler = new torch.optim.PolynomialDecayScheduleWithWarmup(optimizer, {
 *   num_warmup_steps: 0,
 *   num_training_steps: 4,
 *   lr_end: 0,
 *   power: 2,
 * });
 * ```
 */
export class PolynomialDecayScheduleWithWarmup extends WarmupSchedule<PolynomialDecayScheduleWithWarmupOptions> {
  static override readonly option_table = option_table<
    Resolved<PolynomialDecayScheduleWithWarmupOptions>
  >("PolynomialDecayScheduleWithWarmup", {
    num_warmup_steps: whole_number({ min: 0 }),
    num_training_steps: whole_number({ min: 0 }),
    lr_end: number({ min: 0, default: 1e-7 }),
    power: number({ min: 0, default: 1 }),
  });

  static override readonly formula = warmup<PolynomialDecayScheduleWithWarmup>({
    after({ num_warmup_steps, num_training_steps, lr_end, power }, step, base_lr) {
      if (step >= num_training_steps) return lr_end;
      const left = 1 - (step - num_warmup_steps) / (num_training_steps - num_warmup_steps);
      return (base_lr - lr_end) * left ** power + lr_end;
    },
    prepare({ base_lrs, lr_end }) {
      for (const base_lr of base_lrs) {
        if (lr_end >= base_lr) {
          throw new RangeError(
            "PolynomialDecayScheduleWithWarmup: lr_end must be below the lr of every parameter " +
              `group, got ${lr_end} with an lr of ${base_lr}`,
          );
        }
      }
    },
  });

  declare num_training_steps: number;
  declare lr_end: number;
  declare power: number;
}
