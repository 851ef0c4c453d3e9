import { is_object, refuse } from "../parts/refuse.ts";
import type { PtValue } from "../pt/plain.ts";
import { is_tensor, type Tensor } from "../tensor.ts";

/**
 * Data as JSON beside tensors. What JSON has no word for is an object with one key: `$tensor`, the name
 * of a tensor; `$number`, one that is not finite; `$whole`, a large one; `$object`, an object whose own
 * keys begin like these.
 */

const DEEPEST = 200;
const RESERVED = /^\$/;

/** Makes JSON of data, and gives its tensors to `keep`, which gives their names. */
export function to_json(
  path: string,
  value: unknown,
  keep: (path: string, tensor: Tensor) => string,
  depth = 0,
): unknown {
  if (depth > DEEPEST) throw new RangeError(`${path} stands too deep, or holds itself`);
  const inner = (key: string, item: unknown) => to_json(`${path}.${key}`, item, keep, depth + 1);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    const is_plain = Number.isFinite(value) && !Object.is(value, -0);
    return is_plain ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value === "bigint") return { $whole: String(value) };
  if (is_tensor(value) || ArrayBuffer.isView(value)) {
    return { $tensor: keep(path, value as Tensor) };
  }
  if (Array.isArray(value)) return value.map((item, i) => inner(String(i), item));
  if (!is_object(value) || value instanceof Map || value instanceof Set) {
    refuse(path, "what JSON can hold", value);
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, inner(key, item)] as const);
  const is_plain = !entries.some(([key]) => RESERVED.test(key));
  return is_plain ? Object.fromEntries(entries) : { $object: entries };
}

/** Makes data of JSON; `find` gives a tensor by its name. */
export function from_json(value: unknown, find: (name: string) => Tensor): PtValue {
  if (Array.isArray(value)) return value.map((item) => from_json(item, find));
  if (!is_object(value)) return value as PtValue;
  const [[key, item] = []] = Object.entries(value);
  if (key === "$tensor") return find(String(item));
  if (key === "$number") return Number(item);
  if (key === "$whole") return BigInt(String(item));
  const entries = key === "$object" ? (item as [string, unknown][]) : Object.entries(value);
  return Object.fromEntries(entries.map(([name, each]) => [name, from_json(each, find)]));
}
