import { is_object, read, refusal } from "../../fields.ts";

/** What JSON can hold; infinities are the strings "Infinity" and "-Infinity". */
export type StateValue = number | string | boolean | null | StateValue[] | SchedulerState;

/** A scheduler's state: PyTorch's keys, plain data. */
export interface SchedulerState {
  [key: string]: StateValue;
}

/** `value` as data of its own, or undefined if it is none, as functions are. */
export function to_data(value: unknown): StateValue | undefined {
  if (value === Infinity || value === -Infinity) return String(value);
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) {
    return value as StateValue;
  }
  if (Array.isArray(value)) {
    const items = value.map(to_data);
    return items.includes(undefined) ? undefined : (items as StateValue[]);
  }
  if (!is_object(value) || Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const entries = Object.entries(value).map(([key, item]) => [key, to_data(item)] as const);
  const whole = entries.every(([, item]) => item !== undefined);
  return whole ? (Object.fromEntries(entries) as SchedulerState) : undefined;
}

/** Reads a state that may hold anything; every refusal names the key. */
export class StateReader {
  readonly #state: object;

  constructor(
    readonly owner: string,
    state: unknown,
    readonly path = "state_dict",
  ) {
    if (!is_object(state)) this.refuse("", "an object", state);
    this.#state = state as object;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#state, key);
  }

  value(key: string): unknown {
    if (!this.has(key)) throw new Error(`${this.owner}: ${this.path}.${key} is missing`);
    return read(this.#state, key);
  }

  /** A number; infinite ones may be written as strings. */
  number(key: string): number {
    const value = this.value(key);
    const number = value === "Infinity" || value === "-Infinity" ? Number(value) : value;
    if (typeof number !== "number" || Number.isNaN(number)) this.refuse(key, "a number", value);
    return number as number;
  }

  /** A finite number of at least -1, which is what PyTorch gives a child not yet begun. */
  epoch(key: string): number {
    const value = this.value(key) as number;
    if (!Number.isFinite(value) || value < -1) this.refuse(key, "an epoch from 0 on", value);
    return value;
  }

  /** A list of `most` finite numbers, or of at least `least`. */
  numbers(key: string, most: number, least = most): number[] {
    const list = this.value(key);
    if (!Array.isArray(list) || !list.every(Number.isFinite)) {
      this.refuse(key, "a list of finite numbers", list);
    }
    const { length } = list as number[];
    if (length < least || length > most) {
      throw new Error(
        `${this.owner}: ${this.path}.${key} must be a list with one number for each of the ` +
          `${most} parameter groups, got ${length}`,
      );
    }
    return [...(list as number[])];
  }

  /** A value of the same kind as `model`. */
  like(key: string, model: unknown): unknown {
    if (typeof model === "number") return this.number(key);
    const value = this.value(key);
    if (model !== null && kind_of(value) !== kind_of(model)) {
      this.refuse(key, `of kind ${kind_of(model)}`, value);
    }
    return structuredClone(value);
  }

  /** The states of `count` children. */
  children(key: string, owners: readonly string[]): StateReader[] {
    const list = this.value(key);
    if (!Array.isArray(list)) this.refuse(key, "a list of states", list);
    const states = list as unknown[];
    if (states.length !== owners.length) {
      throw new Error(
        `${this.owner}: ${this.path}.${key} must be a list of ${owners.length} states, ` +
          `got ${states.length}`,
      );
    }
    return states.map((state, i) => new StateReader(owners[i], state, `${this.path}.${key}[${i}]`));
  }

  refuse(key: string, expected: string, value: unknown): never {
    const error = typeof value === "number" ? RangeError : TypeError;
    const name = key ? `${this.path}.${key}` : this.path;
    throw new error(`${this.owner}: ${name} ${refusal(expected, value)}`);
  }
}

function kind_of(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return value === null ? "null" : typeof value;
}
