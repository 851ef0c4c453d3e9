import { nullable, whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `InverseSqrtSchedule`. */
export interface InverseSqrtScheduleOptions extends WarmupOptions {
  /**
   * How slowly the lr falls, a whole number of at least 1. Default null: `num_warmup_steps`, or
   * 10000 if that is 0.
   */
  timescale?: number | null;
}

/**
 * Raises the lr linearly from 0, and lets it fall with the inverse square root of the step.
 *
 * After the warm-up `lr(t) = base_lr / sqrt((t - num_warmup_steps + timescale) / timescale)`.
 *
 * Source: `transformers.get_inverse_sqrt_schedule`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 0 1 0.707… 0.577… 0.5 …
 * const scheduler = new torch.optim.InverseSqrtSchedule(optimizer, { num_warmup_steps: 1 });
 * ```
 */
export class InverseSqrtSchedule extends WarmupSchedule<InverseSqrtScheduleOptions> {
  static override readonly option_table = option_table<Resolved<InverseSqrtScheduleOptions>>(
    "InverseSqrtSchedule",
    {
      num_warmup_steps: whole_number({ min: 0 }),
      timescale: nullable(whole_number({ min: 1 })),
    },
  );

  static override readonly formula = warmup<InverseSqrtSchedule>({
    after({ timescale, num_warmup_steps }, step, base_lr) {
      const shift = timescale - num_warmup_steps;
      return base_lr * (1 / Math.sqrt((step + shift) / timescale));
    },
    prepare(schedule) {
      schedule.timescale = schedule.options.timescale ?? (schedule.num_warmup_steps || 10_000);
    },
  });

  declare timescale: number;
}
