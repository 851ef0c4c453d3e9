import { nullable, number, whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { wave } from "./cosine_schedule_with_warmup.ts";
import { LOWEST_LR, lowest_lr, refuse_all_but_one } from "./lowest_lr.ts";
import { type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `CosineWithMinLRScheduleWithWarmupLRRate`. */
export interface CosineWithMinLRScheduleWithWarmupLRRateOptions extends WarmupOptions {
  /** The number of steps in all, a whole number of at least 0. */
  num_training_steps: number;
  /** How many waves the cosine has, at least 0. Default 0.5: down to the lowest lr, once. */
  num_cycles?: number;
  /** The lowest lr, at least 0; or give the next one. */
  min_lr?: number | null;
  /** The lowest lr as a share of the base lr, from 0 to 1. */
  min_lr_rate?: number | null;
  /** The lr of step 0 as a share of the base lr, at least 0. Default `1 / num_warmup_steps`. */
  warmup_lr_rate?: number | null;
}

/**
 * Raises the lr linearly from a share of it, and moves it along a cosine down to a lowest lr.
 *
 * With `W = num_warmup_steps` and `N = num_training_steps`, before step `W`
 * `lr(t) = base_lr · (t + 1) / W`, or with a `warmup_lr_rate` `r`
 * `lr(t) = base_lr · (r + (1 - r) · t / (W - 1))`; from there on
 * `lr(t) = min_lr + (base_lr - min_lr) · (1 + cos(2π · num_cycles · p)) / 2` with
 * `p = (t - W + 1) / (N - W)`. So the lowest lr is that of step `N - 1`, the last one; beyond it the
 * lr rises again. (`min_lr` is the lowest lr of every group; `transformers` takes its share of the
 * optimizer's default lr.)
 *
 * Source: `transformers.get_cosine_with_min_lr_schedule_with_warmup_lr_rate`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * // lr 1: 0.5 1 0.75 0.5 …
 * const scheduler = new torch.optim.CosineWithMinLRScheduleWithWarmupLRRate(optimizer, {
 *   num_warmup_steps: 2,
 *   num_training_steps: 4,
 *   min_lr_rate: 0.5,
 * });
 * ```
 */
export class CosineWithMinLRScheduleWithWarmupLRRate extends WarmupSchedule<CosineWithMinLRScheduleWithWarmupLRRateOptions> {
  static override readonly option_table = option_table<
    Resolved<CosineWithMinLRScheduleWithWarmupLRRateOptions>
  >("CosineWithMinLRScheduleWithWarmupLRRate", {
    num_warmup_steps: whole_number({ min: 0 }),
    num_training_steps: whole_number({ min: 0 }),
    num_cycles: number({ min: 0, default: 0.5 }),
    ...LOWEST_LR,
    warmup_lr_rate: nullable(number({ min: 0 })),
  });

  static override readonly formula = warmup<CosineWithMinLRScheduleWithWarmupLRRate>({
    rise({ num_warmup_steps, warmup_lr_rate: start }, step, base_lr) {
      if (start === null) return (base_lr * (step + 1)) / num_warmup_steps;
      return base_lr * (start + ((1 - start) * step) / Math.max(1, num_warmup_steps - 1));
    },
    after(schedule, step, base_lr) {
      const { num_warmup_steps, num_training_steps, num_cycles } = schedule;
      const lowest = lowest_lr(schedule, base_lr);
      const done =
        (step - num_warmup_steps + 1) / Math.max(1, num_training_steps - num_warmup_steps);
      return lowest + (base_lr - lowest) * wave(num_cycles, done);
    },
    prepare: refuse_all_but_one,
  });

  declare num_training_steps: number;
  declare num_cycles: number;
  declare min_lr: number | null;
  declare min_lr_rate: number | null;
  declare warmup_lr_rate: number | null;
}
