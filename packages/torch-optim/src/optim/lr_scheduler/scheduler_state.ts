import { checked, custom, FINITE, type Field, whole_number } from "../../fields.ts";
import { as_object, is_list, is_object, kind_of, refuse } from "../../refusal.ts";

/** What JSON can hold; infinities are the strings "Infinity" and "-Infinity". */
export type StateValue = number | string | boolean | null | StateValue[] | SchedulerState;

/** A scheduler's state: PyTorch's keys, plain data. */
export interface SchedulerState {
  [key: string]: StateValue;
}

/** The last epoch that was done, -1 before the first. */
export const LAST_EPOCH = /* @__PURE__ */ whole_number({ min: -1 });

const NOT_FINITE: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/** A copy of `object` as data; what is none, as functions are, is left out. */
export function to_data(object: object): SchedulerState {
  return JSON.parse(JSON.stringify(object, as_data));
}

function as_data(_key: string, value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  const has_functions = Array.isArray(value) && value.some((item) => typeof item === "function");
  const is_instance = is_object(value) && Object.getPrototypeOf(value) !== Object.prototype;
  return has_functions || is_instance ? undefined : value;
}

/** Reads a state that may hold anything; every refusal names the key. */
export class StateReader {
  readonly #state: Readonly<Record<string, unknown>>;
  /** The class that reads and the way to the state: how refusals begin. */
  readonly path: string;

  constructor(path: string, state: unknown) {
    this.path = path;
    this.#state = as_object(path, state);
  }

  /** Whether the state has a key. */
  has(key: string): boolean {
    return Object.hasOwn(this.#state, key);
  }

  /** The same, with what is missing as it is here. */
  or(missing: object): StateReader {
    return new StateReader(this.path, { ...missing, ...this.#state });
  }

  /** A value of any kind; refused if it is missing. */
  value(key: string): unknown {
    if (!this.has(key)) throw new Error(`${this.path}.${key} is missing`);
    return this.#state[key];
  }

  /** A value that the field allows. */
  checked<T>(key: string, field: Field<T>): T {
    return checked(`${this.path}.${key}`, field, this.#state[key]);
  }

  /** A list of `most` numbers that the field allows, or of at least `least`. */
  numbers(key: string, most: number, least = most, field = FINITE): number[] {
    const expected = `a list of ${most}, one for each parameter group, each ${field.expected}`;
    const is_one = (value: unknown) => field.valid(value, 1);
    return this.checked(
      key,
      custom<number[]>(expected, (list) => is_list(list, is_one, least, most)),
    );
  }

  /** A value of the same kind as `model`, copied. */
  like(key: string, model: unknown): unknown {
    const kind = kind_of(model);
    const is_number = typeof model === "number";
    const value = this.checked(
      key,
      custom(
        kind,
        (value) =>
          model === null || kind_of(value) === kind || (is_number && NOT_FINITE.includes(value)),
      ),
    );
    if (is_number) return Number(value);
    try {
      return to_data({ value }).value;
    } catch {
      return refuse(`${this.path}.${key}`, "plain data", value);
    }
  }

  /** The states of `count` children. */
  children(key: string, count: number): StateReader[] {
    const states = custom<unknown[]>(`a list of ${count} states`, (list) =>
      is_list(list, () => true, count, count),
    );
    return this.checked(key, states).map(
      (state, i) => new StateReader(`${this.path}.${key}[${i}]`, state),
    );
  }
}
