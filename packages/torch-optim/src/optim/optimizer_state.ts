import {
  type FloatArray,
  is_numbers,
  type ParameterLike,
  plain_zeros,
  zeros_like,
} from "../parameter.ts";
import { refusal } from "../refusal.ts";

/** Numbers as JSON holds them; those that are not finite are strings. */
export type StateEntry = number | string | null | StateEntry[];

/** An optimizer's state in PyTorch's form: parameters are counted through all groups. */
export interface OptimizerState {
  /** What is kept of every parameter, under its number. */
  state: { [index: string]: { [key: string]: StateEntry } };
  /** The options of every group, and the numbers of its parameters. */
  param_groups: { [option: string]: unknown; params: number[] }[];
}

/** One entry of a parameter's state: what it is at first, and how it is taken out of JSON. */
export interface StateField<T> {
  /** Its value for a parameter that is updated for the first time. */
  readonly initial: (param: ParameterLike) => T;
  /** The value out of a state; throws the sentence, begun by `name`, that refuses another value. */
  readonly read: (name: string, value: unknown, param: ParameterLike) => T;
  /** Whether a state may lack it, as PyTorch's does until it is needed; it is as at first then. */
  readonly optional?: boolean;
}

/** The fields of a parameter's state. */
export type StateFields<State> = { readonly [K in keyof State]: StateField<State[K]> };

export function fields_of<State>(fields: Partial<StateFields<State>>) {
  return Object.entries<StateField<unknown>>(fields as StateFields<Record<string, unknown>>);
}

/** A parameter's state with the values that were read, in the arrays that it has or would begin with. */
export function take_up<State>(
  param: ParameterLike,
  fields: Partial<StateFields<State>>,
  values: State,
  known: Partial<State> = {},
): State {
  const state: Record<string, unknown> = {};
  for (const [key, field] of fields_of(fields)) {
    const own = known[key as keyof State] ?? field.initial(param);
    const value = values[key as keyof State];
    const fits = is_array(own) && is_array(value) && own.length === value.length;
    if (fits) own.set(value);
    state[key] = fits ? own : value;
  }
  return state as State;
}

function is_array(value: unknown): value is FloatArray {
  return value instanceof Float32Array || value instanceof Float64Array;
}

/** Steps that were taken. */
export const count: StateField<number> = {
  initial: () => 0,
  read: (name, value) => {
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    const error = typeof value === "number" ? RangeError : TypeError;
    throw new error(`${name} ${refusal("a whole number of at least 0", value)}`);
  },
};

/** A number for each of the parameter's, `fill` at first. */
export function like_param(fill = 0): StateField<FloatArray> {
  return floats(({ data }) => data.length, fill);
}

/** Numbers in the parameter's precision, `fill` at first. */
export function floats(
  length_for: (param: ParameterLike) => number,
  fill = 0,
): StateField<FloatArray> {
  const zeros_for = (param: ParameterLike) => zeros_like(param, length_for(param));
  return {
    initial: (param: ParameterLike) => {
      const array = zeros_for(param);
      return fill === 0 ? array : array.fill(fill);
    },
    read: (name: string, value: unknown, param: ParameterLike) =>
      read_array(name, value, plain_zeros(param.data, length_for(param))),
  };
}

/** A number, `initial` at first. */
export function real(initial = 0): StateField<number> {
  return { initial: () => initial, read: read_number };
}

/** A vector that belongs to all parameters together; `zeros` makes one. */
export function vector(zeros: () => FloatArray): StateField<FloatArray> {
  return { initial: zeros, read: (name, value) => read_array(name, value, zeros()) };
}

/** A list that grows, of what `item` reads. */
export function list_of<T>(item: StateField<T>): StateField<T[]> {
  return {
    initial: () => [],
    read: (name, value, param) => {
      if (!Array.isArray(value)) throw new TypeError(`${name} ${refusal("a list", value)}`);
      return value.map((entry, i) => item.read(`${name}[${i}]`, entry, param));
    },
  };
}

/** `null` beside what `field` reads, and at first. */
export function or_null<T>(field: StateField<T>): StateField<T | null> {
  return {
    initial: () => null,
    read: (name, value, param) => (value === null ? null : field.read(name, value, param)),
  };
}

/** What a state may lack. */
export function optional<T>(field: StateField<T>): StateField<T> {
  return { ...field, optional: true };
}

/** Fills an array with the numbers of a state; of a PyTorch tensor without dimensions it is one. */
export function read_array(name: string, value: unknown, array: FloatArray): FloatArray {
  const values = is_entry(value) ? [value] : value;
  if (!is_numbers(values)) throw new TypeError(`${name} ${refusal("a list of numbers", value)}`);
  if (values.length !== array.length) {
    throw new RangeError(`${name} must have ${array.length} values, got ${values.length}`);
  }
  for (let i = 0; i < array.length; i++) array[i] = read_number(`${name}[${i}]`, values[i]);
  return array;
}

const WORDS: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/** A number of a state, which JSON holds as a string if it is not finite. */
export function read_number(name: string, value: unknown): number {
  if (is_entry(value)) return Number(value);
  throw new TypeError(`${name} ${refusal("a number", value)}`);
}

function is_entry(value: unknown): boolean {
  return typeof value === "number" || WORDS.includes(value);
}

/** An entry of a state as JSON holds it. */
export function write_entry(entry: unknown): StateEntry {
  if (typeof entry === "number") return Number.isFinite(entry) ? entry : String(entry);
  if (is_numbers(entry)) return Array.from<unknown, StateEntry>(entry, write_entry);
  return null;
}
