import { nullable, number, whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { wave } from "./cosine_schedule_with_warmup.ts";
import { progress_of, type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

/** Options of `CosineWithMinLRScheduleWithWarmup`. */
export interface CosineWithMinLRScheduleWithWarmupOptions extends WarmupOptions {
  /** The step at which the cosine ends, a whole number of at least 0. */
  num_training_steps: number;
  /** How many waves the cosine has, at least 0. Default 0.5: down to the lowest lr, once. */
  num_cycles?: number;
  /** The lowest lr, at least 0; or give the next one. */
  min_lr?: number | null;
  /** The lowest lr as a share of the base lr, from 0 to 1. */
  min_lr_rate?: number | null;
}

/**
 * Raises the lr linearly from 0, and moves it along a cosine down to a lowest lr.
 *
 * After the warm-up `lr(t) = min_lr + (base_lr - min_lr) · (1 + cos(2π · num_cycles · p)) / 2`, with
 * `p` from 0 at the end of the warm-up to 1 at `num_training_steps`, and on beyond it.
 *
 * Source: `transformers.get_cosine_with_min_lr_schedule_with_warmup`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.75 0.5 …
 * const scheduler = new torch.optim.CosineWithMinLRScheduleWithWarmup(optimizer, {
 *   num_warmup_steps: 0,
 *   num_training_steps: 2,
 *   min_lr_rate: 0.5,
 * });
 * ```
 */
export class CosineWithMinLRScheduleWithWarmup extends WarmupSchedule<CosineWithMinLRScheduleWithWarmupOptions> {
  static override readonly option_table = option_table<
    Resolved<CosineWithMinLRScheduleWithWarmupOptions>
  >("CosineWithMinLRScheduleWithWarmup", {
    num_warmup_steps: whole_number({ min: 0 }),
    num_training_steps: whole_number({ min: 0 }),
    num_cycles: number({ min: 0, default: 0.5 }),
    min_lr: nullable(number({ min: 0 })),
    min_lr_rate: nullable(number({ min: 0, max: 1 })),
  });

  static override readonly formula = warmup<CosineWithMinLRScheduleWithWarmup>({
    after(schedule, step, base_lr) {
      const { num_cycles, min_lr, min_lr_rate } = schedule;
      const lowest = min_lr ?? base_lr * (min_lr_rate ?? 0);
      return lowest + (base_lr - lowest) * wave(num_cycles, progress_of(step, schedule));
    },
    prepare({ min_lr, min_lr_rate }) {
      if ((min_lr === null) === (min_lr_rate === null)) {
        throw new Error(
          "CosineWithMinLRScheduleWithWarmup: min_lr must be given, or min_lr_rate, " +
            `got ${min_lr === null ? "neither" : "both"}`,
        );
      }
    },
  });

  declare num_training_steps: number;
  declare num_cycles: number;
  declare min_lr: number | null;
  declare min_lr_rate: number | null;
}
