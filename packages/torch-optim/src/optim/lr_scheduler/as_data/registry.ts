import type { Field } from "../../../fields.ts";
import type { OptionTable } from "../../../option_table.ts";
import { refuse, show } from "../../../refusal.ts";
import { CATALOGUE, type Counts, type Entry, type SchedulerClass } from "../catalogue.ts";
import { LRScheduler } from "../lr_scheduler.ts";
import { nearest } from "./nearest.ts";

/** A scheduler that is known by name; of one that was registered, no more than its class. */
export type Known = Pick<Entry, "scheduler"> & Partial<Entry>;

const known = new Map<string, Known>(Object.entries(CATALOGUE));

/** The types by their names in the short form. */
const types_by_short_name = new Map(
  [...known].flatMap(([type, { short_names = [] }]) => short_names.map((name) => [name, type])),
);

/**
 * Makes a scheduler of your own known by name: `from_spec` then builds it, `to_spec` writes it
 * down, and the short form takes it.
 *
 * @param name - As classes are named: a capital letter, then letters and digits.
 * @param counts - How those of its options that count epochs count them, so that they may be shares of
 *   a total, and `stretch_spec` can stretch them. Without, it is refused there.
 * @throws TypeError or Error if the name or the class cannot be registered.
 * @example
 * ```ts
 * register("InverseSqrtLR", InverseSqrtLR);
 * const scheduler = from_spec(optimizer, { type: "InverseSqrtLR", offset: 10 });
 * ```
 */
export function register(name: string, scheduler: SchedulerClass, counts?: Counts): void {
  if (typeof name !== "string" || !/^[A-Z]\w*$/.test(name)) {
    refuse("register: name", "like InverseSqrtLR", name);
  }
  if (known.has(name)) throw new Error(`register: name must be a new one, got ${show(name)}`);
  if (typeof scheduler !== "function" || !(scheduler.prototype instanceof LRScheduler)) {
    refuse("register: scheduler", "a subclass of LRScheduler", scheduler);
  }
  const other = type_of(scheduler);
  if (other) throw new Error(`register: the class of ${show(name)} is registered as ${other}`);
  known.set(name, { scheduler, ...(counts ? { counts: { ...counts } } : {}) });
}

/** What is known of a type, if anything is. */
export function entry_of(type: unknown): Known | undefined {
  return typeof type === "string" ? known.get(type) : undefined;
}

/** Whether a type is a class of the user's own. */
export function is_own(type: string): boolean {
  return !Object.hasOwn(CATALOGUE, type);
}

/** The type that a class is known as, if it is. */
export function type_of(scheduler: unknown): string | undefined {
  for (const [type, entry] of known) if (entry.scheduler === scheduler) return type;
  return undefined;
}

/** The type that a name of the short form means: a short name or the type itself. */
export function type_called(name: string): string {
  return types_by_short_name.get(name) ?? name;
}

/** All types with what is known of them, in alphabetical order. */
export function known_types(): [type: string, entry: Known][] {
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** All types that a spec may have, in alphabetical order. */
export function spec_types(): string[] {
  return known_types()
    .filter(([, { scheduler }]) => !takes_function(scheduler))
    .map(([type]) => type);
}

/** All names that the short form takes. */
export function short_form_names(): string[] {
  return [...types_by_short_name.keys(), ...spec_types()];
}

/** The table of a class's options; a class of one's own may have none. */
export function option_table_of(scheduler: SchedulerClass): OptionTable<object> | undefined {
  return (scheduler as unknown as typeof LRScheduler).option_table;
}

/** The options of a class by name. */
export function fields_of(scheduler: SchedulerClass): Readonly<Record<string, Field<unknown>>> {
  return (option_table_of(scheduler)?.table ?? {}) as Readonly<Record<string, Field<unknown>>>;
}

/** The options of a type by name; of one that is not known, none. */
export function fields_of_type(type: unknown): Readonly<Record<string, Field<unknown>>> {
  const entry = entry_of(type);
  return entry ? fields_of(entry.scheduler) : {};
}

/** Whether a class cannot do without a function, so that no spec can hold it. */
export function takes_function(scheduler: SchedulerClass): boolean {
  return Object.values(fields_of(scheduler)).some(
    ({ type, default: fallback }) => type === "function" && fallback === undefined,
  );
}

/** Which name is likely meant by one that is not known, or who knows them all. */
export function suggestion(name: unknown, names: readonly string[] = spec_types()): string {
  const near = typeof name === "string" ? nearest(name, names) : undefined;
  return near ? `did you mean ${show(near)}?` : "describe_schedulers() has them all";
}
