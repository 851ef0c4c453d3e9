import { checked, type Field, type FieldTable } from "./fields.ts";
import { clean } from "./refusal.ts";

/**
 * The options of a class as a table: what each may be, its default, and the one sentence that
 * refuses anything else. Constructors, restored states and written-down schedules all go through
 * the same table, so a value is judged in one place.
 */

/** The options of one class. */
export interface OptionTable<T extends object> {
  /** The class, as sentences name it. */
  readonly owner: string;
  /** What each option may be, by its name. */
  readonly table: FieldTable<T>;
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
  return { owner, table };
}

/**
 * All options with their defaults, lists copied, for an optimizer of so many groups; throws the
 * sentence, begun by `path`, that refuses the first wrong one.
 */
export function resolve<T extends object>(
  { owner, table }: OptionTable<T>,
  options: object,
  groups = 1,
  path = `${owner}: `,
): T {
  const given: Record<string, unknown> = { ...options };
  for (const option of Object.keys(given)) {
    if (Object.hasOwn(table, option)) continue;
    throw new TypeError(`${path}${clean(option)} ${no_option(table)}`);
  }
  const values: Record<string, unknown> = {};
  for (const [option, field] of Object.entries<Field<unknown>>(table)) {
    const { [option]: value = field.default } = given;
    values[option] = checked(path + option, field, value, groups);
  }
  return values as T;
}

/** What is said of the name of none of the options. */
export function no_option(table: object): string {
  return `is not an option; the options are: ${Object.keys(table).join(", ") || "none"}`;
}
