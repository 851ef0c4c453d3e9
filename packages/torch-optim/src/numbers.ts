import type { FloatArray, Numbers } from "./parameter.ts";
import { refuse, show } from "./refusal.ts";

/** What may stand for a parameter's values or its gradient, and how anything else is refused. */

export function is_typed(value: unknown): value is FloatArray {
  return value instanceof Float32Array || value instanceof Float64Array;
}

/** Whether it is of a kind that holds numbers; what a list holds is not looked at. */
export function is_numbers(value: unknown): value is Numbers {
  return is_typed(value) || Array.isArray(value);
}

/** Whether it is so many numbers. A typed array takes no time; a list is looked through. */
export function are_numbers(value: unknown, length: number): value is Numbers {
  return is_numbers(value) && value.length === length && stranger_in(value) < 0;
}

/** The place of what is no number, be it a hole in a list; -1 if there is none. */
function stranger_in(values: Numbers): number {
  return Array.isArray(values) ? values.findIndex(is_stranger) : -1;
}

function is_stranger(value: unknown): boolean {
  return typeof value !== "number";
}

/** Whether it is a list of so many finite numbers, without a hole. */
export function are_finite(value: unknown, count: number): value is number[] {
  return Array.isArray(value) && are_numbers(value, count) && value.every(Number.isFinite);
}

/** Refuses data that are no numbers, or not as many as they were, by a sentence begun by `name`. */
export function check_data(name: string, data: unknown, length?: number): asserts data is Numbers {
  const expected = "a Float32Array, a Float64Array or a list of numbers";
  check_numbers(name, data, expected, length, "values as at first");
}

/** Refuses a gradient that is no numbers, or not as many as its data. */
export function check_grad(name: string, grad: unknown, length: number): asserts grad is Numbers {
  check_numbers(name, grad, "a list of numbers or null", length, "values like its data");
}

function check_numbers(
  name: string,
  values: unknown,
  expected: string,
  length: number | undefined,
  things: string,
): asserts values is Numbers {
  if (!is_numbers(values)) refuse(name, expected, values);
  if (length !== undefined) check_length(name, values, length, things);
  const i = stranger_in(values);
  if (i >= 0) throw new TypeError(`${name} must hold numbers, got ${show(values[i])} at ${i}`);
  if (is_detached(values)) throw new TypeError(`${name} stands in a buffer that was transferred`);
}

/** Refuses a list of another length. */
export function check_length(
  name: string,
  { length }: ArrayLike<unknown>,
  wanted: number,
  things: string,
): void {
  if (length === wanted) return;
  throw new RangeError(`${name} must have ${wanted} ${things}, got ${length}`);
}

/** Whether a buffer was transferred, to a worker for example: nothing is left of its arrays. */
function is_detached(values: Numbers): boolean {
  try {
    if (is_typed(values)) values.set([]);
  } catch {
    return true;
  }
  return false;
}
