import { type Field, type FieldTable, judged } from "./fields.ts";
import { is_object, type Refusal, show_name } from "./refusal.ts";

/**
 * The options of a class as a table: what each may be, its default, and the one sentence that
 * refuses anything else. Constructors, restored states and written-down schedules all go through
 * the same table, so a value is judged in one place.
 */

/** One refused option. */
export interface Problem extends Refusal {
  readonly option: string;
}

/** The options of one class. */
export interface OptionTable<T extends object> {
  /** The class, as sentences name it. */
  readonly owner: string;
  /** What each option may be, by its name. */
  readonly table: FieldTable<T>;
  /** All options with their defaults, and what is wrong with them, for an optimizer of so many groups. */
  judge(options: unknown, groups: number): { values: T; problems: readonly Problem[] };
  /** All options with their defaults, lists copied; throws the first problem, named by `path`. */
  resolve(options: unknown, groups: number, path?: string): T;
}

/**
 * The table of a class's options, for its static `option_table`.
 *
 * @param owner - The class, as sentences name it.
 * @param table - What each option may be, by its name.
 */
export function option_table<T extends object>(
  owner: string,
  table: FieldTable<T>,
): OptionTable<T> {
  function judge(options: unknown, groups: number) {
    const problems: Problem[] = [];
    const values: Record<string, unknown> = {};
    const given: Record<string, unknown> = is_object(options) ? { ...options } : { options };
    const names = Object.keys(table).join(", ") || "none";
    const message = `is not an option; the options are: ${names}`;
    for (const option of Object.keys(given)) {
      if (!Object.hasOwn(table, option)) problems.push({ option, message, error: TypeError });
    }
    for (const [option, field] of Object.entries<Field<unknown>>(table)) {
      const { [option]: given_value = field.default } = given;
      const { value, refused } = judged(field, given_value, groups);
      values[option] = value;
      if (refused) problems.push({ option, ...refused });
    }
    return { values: values as T, problems };
  }

  function resolve(options: unknown, groups: number, path = `${owner}: `): T {
    const { values, problems } = judge(options, groups);
    for (const { option, message, error } of problems) {
      throw new error(`${path}${show_name(option)} ${message}`);
    }
    return values;
  }

  return { owner, table, judge, resolve };
}
