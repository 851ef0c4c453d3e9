import { whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { progress_of, type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `CosineWithHardRestartsScheduleWithWarmup`. */
export interface CosineWithHardRestartsScheduleWithWarmupOptions extends WarmupOptions {
  /** The step from which on the lr is 0, a whole number of at least 0. */
  num_training_steps: number;
  /** How many times the cosine falls, a whole number of at least 1. Default 1. */
  num_cycles?: number;
}

/**
 * Raises the lr linearly from 0, and lets it fall along a cosine, several times over.
 *
 * After the warm-up `lr(t) = base_lr · (1 + cos(π · (num_cycles · p mod 1))) / 2`, with `p` from 0
 * at the end of the warm-up to 1 at `num_training_steps`; 0 from there on.
 *
 * Source: `transformers.get_cosine_with_hard_restarts_schedule_with_warmup`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.5 1 0.5 0 …
 * const scheduler = new torch.optim.CosineWithHardRestartsScheduleWithWarmup(optimizer, {
 *   num_warmup_steps: 0,
 *   num_training_steps: 4,
 *   num_cycles: 2,
 * });
 * ```
 */
export class CosineWithHardRestartsScheduleWithWarmup extends WarmupSchedule<CosineWithHardRestartsScheduleWithWarmupOptions> {
  static override readonly option_table = option_table<
    Resolved<CosineWithHardRestartsScheduleWithWarmupOptions>
  >("CosineWithHardRestartsScheduleWithWarmup", {
    num_warmup_steps: whole_number({ min: 0 }),
    num_training_steps: whole_number({ min: 0 }),
    num_cycles: whole_number({ min: 1, default: 1 }),
  });

  static override readonly formula = warmup<CosineWithHardRestartsScheduleWithWarmup>({
    after(schedule, step, base_lr) {
      const progress = progress_of(step, schedule);
      if (progress >= 1) return 0;
      const within = (schedule.num_cycles * progress) % 1;
      return base_lr * 0.5 * (1 + Math.cos(Math.PI * within));
    },
  });

  declare num_training_steps: number;
  declare num_cycles: number;
}
