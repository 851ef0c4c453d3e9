import type { Field } from "../fields.ts";
import { check_length, is_numbers, is_typed } from "../numbers.ts";
import { type FloatArray, type ParameterLike, plain_zeros } from "../parameter.ts";
import { refuse } from "../refusal.ts";

/** Numbers as JSON holds them; those that are not finite are strings. */
export type StateEntry = number | string | null | StateEntry[];

/** The same with typed arrays, and with numbers as they are, be they not finite. */
export type TypedEntry = number | null | FloatArray | TypedEntry[];

const WORDS: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/** An entry of a state as JSON holds it. */
export function write_entry(entry: unknown): StateEntry {
  if (typeof entry === "number") return Number.isFinite(entry) ? entry : String(entry);
  if (is_numbers(entry)) return Array.from<unknown, StateEntry>(entry, write_entry);
  return null;
}

/** An entry of a state with copies of its arrays. */
export function copy_entry(entry: unknown): TypedEntry {
  if (typeof entry === "number") return entry;
  if (is_typed(entry)) return entry.slice();
  return Array.isArray(entry) ? entry.map(copy_entry) : null;
}

/** A number of a state, which JSON holds as a word if it is not finite; nothing of anything else. */
export function number_in(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return WORDS.includes(value) ? Number(value) : undefined;
}

/**
 * Fills an array with the numbers of a state; of a PyTorch tensor without dimensions it is one. They
 * must be what `field` allows once they stand in the array. Infinities and NaN would spread to the
 * parameters: where one of `params` is no longer finite itself, its state may have them too.
 */
export function read_floats(
  name: string,
  value: unknown,
  array: FloatArray,
  field: Field<number>,
  params: readonly ParameterLike[],
): FloatArray {
  const values = number_in(value) === undefined ? value : [value];
  if (!is_numbers(values)) refuse(name, "a list of numbers", value);
  check_length(name, values, array.length, "values");
  if (is_typed(values)) {
    array.set(values);
    if (are_within(array, field)) return array;
  }
  const expected = `${field.expected}${array instanceof Float32Array ? " in float32" : ""}`;
  let has_diverged: boolean | undefined;
  for (let i = 0; i < array.length; i++) {
    const x = number_in(values[i]);
    array[i] = x ?? 0;
    if (x !== undefined && field.valid(array[i], 1)) continue;
    has_diverged ??= params.some(is_diverged);
    if (x !== undefined && has_diverged && !Number.isFinite(array[i])) continue;
    refuse_number(`${name}[${i}]`, expected, values[i]);
  }
  return array;
}

/** Whether all numbers are finite and within a field's bounds; a large state is looked through at once. */
function are_within(array: FloatArray, field: Field<number>): boolean {
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = field;
  for (let i = 0; i < array.length; i++) {
    if (!(array[i] >= min && array[i] <= max)) return false;
  }
  return field.above === undefined && field.below === undefined;
}

/**
 * The same where the numbers are only read: an array of the right kind stays itself, so that a large
 * state takes no memory before it is taken up.
 */
export function read_or_keep(
  name: string,
  value: unknown,
  length: number,
  field: Field<number>,
  param: ParameterLike,
): FloatArray {
  const array = plain_zeros(param.data, 0);
  const is_kept = is_typed(value) && value.constructor === array.constructor;
  const own = is_kept && value.length === length ? value : plain_zeros(array, length);
  return read_floats(name, value, own, field, [param]);
}

/** The same of a single number. */
export function read_number(
  name: string,
  value: unknown,
  field: Field<number>,
  param: ParameterLike,
): number {
  const x = number_in(value);
  if (x !== undefined) {
    if (field.valid(x, 1) || (!Number.isFinite(x) && is_diverged(param))) return x;
  }
  refuse_number(name, field.expected, value);
}

function is_diverged({ data }: ParameterLike): boolean {
  return !data.every(Number.isFinite);
}

function refuse_number(name: string, expected: string, value: unknown): never {
  if (number_in(value) === undefined) refuse(name, "a number", value);
  refuse(name, expected, value, RangeError);
}
