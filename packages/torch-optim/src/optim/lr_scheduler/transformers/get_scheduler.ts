import { refusal } from "../../../refusal.ts";
import type { SchedulableOptimizer } from "../../param_group.ts";
import type { LRScheduler, LRSchedulerOptions } from "../lr_scheduler.ts";
import { ReduceLROnPlateau } from "../reduce_lr_on_plateau.ts";
import { ConstantSchedule } from "./constant_schedule.ts";
import { ConstantScheduleWithWarmup } from "./constant_schedule_with_warmup.ts";
import { CosineScheduleWithWarmup } from "./cosine_schedule_with_warmup.ts";
import { CosineWithHardRestartsScheduleWithWarmup } from "./cosine_with_hard_restarts_schedule_with_warmup.ts";
import { CosineWithMinLRScheduleWithWarmup } from "./cosine_with_min_lr_schedule_with_warmup.ts";
import { InverseSqrtSchedule } from "./inverse_sqrt_schedule.ts";
import { LinearScheduleWithWarmup } from "./linear_schedule_with_warmup.ts";
import { PolynomialDecayScheduleWithWarmup } from "./polynomial_decay_schedule_with_warmup.ts";
import { WSDSchedule } from "./wsd_schedule.ts";

const SCHEDULES = {
  linear: LinearScheduleWithWarmup,
  cosine: CosineScheduleWithWarmup,
  cosine_with_restarts: CosineWithHardRestartsScheduleWithWarmup,
  polynomial: PolynomialDecayScheduleWithWarmup,
  constant: ConstantSchedule,
  constant_with_warmup: ConstantScheduleWithWarmup,
  inverse_sqrt: InverseSqrtSchedule,
  cosine_with_min_lr: CosineWithMinLRScheduleWithWarmup,
  warmup_stable_decay: WSDSchedule,
  reduce_lr_on_plateau: ReduceLROnPlateau,
} as const;

interface ScheduleClass {
  readonly option_table: { readonly table: object };
  new (optimizer: SchedulableOptimizer, options: never): LRScheduler;
}

/** The names that `transformers` gives its schedules. */
export type SchedulerName = keyof typeof SCHEDULES;

/** Options of `get_scheduler`. */
export interface GetSchedulerOptions extends LRSchedulerOptions {
  /** How many steps the lr takes to rise; schedules without a warm-up pass over it. */
  num_warmup_steps?: number | null;
  /** The number of steps in all; schedules without an end pass over it. */
  num_training_steps?: number | null;
  /** The further options of the schedule, such as `num_cycles`, `lr_end` or `min_lr`. */
  scheduler_specific_kwargs?: object | null;
}

/**
 * The schedules of Hugging Face's `transformers`, by the names, arguments, defaults and numbers
 * they have there.
 *
 * Each is a class of its own, to be found by its `transformers` name without the `get_`:
 * `get_cosine_schedule_with_warmup` is `CosineScheduleWithWarmup`.
 *
 * Source: `transformers.get_scheduler`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const scheduler = get_scheduler("cosine_with_min_lr", optimizer, {
 *   num_warmup_steps: 100,
 *   num_training_steps: 1000,
 *   scheduler_specific_kwargs: { min_lr_rate: 0.1 },
 * });
 * ```
 */
export function get_scheduler(
  name: SchedulerName,
  optimizer: SchedulableOptimizer,
  options: GetSchedulerOptions = {},
): LRScheduler {
  if (!Object.hasOwn(SCHEDULES, name)) {
    const names = Object.keys(SCHEDULES).join(", ");
    throw new RangeError(`get_scheduler: name ${refusal(`one of ${names}`, name)}`);
  }
  const { scheduler_specific_kwargs, last_epoch = -1, ...steps } = options;
  const schedule: ScheduleClass = SCHEDULES[name];
  const taken = Object.entries(steps).filter(
    ([option, value]) => value !== null && Object.hasOwn(schedule.option_table.table, option),
  );
  const given = { ...Object.fromEntries(taken), ...scheduler_specific_kwargs, last_epoch };
  return new schedule(optimizer, given as never);
}
