import { custom, type Field, whole_number } from "../../../fields.ts";
import { option_table, resolve } from "../../../option_table.ts";
import { is_list, is_object, read } from "../../../refusal.ts";
import type { SchedulableGroup } from "../../param_group.ts";
import { build_any } from "./build_recipe.ts";
import { MOST_LRS } from "./build_scheduler.ts";
import { groups_of_spec } from "./groups_of_spec.ts";
import type { Lengths } from "./lengths.ts";
import { plain_data } from "./plain_data.ts";
import { Problems } from "./problems.ts";
import { checked_lengths, resolve_lengths } from "./resolve_lengths.ts";
import { SpecError, type SpecProblem } from "./spec_error.ts";

/** Options of `check_spec`. */
export interface CheckSpecOptions extends Lengths {
  /**
   * The parameter groups of the optimizer that the spec is meant for: how many, a whole number of at
   * least 1, or a list of them, with their names and options. Default: as many as the spec's lists
   * have and its recipe mentions, or 1.
   */
  groups?: number | readonly SchedulableGroup[] | null;
}

/** A spec of a scheduler as data of our own that is known to be sound. */
export interface SoundSpec {
  readonly type: string;
  readonly schedulers?: readonly SoundSpec[];
  readonly milestones?: readonly number[];
  readonly starts?: readonly number[] | null;
  readonly [option: string]: unknown;
}

/** The same of a recipe. */
export interface SoundRecipe {
  readonly type: "Recipe";
  readonly schedules: readonly SoundEntry[];
}

/** One schedule of a sound recipe. */
export interface SoundEntry {
  readonly option?: string;
  readonly groups?: readonly (number | string)[] | null;
  readonly schedule: SoundSpec;
}

type Groups = Exclude<CheckSpecOptions["groups"], undefined>;

const COUNT = whole_number({ min: 1, max: MOST_LRS });
const GROUPS: Field<Groups> = {
  ...custom(
    `${COUNT.expected}, or a list of parameter groups`,
    (groups) =>
      groups === null || COUNT.valid(groups, 1) || is_list(groups, is_object, 1, MOST_LRS),
    null,
  ),
  of_kind: (groups) => typeof groups === "number",
};
const OPTIONS = option_table<{ groups: Groups }>("check_spec", { groups: GROUPS });

/**
 * Everything that is wrong with a spec (the first hundred mistakes of it), each with its path; an
 * empty list if it is sound. Names of groups are judged where the groups are given.
 *
 * @throws TypeError or RangeError if `groups` are no parameter groups.
 * @example
 * ```ts
 * check_spec({ type: "StepLR", step_size: "90" });
 * // [{ path: "step_size", message: 'must be a whole number of at least 1, got "90"' }]
 * ```
 */
export function check_spec(spec: unknown, options: CheckSpecOptions = {}): SpecProblem[] {
  const { total, steps_per_epoch, ...others } = options;
  const { groups } = resolve(OPTIONS, others);
  const lengths = checked_lengths("check_spec", { total, steps_per_epoch });
  return judge(spec, groups, lengths).problems.list();
}

/**
 * A copy of a spec, known to be sound: what goes on with a spec goes on with this, as the original
 * may give other answers when it is read again.
 *
 * @throws SpecError with everything that is wrong.
 */
export function sound_spec(spec: unknown, lengths: Lengths = {}): SoundSpec | SoundRecipe {
  const { data, problems } = judge(spec, null, lengths);
  if (problems.count > 0) throw new SpecError(problems.list());
  return data as SoundSpec | SoundRecipe;
}

/** Whether a sound spec is one of a recipe. */
export function is_sound_recipe(spec: SoundSpec | SoundRecipe): spec is SoundRecipe {
  return spec.type === "Recipe";
}

function judge(spec: unknown, groups: Groups, lengths: Lengths) {
  const problems = new Problems();
  const data = resolve_lengths(plain_spec(spec, problems), lengths, problems);
  build_any({ param_groups: groups_for(data, groups) }, data, problems);
  return { data, problems };
}

function groups_for(data: unknown, groups: Groups): SchedulableGroup[] {
  const own = groups_of_spec(data);
  if (groups === null) return own;
  if (typeof groups !== "number") return groups.map((group) => ({ ...group, lr: group.lr ?? 1 }));
  return Array.from({ length: groups }, (_, g) => own[g] ?? { ...own[0] });
}

/** A spec as data of our own, without the note that tells editors which schema it follows. */
export function plain_spec(spec: unknown, problems: Problems): unknown {
  const data = plain_data(spec, "", problems);
  if (!is_object(data) || typeof read(data, "$schema") !== "string") return data;
  const { $schema, ...rest } = data as Record<string, unknown>;
  return rest;
}
