import { check_spec } from "./check_spec.ts";
import { class_of, fields_of } from "./registry.ts";
import type { SchedulerSpec } from "./scheduler_spec.ts";
import { LENGTH_OPTIONS } from "./short_names.ts";
import { SpecError } from "./spec_error.ts";

type Options = Readonly<Record<string, unknown>>;

interface AnySpec extends Options {
  readonly type: string;
  readonly schedulers?: readonly AnySpec[];
  readonly milestones?: readonly number[];
}

/**
 * How many epochs a schedule is made for: of a sequence its last milestone plus the length of its
 * last phase, of a chain that of its longest member, of a scheduler the option that says it, such as
 * `T_max` of `CosineAnnealingLR`, or that option's default; of warm restarts `T_0`. Undefined where
 * nothing says it, as for `StepLR`.
 *
 * @throws SpecError with everything that is wrong.
 * @example
 * ```ts
 * spec_length(parse_spec("linear:10 > cosine:90")); // 100
 * spec_length(parse_spec("linear:10 > step(step_size=30)")); // undefined
 * ```
 */
export function spec_length(spec: SchedulerSpec): number | undefined {
  const problems = check_spec(spec);
  if (problems.length > 0) throw new SpecError(problems);
  return length_of(spec as unknown as AnySpec);
}

function length_of(spec: AnySpec): number | undefined {
  const { type, schedulers, milestones } = spec;
  if (schedulers === undefined) return own_length(type, spec);
  if (milestones === undefined) {
    const lengths = schedulers.flatMap((member) => length_of(member) ?? []);
    return lengths.length === 0 ? undefined : lengths.reduce((a, b) => Math.max(a, b));
  }
  const last = length_of(schedulers[schedulers.length - 1]);
  return last === undefined ? undefined : (milestones.at(-1) ?? 0) + last;
}

function own_length(type: string, spec: Options): number | undefined {
  const known = class_of(type);
  const table = known ? fields_of(known) : {};
  const count = (option: string): number | undefined => {
    const value =
      spec[option] ?? (Object.hasOwn(table, option) ? table[option].default : undefined);
    return typeof value === "number" ? value : undefined;
  };
  switch (type) {
    case "OneCycleLR":
      return count("total_steps") ?? product(count("epochs"), count("steps_per_epoch"));
    case "WSDSchedule":
      return typeof spec.num_stable_steps === "number" ? stages(spec) : count("num_training_steps");
    default:
      return count(LENGTH_OPTIONS.get(type) ?? "num_training_steps");
  }
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

/** The steps of a `WSDSchedule` that says those of each stage. */
function stages({ num_warmup_steps, num_stable_steps, num_decay_steps }: Options): number {
  return Number(num_warmup_steps) + Number(num_stable_steps) + Number(num_decay_steps);
}
