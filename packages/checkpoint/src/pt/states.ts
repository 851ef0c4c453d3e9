import { is_tensor, type Tensor } from "../tensor.ts";
import type { PtValue } from "./plain.ts";

/** An entry of an optimizer's state as this library has it: a tensor without dimensions is a number. */
export function entry_in(value: PtValue): unknown {
  if (is_tensor(value)) return value.shape.length === 0 ? number_of(value) : value.data;
  return Array.isArray(value) ? value.map(entry_in) : value;
}

function number_of({ data, dtype }: Tensor): number | boolean {
  const [number] = data;
  return dtype === "bool" ? number === 1 : Number(number);
}

/** A scheduler's state, or a group's options, as plain data. */
export function state_in(value: PtValue): unknown {
  if (is_tensor(value)) {
    return value.shape.length === 0 ? number_of(value) : Array.from(value.data, Number);
  }
  if (Array.isArray(value)) return value.map(state_in);
  if (value instanceof Set) return Array.from(value, state_in);
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), state_in(item)]));
}
