import { number } from "../../fields.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { current_options, type OptionValues } from "./options.ts";
import { type StateReader, to_data } from "./scheduler_state.ts";

const NOT_NEGATIVE = number({ min: 0 });
/** PyTorch gives a child that has not yet begun the epoch -1. */
const EPOCH_IN_STATE = number({ min: -1 });

/** A scheduler's own part of its state: without the schedulers inside. */
export function own_state(scheduler: LRScheduler, options: object): object {
  const { base_lrs, last_epoch, _last_lr } = scheduler;
  return {
    ...options,
    ...own_fields(scheduler),
    base_lrs,
    last_epoch,
    _step_count: Math.floor(last_epoch) + 1,
    _last_lr,
  };
}

/** Takes over a scheduler's own part of a state. */
export function load_own_state(scheduler: LRScheduler, state: StateReader): void {
  const count = scheduler.optimizer.param_groups.length;
  // PyTorch's states of plateaus and composites have no base lrs.
  const reader = state.or({ base_lrs: scheduler.base_lrs });
  scheduler.base_lrs = reader.numbers("base_lrs", count, 1, NOT_NEGATIVE);
  scheduler.last_epoch = reader.checked("last_epoch", EPOCH_IN_STATE);
  // Groups that have not joined yet are no concern of this scheduler.
  const known = scheduler.base_lrs.length;
  scheduler._last_lr = reader.numbers("_last_lr", count, known).slice(0, known);
  const fields = scheduler as unknown as OptionValues;
  for (const key of Object.keys(to_data(own_fields(scheduler)))) {
    fields[key] = reader.like(key, fields[key]);
  }
}

/** The options in a state like a scheduler's; functions are no data and stay what they are. */
export function options_like(scheduler: LRScheduler, reader: StateReader): OptionValues {
  const { option_table } = scheduler.constructor as typeof LRScheduler;
  const options = current_options(scheduler);
  for (const key of Object.keys(to_data(options))) {
    options[key] = option_table ? reader.value(key) : reader.like(key, options[key]);
  }
  return options;
}

/** What a class keeps beside its options and what every scheduler has. */
function own_fields(scheduler: LRScheduler): object {
  const { optimizer, options, base_lrs, last_epoch, _last_lr, ...own } = scheduler;
  return Object.fromEntries(Object.entries(own).filter(([key]) => !Object.hasOwn(options, key)));
}
