import { nullable, number, one_of, whole_number } from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { Resolved } from "../lr_scheduler.ts";
import { wave } from "./cosine_schedule_with_warmup.ts";
import { type WarmupOptions, WarmupSchedule, warmup } from "./warmup_schedule.ts";

type Shape = "linear" | "cosine" | "1-sqrt";

/** Options of `WSDSchedule`. */
export interface WSDScheduleOptions extends WarmupOptions {
  /** How many steps the fall takes, a whole number of at least 0. */
  num_decay_steps: number;
  /** The number of steps in all, a whole number of at least 0; or give the next one. */
  num_training_steps?: number | null;
  /** How many steps the lr stays the base lr, a whole number of at least 0. */
  num_stable_steps?: number | null;
  /** The shape of the rise. Default `"linear"`. */
  warmup_type?: Shape;
  /** The shape of the fall. Default `"cosine"`. */
  decay_type?: Shape;
  /** The first and last lr as a share of the base lr, from 0 to 1. Default 0. */
  min_lr_ratio?: number;
  /** How many waves a fall along a cosine has, at least 0. Default 0.5: down, once. */
  num_cycles?: number;
}

const SHAPES: readonly Shape[] = ["linear", "cosine", "1-sqrt"];

/**
 * Raises the lr, keeps it at the base lr, and lets it fall: warm-up, stable, decay.
 *
 * `lr(t) = base_lr · (min_lr_ratio + (1 - min_lr_ratio) · h(t))`, with `h` from 0 to 1 in
 * `num_warmup_steps`, 1 for `num_stable_steps`, down to 0 in `num_decay_steps`, and 0 from then on.
 *
 * Source: Hu et al., "MiniCPM: Unveiling the Potential of Small Language Models with Scalable
 * Training Strategies" (https://arxiv.org/abs/2404.06395); `transformers.get_wsd_schedule`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * // lr 1: 0 0.5 1 1 1 0.5 0 …
 * const scheduler = new torch.optim.WSDSchedule(optimizer, {
 *   num_warmup_steps: 2,
 *   num_stable_steps: 2,
 *   num_decay_steps: 2,
 * });
 * ```
 */
export class WSDSchedule extends WarmupSchedule<WSDScheduleOptions> {
  static override readonly option_table = option_table<Resolved<WSDScheduleOptions>>(
    "WSDSchedule",
    {
      num_warmup_steps: whole_number({ min: 0 }),
      num_decay_steps: whole_number({ min: 0 }),
      num_training_steps: nullable(whole_number({ min: 0 })),
      num_stable_steps: nullable(whole_number({ min: 0 })),
      warmup_type: one_of(SHAPES, "linear"),
      decay_type: one_of(SHAPES, "cosine"),
      min_lr_ratio: number({ min: 0, max: 1, default: 0 }),
      num_cycles: number({ min: 0, default: 0.5 }),
    },
  );

  static override readonly formula = warmup<WSDSchedule>({
    rise: (schedule, progress, base_lr) =>
      lr_at(schedule, rise(schedule.warmup_type, progress), base_lr),
    after(schedule, step, base_lr) {
      const { num_warmup_steps, num_stable_steps, num_decay_steps } = schedule;
      const decayed = step - num_warmup_steps - num_stable_steps;
      if (decayed < 0) return base_lr;
      const is_over = decayed >= num_decay_steps;
      return lr_at(schedule, is_over ? 0 : fall(schedule, decayed / num_decay_steps), base_lr);
    },
    prepare(schedule) {
      const { num_training_steps, num_stable_steps } = schedule.options;
      const { num_warmup_steps, num_decay_steps } = schedule;
      if (num_training_steps === null && num_stable_steps === null) {
        throw new TypeError(
          "WSDSchedule: num_training_steps must be given, or num_stable_steps, got neither",
        );
      }
      schedule.num_stable_steps =
        num_stable_steps ?? (num_training_steps ?? 0) - num_warmup_steps - num_decay_steps;
      if (schedule.num_stable_steps < 0) {
        throw new RangeError(
          "WSDSchedule: num_training_steps must be at least num_warmup_steps + num_decay_steps, " +
            `got ${num_training_steps}`,
        );
      }
    },
  });

  declare num_decay_steps: number;
  /** How many steps the lr stays the base lr. */
  declare num_stable_steps: number;
  declare warmup_type: Shape;
  declare decay_type: Shape;
  declare min_lr_ratio: number;
  declare num_cycles: number;
}

function rise(shape: Shape, progress: number): number {
  if (shape === "cosine") return 0.5 * (1 - Math.cos(Math.PI * progress));
  return shape === "linear" ? progress : 1 - Math.sqrt(1 - progress);
}

function fall({ decay_type, num_cycles }: WSDSchedule, progress: number): number {
  if (decay_type === "cosine") return wave(num_cycles, progress);
  return decay_type === "linear" ? 1 - progress : 1 - Math.sqrt(progress);
}

function lr_at({ min_lr_ratio }: WSDSchedule, height: number, base_lr: number): number {
  return base_lr * (height * (1 - min_lr_ratio) + min_lr_ratio);
}
