import { whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `ConstantScheduleWithWarmup`. */
export interface ConstantScheduleWithWarmupOptions extends WarmupOptions {}

/**
 * Raises the lr linearly from 0, and keeps the base lr from then on.
 *
 * `lr(t) = base_lr · min(t / num_warmup_steps, 1)`
 *
 * Source: `transformers.get_constant_schedule_with_warmup`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 0 0.5 1 1 …
 * const scheduler = new torch.optim.ConstantScheduleWithWarmup(optimizer, { num_warmup_steps: 2 });
 * ```
 */
export class ConstantScheduleWithWarmup extends WarmupSchedule<ConstantScheduleWithWarmupOptions> {
  static override readonly option_table = option_table<Resolved<ConstantScheduleWithWarmupOptions>>(
    "ConstantScheduleWithWarmup",
    {
      num_warmup_steps: whole_number({ min: 0 }),
    },
  );

  static override readonly formula = warmup<ConstantScheduleWithWarmup>({
    after: (_, _step, base_lr) => base_lr,
  });
}
