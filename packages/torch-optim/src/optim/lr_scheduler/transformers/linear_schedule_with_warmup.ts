import { whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `LinearScheduleWithWarmup`. */
export interface LinearScheduleWithWarmupOptions extends WarmupOptions {
  /** The step at which the lr is 0 again, a whole number of at least 0. */
  num_training_steps: number;
}

/**
 * Raises the lr linearly from 0, and lowers it linearly to 0.
 *
 * After the warm-up `lr(t) = base_lr · max(0, 1 - p)`, with `p` from 0 at the end of the warm-up to
 * 1 at `num_training_steps`.
 *
 * Source: `transformers.get_linear_schedule_with_warmup`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 0 0.5 1 0.5 0 …
 * const scheduler = new torch.optim.LinearScheduleWithWarmup(optimizer, {
 *   num_warmup_steps: 2,
 *   num_training_steps: 4,
 * });
 * ```
 */
export class LinearScheduleWithWarmup extends WarmupSchedule<LinearScheduleWithWarmupOptions> {
  static override readonly option_table = option_table<Resolved<LinearScheduleWithWarmupOptions>>(
    "LinearScheduleWithWarmup",
    {
      num_warmup_steps: whole_number({ min: 0 }),
      num_training_steps: whole_number({ min: 0 }),
    },
  );

  static override readonly formula = warmup<LinearScheduleWithWarmup>({
    after({ num_warmup_steps, num_training_steps }, step, base_lr) {
      const left = (num_training_steps - step) / Math.max(1, num_training_steps - num_warmup_steps);
      return base_lr * Math.max(0, left);
    },
  });

  declare num_training_steps: number;
}
