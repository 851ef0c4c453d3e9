import { is_object, refusal } from "../../refusal.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { to_data } from "./scheduler_state.ts";

/** Options by name. */
export type OptionValues = Record<string, unknown>;

/** The options that a user gave each scheduler, without defaults. */
const given = new WeakMap<LRScheduler, OptionValues>();

/** The name by which a scheduler speaks of itself. */
export function name_of(scheduler: LRScheduler): string {
  const { option_table, name } = scheduler.constructor as typeof LRScheduler;
  return option_table?.owner ?? name;
}

/** What a constructor is given, which is an object or nothing, as a copy. */
export function read_options(scheduler: LRScheduler, options: unknown): OptionValues {
  if (options !== undefined && !is_object(options)) {
    throw new TypeError(`${name_of(scheduler)}: options ${refusal("an object", options)}`);
  }
  return { ...options };
}

/** Notes what a user gave the constructor. */
export function note_given(scheduler: LRScheduler, options: OptionValues): void {
  given.set(scheduler, options);
}

/** Checks options and keeps them, defaults filled in: in `options`, and each by its name. */
export function take_options(scheduler: LRScheduler, options: object, path?: string): void {
  const { option_table } = scheduler.constructor as typeof LRScheduler;
  const groups = scheduler.optimizer.param_groups.length;
  const resolved = option_table?.resolve(options, groups, path);
  scheduler.options = resolved ?? options;
  Object.assign(scheduler, resolved);
}

/** The options as they are now: those that were changed by hand included. */
export function current_options(scheduler: LRScheduler): OptionValues {
  const { option_table } = scheduler.constructor as typeof LRScheduler;
  const options: OptionValues = { ...scheduler.options };
  const fields = scheduler as unknown as OptionValues;
  if (option_table) for (const key of Object.keys(options)) options[key] = fields[key];
  return options;
}

/**
 * The names of the options that a user gave the constructor and that have changed since they were
 * `before`.
 */
export function options_changed(scheduler: LRScheduler, before: object): string[] {
  const [was, is] = [before, current_options(scheduler)].map(to_data);
  return Object.keys(given.get(scheduler) ?? {}).filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
}
