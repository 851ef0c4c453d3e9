import { checked, custom, FINITE, type Field } from "../fields.ts";
import { type OptionTable, option_table, resolve } from "../option_table.ts";
import { clean, is_list, refuse } from "../refusal.ts";
import { is_everywhere, plain_data } from "./plain_data.ts";
import { number_in } from "./state_numbers.ts";

export type Values = Record<string, unknown>;

const STRING = custom<string>("a string", (value) => typeof value === "string");

/** How a note of a scheduler begins: a group's own value of an option that is moved. */
const NOTE = "initial_";

/**
 * What may stand in an optimizer's parameter groups beside their parameters: the options of its
 * table, notes of schedulers (`initial_lr`), names, and whatever else a user keeps there.
 */
export class GroupOptions {
  readonly #table: OptionTable<Values>;
  /** The same once training goes on. */
  readonly #in_force: OptionTable<Values>;
  readonly #names: readonly string[];

  constructor(table: OptionTable<object>) {
    this.#table = table as OptionTable<Values>;
    this.#in_force = option_table(table.owner, { ...this.#table.table, lr: FINITE });
    this.#names = Object.keys(table.table);
  }

  /**
   * A new group with options as they were `given`, or else as the `defaults` say.
   *
   * V8 keeps the numbers of a field in place as long as it has held nothing else: writing one, as
   * schedulers do with the lr, then makes no object, but reading one by a name out of a list, as `check`
   * does with the other options, would make one each time.
   */
  new_group(path: string, params: readonly unknown[], given: Values, defaults: Values): Values {
    const options = this.#options((name) => (given[name] === undefined ? defaults : given)[name]);
    const resolved = resolve(this.#table, options, 1, path);
    const others = this.#others(path, given, params.length, (value) => value);
    const blank = this.#options((name) => (name === "lr" ? resolved.lr : undefined));
    return Object.assign({ params }, blank, resolved, others);
  }

  /** What a saved group of `count` parameters says, where `own` stands now. */
  of_saved(path: string, saved: Values, own: Values, count: number): Values {
    const others = this.#others(path, saved, count, plain_data);
    const has_strangers = Object.keys(others).some((key) => !this.#field_of(key, count));
    const options = this.#options((name) =>
      saved[name] === undefined
        ? this.#missing(path, name, own[name], has_strangers)
        : in_numbers(saved[name], this.#in_force.table[name]),
    );
    return { ...resolve(this.#in_force, options, 1, path), ...others };
  }

  /** Refuses options of group `g` that are no longer what they may be. */
  check(group: Values, g: number): void {
    const { owner, table } = this.#in_force;
    for (let i = 0; i < this.#names.length; i++) {
      const name = this.#names[i];
      if (name === "lr" ? Number.isFinite(group.lr) : table[name].valid(group[name], 1)) continue;
      checked(`${owner}: ${name} of parameter group ${g}`, table[name], group[name]);
    }
  }

  #options(option_of: (name: string) => unknown): Values {
    return Object.fromEntries(this.#names.map((name) => [name, option_of(name)]));
  }

  /**
   * An option that a saved group lacks: it was not there yet, or holds what is no data. But a group
   * that has something else in its place is another optimizer's.
   */
  #missing(path: string, name: string, own: unknown, has_strangers: boolean): unknown {
    const { default: fallback = own } = this.#in_force.table[name];
    const is_off = fallback === false || fallback === null;
    if (name === "lr" || (has_strangers && !is_off)) throw new Error(`${path}${name} is missing`);
    return plain_data(own) === undefined ? own : fallback;
  }

  /** What there is beside options, as `copy` gives it. */
  #others(path: string, values: Values, count: number, copy: (value: unknown) => unknown): Values {
    const others: Values = {};
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined || is_everywhere(key) || this.#names.includes(key)) continue;
      const field = this.#field_of(key, count);
      others[key] = field ? checked(path + key, field, value) : copy(value);
      if (others[key] === undefined) refuse(path + clean(key), "plain data", value);
    }
    return others;
  }

  /** What a key that is no option may be, if it has a meaning. */
  #field_of(key: string, count: number): Field<unknown> | undefined {
    const option = key.slice(NOTE.length);
    if (key === NOTE + option)
      return this.#names.includes(option) ? this.#table.table[option] : FINITE;
    if (key === "name") return STRING;
    return key === "param_names" ? strings(count) : undefined;
  }
}

function strings(count: number): Field<string[]> {
  return custom(`a list of ${count} strings`, (value) =>
    is_list(value, (item) => STRING.valid(item, 1), count, count),
  );
}

/** An option with numbers in place of the words that JSON has for some of them. */
function in_numbers(value: unknown, field: Field<unknown>): unknown {
  if (field.valid(value, 1)) return value;
  return Array.isArray(value)
    ? value.map((item) => number_in(item) ?? item)
    : (number_in(value) ?? value);
}
