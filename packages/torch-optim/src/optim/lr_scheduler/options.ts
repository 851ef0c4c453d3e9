import { resolve } from "../../option_table.ts";
import type { LRScheduler } from "./lr_scheduler.ts";

/** Options by name. */
export type OptionValues = Record<string, unknown>;

/** The name by which a scheduler speaks of itself. */
export function name_of(scheduler: LRScheduler): string {
  const { option_table, name } = scheduler.constructor as typeof LRScheduler;
  return option_table?.owner ?? name;
}

/** Checks options and keeps them, defaults filled in: in `options`, and each by its name. */
export function take_options(scheduler: LRScheduler, options: object, path?: string): void {
  const { option_table } = scheduler.constructor as typeof LRScheduler;
  const { length } = scheduler.optimizer.param_groups;
  const resolved = option_table && resolve(option_table, options, length, path && `${path}.`);
  scheduler.options = resolved ?? options;
  Object.assign(scheduler, resolved);
}

/** The options as they are now, those that were changed by hand included, but for the schedulers inside. */
export function current_options(scheduler: LRScheduler): OptionValues {
  const { schedulers, ...options } = scheduler.options as OptionValues;
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(scheduler, key)) options[key] = (scheduler as unknown as OptionValues)[key];
  }
  return options;
}
