import { number, whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { progress_of, type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `CosineScheduleWithWarmup`. */
export interface CosineScheduleWithWarmupOptions extends WarmupOptions {
  /** The step at which the cosine ends, a whole number of at least 0. */
  num_training_steps: number;
  /** How many waves the cosine has, at least 0. Default 0.5: down to 0, once. */
  num_cycles?: number;
}

/**
 * Raises the lr linearly from 0, and moves it along a cosine.
 *
 * After the warm-up `lr(t) = base_lr · (1 + cos(2π · num_cycles · p)) / 2`, with `p` from 0 at the
 * end of the warm-up to 1 at `num_training_steps`, and on beyond it.
 *
 * Source: `transformers.get_cosine_schedule_with_warmup`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 0 0.5 1 0.75 0.25 0 …
 * const scheduler = new torch.optim.CosineScheduleWithWarmup(optimizer, {
 *   num_warmup_steps: 2,
 *   num_training_steps: 5,
 * });
 * ```
 */
export class CosineScheduleWithWarmup extends WarmupSchedule<CosineScheduleWithWarmupOptions> {
  static override readonly option_table = option_table<Resolved<CosineScheduleWithWarmupOptions>>(
    "CosineScheduleWithWarmup",
    {
      num_warmup_steps: whole_number({ min: 0 }),
      num_training_steps: whole_number({ min: 0 }),
      num_cycles: number({ min: 0, default: 0.5 }),
    },
  );

  static override readonly formula = warmup<CosineScheduleWithWarmup>({
    after: (schedule, step, base_lr) =>
      base_lr * wave(schedule.num_cycles, progress_of(step, schedule)),
  });

  declare num_training_steps: number;
  declare num_cycles: number;
}

/** From 1 down to 0 and up again, `num_cycles` times as `progress` goes from 0 to 1. */
export function wave(num_cycles: number, progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * num_cycles * 2 * progress));
}
