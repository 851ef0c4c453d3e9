import type { Field } from "../fields.ts";
import { check_length, is_numbers, is_typed } from "../numbers.ts";
import type { FloatArray, ParameterLike } from "../parameter.ts";
import { refuse } from "../refusal.ts";

/** Numbers as JSON holds them; those that are not finite are strings. */
export type StateEntry = number | string | null | StateEntry[];

/** The same with typed arrays, and with numbers as they are, be they not finite. */
export type TypedEntry = number | null | FloatArray | TypedEntry[];

const WORDS: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/** An entry of a state as JSON holds it, or with copies of its arrays. */
export function write_entry(entry: unknown): StateEntry;
export function write_entry(entry: unknown, typed: boolean): StateEntry | TypedEntry;
export function write_entry(entry: unknown, typed = false): unknown {
  if (typeof entry === "number") return typed || Number.isFinite(entry) ? entry : String(entry);
  if (typed && is_typed(entry)) return entry.slice();
  // What stands at another place can be iterated too.
  return entry
    ? Array.from<unknown, unknown>(entry as FloatArray, (item) => write_entry(item, typed))
    : null;
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
  // A large state is looked through at once; what is wrong in it is then looked for.
  if (is_typed(values)) {
    array.set(values);
    const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = field;
    if (array.every((x) => x >= min && x <= max)) return array;
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

/** Of what stands at another place nobody knows: it may be so. */
function is_diverged({ data, place }: ParameterLike): boolean {
  return !!place || !data.every(Number.isFinite);
}

function refuse_number(name: string, expected: string, value: unknown): never {
  if (number_in(value) === undefined) refuse(name, "a number", value);
  refuse(name, expected, value, RangeError);
}
