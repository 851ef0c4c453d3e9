import {
  type DType,
  dtype_of,
  is_dtype,
  KINDS,
  numel,
  type Tensor,
  type TensorData,
} from "../tensor.ts";
import { is_object, refuse } from "./refuse.ts";

/** The tensor that values are; plain numbers are float64. */
export function tensor_of(name: string, values: unknown): Tensor {
  if (is_array(values)) return of_array(name, { data: values });
  if (is_object(values) && is_array(values.data)) {
    return of_array(name, values as unknown as Given);
  }
  return refuse(name, "a tensor, a parameter or an array", values);
}

interface Given {
  readonly data: TensorData | readonly number[];
  readonly shape?: readonly number[];
  readonly dtype?: unknown;
}

export function is_array(value: unknown): value is TensorData | readonly number[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function of_array(name: string, { data: given, shape, dtype }: Given): Tensor {
  const data = Array.isArray(given) ? numbers(name, given) : (given as TensorData);
  const sizes = shape === undefined ? [data.length] : [...shape];
  const fits =
    sizes.every((n) => Number.isSafeInteger(n) && n >= 0) && numel(sizes) === data.length;
  if (!fits) {
    throw new RangeError(
      `${name} must have a shape with room for its ${data.length} numbers, got [${sizes}]`,
    );
  }
  return { dtype: checked_dtype(name, data, dtype), shape: sizes, data };
}

function numbers(name: string, list: readonly unknown[]): Float64Array {
  const stranger = list.findIndex((item) => typeof item !== "number");
  if (stranger >= 0) refuse(`${name}[${stranger}]`, "a number", list[stranger]);
  return Float64Array.from(list as readonly number[]);
}

function checked_dtype(name: string, data: TensorData, dtype: unknown): DType {
  if (dtype === undefined) return dtype_of(data) ?? refuse(name, "an array of numbers", data);
  if (typeof dtype !== "string" || !is_dtype(dtype)) {
    refuse(`${name}.dtype`, `one of ${Object.keys(KINDS).join(", ")}`, dtype);
  }
  // Nothing is converted for an empty array.
  const is_fitting = KINDS[dtype].encode(data.subarray(0, 0)) !== undefined;
  return is_fitting ? dtype : refuse(`${name}.data`, `an array for ${dtype}`, data);
}
