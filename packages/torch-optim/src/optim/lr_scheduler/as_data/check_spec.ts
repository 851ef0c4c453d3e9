import { nullable, whole_number } from "../../../fields.ts";
import { option_table, resolve } from "../../../option_table.ts";
import { is_object, read } from "../../../refusal.ts";
import { build_scheduler, MOST_LRS } from "./build_scheduler.ts";
import { plain_data } from "./plain_data.ts";
import { Problems } from "./problems.ts";
import { fields_of_type } from "./registry.ts";
import { SpecError, type SpecProblem } from "./spec_error.ts";

/** Options of `check_spec`. */
export interface CheckSpecOptions {
  /**
   * The number of parameter groups of the optimizer that the spec is meant for, a whole number of
   * at least 1. Default: as many as the spec's lists have, or 1.
   */
  groups?: number;
}

/** A spec as data of our own that is known to be sound. */
export interface SoundSpec {
  readonly type: string;
  readonly schedulers?: readonly SoundSpec[];
  readonly milestones?: readonly number[];
  readonly starts?: readonly number[] | null;
  readonly [option: string]: unknown;
}

const OPTIONS = option_table<{ groups: number | null }>("check_spec", {
  groups: nullable(whole_number({ min: 1, max: MOST_LRS })),
});

/**
 * Everything that is wrong with a spec (the first hundred mistakes of it), each with its path; an
 * empty list if it is sound.
 *
 * @throws TypeError or RangeError if `groups` is no number of parameter groups.
 * @example
 * ```ts
 * check_spec({ type: "StepLR", step_size: "90" });
 * // [{ path: "step_size", message: 'must be a whole number of at least 1, got "90"' }]
 * ```
 */
export function check_spec(spec: unknown, options: CheckSpecOptions = {}): SpecProblem[] {
  const { groups } = resolve(OPTIONS, options);
  return judge(spec, groups).problems.list();
}

/**
 * A copy of a spec, known to be sound: what goes on with a spec goes on with this, as the original
 * may give other answers when it is read again.
 *
 * @throws SpecError with everything that is wrong.
 */
export function sound_spec(spec: unknown): SoundSpec {
  const { data, problems } = judge(spec, null);
  if (problems.count > 0) throw new SpecError(problems.list());
  return data as SoundSpec;
}

function judge(spec: unknown, groups: number | null) {
  const problems = new Problems();
  const data = plain_spec(spec, problems);
  const length = groups ?? count_groups(data);
  const param_groups = Array.from({ length }, () => ({ lr: 1, momentum: 0.9 }));
  build_scheduler({ param_groups }, data, problems);
  return { data, problems };
}

/** A spec as data of our own, without the note that tells editors which schema it follows. */
export function plain_spec(spec: unknown, problems: Problems): unknown {
  const data = plain_data(spec, "", problems);
  if (!is_object(data) || typeof read(data, "$schema") !== "string") return data;
  const { $schema, ...rest } = data as Record<string, unknown>;
  return rest;
}

/** The length of the longest list that gives every parameter group its own value. */
function count_groups(data: unknown): number {
  if (!is_object(data)) return 1;
  const fields = fields_of_type(read(data, "type"));
  const children = read(data, "schedulers");
  const lengths = Object.entries(data).map(([option, value]) =>
    Array.isArray(value) && Object.hasOwn(fields, option) && fields[option].per_group
      ? value.length
      : 1,
  );
  const inside = Array.isArray(children) ? children.map(count_groups) : [];
  return [...lengths, ...inside].reduce((a, b) => Math.max(a, b), 1);
}
