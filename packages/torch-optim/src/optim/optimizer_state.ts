import { refusal } from "../fields.ts";
import { type FloatArray, is_numbers, zeros_like } from "../parameter.ts";

/** Numbers as JSON holds them; those that are not finite are strings. */
export type StateEntry = number | (number | string)[];

/** An optimizer's state in PyTorch's form: parameters are counted through all groups. */
export interface OptimizerState {
  state: { [index: string]: { [key: string]: StateEntry } };
  param_groups: { [option: string]: unknown; params: number[] }[];
}

const WORDS = ["NaN", "Infinity", "-Infinity"];

export function write_entry(entry: number | FloatArray): StateEntry {
  if (typeof entry === "number") return entry;
  return Array.from(entry, (x) => (Number.isFinite(x) ? x : String(x)));
}

/** An entry of a parameter's state, in the parameter's precision. */
export function read_entry(
  name: string,
  value: unknown,
  kind: "count" | "array",
  data: FloatArray | number[],
): number | FloatArray {
  if (value === undefined) throw new Error(`${name} is missing`);
  if (kind === "count") {
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      const error = typeof value === "number" ? RangeError : TypeError;
      throw new error(`${name} ${refusal("a whole number of at least 0", value)}`);
    }
    return value as number;
  }
  if (!is_numbers(value)) throw new TypeError(`${name} ${refusal("a list of numbers", value)}`);
  if (value.length !== data.length) {
    throw new RangeError(`${name} must have ${data.length} values, got ${value.length}`);
  }
  const array = zeros_like(data);
  for (let i = 0; i < array.length; i++) {
    const x: unknown = value[i];
    if (typeof x !== "number" && !WORDS.includes(x as string)) {
      throw new TypeError(`${name}[${i}] ${refusal("a number", x)}`);
    }
    array[i] = Number(x);
  }
  return array;
}
