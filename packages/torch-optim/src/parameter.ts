import { refusal, refuse } from "./fields.ts";

/** Numbers in the precision in which a parameter is kept and updated. */
export type FloatArray = Float32Array | Float64Array;

/** Numbers that an optimizer reads or writes: typed arrays, or a user's own plain ones. */
export type Numbers = FloatArray | number[];

/** What an optimizer updates: a `Parameter`, or any object of this form. */
export interface ParameterLike {
  /** The values; a plain array counts as float64. */
  readonly data: Numbers;
  /** The gradient, as long as `data`; a parameter without one is passed over. */
  grad: Numbers | null;
  /** The size of every dimension, for optimizers that ask for it. Default: one dimension. */
  readonly shape?: readonly number[];
}

/**
 * A model's parameter: its values, its gradient, its shape.
 *
 * @throws TypeError or RangeError if the data are no numbers or do not fill the shape.
 * @example
 * ```ts
 * const weight = new torch.Parameter(new Float32Array(6), [2, 3]);
 * weight.grad = new Float32Array(6).fill(0.1);
 * ```
 */
export class Parameter implements ParameterLike {
  /** The values, row by row. */
  readonly data: FloatArray;
  /** The gradient, as long as `data`, or `null`. */
  grad: Numbers | null = null;
  /** The size of every dimension. */
  readonly shape: readonly number[];

  /**
   * @param data - The values, kept without a copy; plain numbers become float64.
   * @param shape - Whole numbers whose product is the number of values. Default: one dimension.
   */
  constructor(data: FloatArray | readonly number[], shape?: readonly number[]) {
    const is_typed = data instanceof Float32Array || data instanceof Float64Array;
    if (!is_typed && !(Array.isArray(data) && data.every((x) => typeof x === "number"))) {
      const wanted = refusal("a Float32Array, a Float64Array or a list of numbers", data);
      throw new TypeError(`Parameter: data ${wanted}`);
    }
    this.data = is_typed ? data : Float64Array.from(data);
    this.shape = shape_of("Parameter: shape", { data, shape });
  }
}

/** The size of every dimension; throws the sentence, begun by `name`, that refuses another shape. */
export function shape_of(
  name: string,
  { data, shape = [data.length] }: { data: ArrayLike<number>; shape?: readonly number[] },
): readonly number[] {
  const size = shape.reduce((product, n) => product * n, 1);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || size !== data.length) {
    refuse(name, `whole numbers with the product ${data.length}`, shape);
  }
  return [...shape];
}

/** Whether an optimizer can update it. */
export function is_parameter(value: unknown): value is ParameterLike {
  if (typeof value !== "object" || value === null || !("data" in value)) return false;
  return is_numbers(value.data) && "grad" in value;
}

export function is_numbers(value: unknown): value is Numbers {
  return value instanceof Float32Array || value instanceof Float64Array || Array.isArray(value);
}

/** Zeros in a parameter's precision, by default as many as it has values. */
export function zeros_like({ data }: ParameterLike, length = data.length): FloatArray {
  return data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
