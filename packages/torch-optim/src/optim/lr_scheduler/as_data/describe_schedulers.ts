import { fields_of, known_types, takes_function } from "./registry.ts";

/** A scheduler and its options, for tools that show them. */
export interface SchedulerDescription {
  /** The name of its class. */
  readonly type: string;
  /** What it does, in a line; a registered class says nothing of itself. */
  readonly meaning?: string;
  /** Its names in the short form; most have one or none. */
  readonly short_names: readonly string[];
  /** The option that is its length in epochs, if one is. */
  readonly length_option?: string;
  /** Whether a spec can hold it: none can that needs a function. */
  readonly is_spec_type: boolean;
  /** Its options, in the order in which its class has them. */
  readonly options: readonly OptionDescription[];
}

/** One option of a scheduler. */
export interface OptionDescription {
  /** Its name. */
  readonly name: string;
  /** Completes the sentence "the option must be …". */
  readonly expected: string;
  /** What it is if it is left out; a required option has none. */
  readonly default?: unknown;
}

/**
 * Describes all schedulers that are known by name, registered ones included, in alphabetical order.
 *
 * @example
 * ```ts
 * describe_schedulers().find(({ type }) => type === "StepLR")?.options;
 * // [{ name: "step_size", expected: "a whole number of at least 1" },
 * //  { name: "gamma", expected: "a finite number of at least 0", default: 0.1 }]
 * ```
 */
export function describe_schedulers(): SchedulerDescription[] {
  return known_types().map(([type, { scheduler, meaning, short_names = [], length_option }]) => ({
    type,
    ...(meaning === undefined ? {} : { meaning }),
    short_names,
    ...(length_option === undefined ? {} : { length_option }),
    is_spec_type: !takes_function(scheduler),
    options: Object.entries(fields_of(scheduler)).map(([name, field]) => ({
      name,
      expected: field.expected,
      ...(field.default === undefined ? {} : { default: field.default }),
    })),
  }));
}
