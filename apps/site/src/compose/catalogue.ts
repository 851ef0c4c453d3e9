import {
  describe_schedulers,
  type OptionDescription,
  type SchedulerDescription,
} from "torch-optim/lr_scheduler";

const ALL = describe_schedulers().filter(({ is_spec_type }) => is_spec_type);
const BY_TYPE = new Map(ALL.map((description) => [description.type, description]));
/** What the schedules of transformers call their length. */
const TRAINING_STEPS = "num_training_steps";

/** The schedulers that a spec can name: those with a short name first. */
export const TYPES: readonly SchedulerDescription[] = ALL.toSorted(
  (a, b) => Number(b.short_names.length > 0) - Number(a.short_names.length > 0),
);

export function describe(type: string): SchedulerDescription | undefined {
  return BY_TYPE.get(type);
}

export function optionsOf(type: string): readonly OptionDescription[] {
  return BY_TYPE.get(type)?.options ?? [];
}

/** The option that says how long a scheduler is, if one does. */
export function lengthOptionOf(type: string): string | undefined {
  const { length_option, options = [] } = BY_TYPE.get(type) ?? {};
  return length_option ?? options.find(({ name }) => name === TRAINING_STEPS)?.name;
}

/** What an option is where a spec leaves it out. */
export function defaultOf(type: string, option: string): unknown {
  return optionsOf(type).find(({ name }) => name === option)?.default;
}

/** A scheduler's name on a block: short where it has a short one. */
export function shortName(type: string): string {
  return BY_TYPE.get(type)?.short_names[0] ?? type;
}
