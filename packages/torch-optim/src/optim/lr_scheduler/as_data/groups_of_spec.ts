import { is_object, read } from "../../../refusal.ts";
import type { SchedulableGroup } from "../../param_group.ts";
import { is_recipe } from "./build_recipe.ts";
import { fields_of_type } from "./registry.ts";

/** The highest number of a group that is made up for a spec. */
const HIGHEST = 9999;

/** A parameter group that is made up for a spec. */
export interface GroupOfSpec extends SchedulableGroup {
  /** The name by which the spec mentions it. */
  readonly name?: string;
}

/**
 * Parameter groups for data that was meant for others: one for each group that a recipe mentions, by
 * number or name, and one for the rest; or as many as the longest list of options has. Every base
 * value that is moved is 1.
 *
 * @example
 * ```ts
 * groups_of_spec(parse_spec("lr[bias] = cosine:90")).map(({ name }) => name); // ["bias", undefined]
 * ```
 */
export function groups_of_spec(data: unknown): GroupOfSpec[] {
  const entries = entries_of(data);
  const mentioned = entries.flatMap(groups_of_entry);
  const names = [...new Set(mentioned.filter((name) => typeof name === "string"))];
  const numbers = new Set(mentioned.filter(is_number_of_group));
  const highest = [...numbers].reduce((a, b) => Math.max(a, b), -1);
  const numbered = Array.from({ length: highest + 1 }, (): { name?: string } => ({}));
  const named = names.map((name) => ({ name }));
  // The numbers that nothing mentions are the rest.
  const rest = numbers.size > highest ? [{}] : [];
  const count = longest_list(data) - numbered.length - named.length - rest.length;
  const more = Array.from({ length: Math.max(0, count) }, () => ({}));
  const options = entries.map((entry) => read(entry, "option")).filter(is_name);
  const values = Object.fromEntries(options.map((option) => [option, 1]));
  return [...numbered, ...named, ...rest, ...more].map((group) => ({
    lr: 1,
    momentum: 0.9,
    ...values,
    ...group,
  }));
}

function entries_of(data: unknown): object[] {
  const entries = is_recipe(data) ? read(data, "schedules") : undefined;
  return Array.isArray(entries) ? entries.filter(is_object) : [];
}

function groups_of_entry(entry: object): unknown[] {
  const groups = read(entry, "groups");
  return Array.isArray(groups) ? groups : [];
}

function is_number_of_group(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= HIGHEST;
}

/** Whether it can be the name of an option that is made up. */
function is_name(option: unknown): option is string {
  return typeof option === "string" && /^[a-z]\w*$/i.test(option) && !option.startsWith("initial_");
}

/** The length of the longest list that gives every parameter group its own value. */
function longest_list(data: unknown): number {
  if (!is_object(data)) return 1;
  const fields = fields_of_type(read(data, "type"));
  const children = [read(data, "schedulers"), entries_of(data).map((e) => read(e, "schedule"))];
  const lengths = Object.entries(data).map(([option, value]) =>
    Array.isArray(value) && Object.hasOwn(fields, option) && fields[option].per_group
      ? value.length
      : 1,
  );
  const inside = children.flatMap((list) => (Array.isArray(list) ? list.map(longest_list) : []));
  return [...lengths, ...inside].reduce((a, b) => Math.max(a, b), 1);
}
