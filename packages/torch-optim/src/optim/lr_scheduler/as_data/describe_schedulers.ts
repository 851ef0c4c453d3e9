import { fields_of, known_classes, takes_function } from "./registry.ts";
import { SHORT_NAMES } from "./short_names.ts";

/** A scheduler and its options, for tools that show them. */
export interface SchedulerDescription {
  /** The name of its class. */
  readonly type: string;
  /** Its names in the short form; most have one or none. */
  readonly short_names: readonly string[];
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
  return known_classes().map(([type, scheduler_class]) => ({
    type,
    short_names: [...SHORT_NAMES].filter(([, known]) => known === type).map(([name]) => name),
    is_spec_type: !takes_function(scheduler_class),
    options: Object.entries(fields_of(scheduler_class)).map(([name, field]) => ({
      name,
      expected: field.expected,
      ...(field.default === undefined ? {} : { default: field.default }),
    })),
  }));
}
