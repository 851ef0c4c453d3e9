import { is_object } from "../refusal.ts";

/**
 * A copy of what JSON can hold, numbers that are not finite as words; `undefined` of anything else,
 * and of what has anything else in it.
 */
export function plain_data(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, as_data));
  } catch {
    return undefined;
  }
}

/** The value of a key, before it is asked for its own idea of itself as JSON. */
function as_data(this: Record<string, unknown>, key: string): unknown {
  const { [key]: value } = this;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (is_everywhere(key) || (value === undefined && !Array.isArray(this))) return undefined;
  const is_scalar = typeof value === "string" || typeof value === "boolean" || value === null;
  if (is_scalar || Array.isArray(value) || is_plain_object(value)) return value;
  throw new TypeError(`${key} is no data`);
}

function is_plain_object(value: unknown): value is object {
  const prototype = is_object(value) ? Object.getPrototypeOf(value) : value;
  return prototype === Object.prototype || prototype === null;
}

/** Those values of an object that are plain data, copied. */
export function plain_values(values: object): Record<string, unknown> {
  const entries = Object.entries(values).map(([key, value]) => [key, plain_data(value)] as const);
  return Object.fromEntries(entries.filter(([, data]) => data !== undefined));
}

/** Whether every object has such a key, as `__proto__` and `constructor`: none is taken from data. */
export function is_everywhere(key: string): boolean {
  return key in Object.prototype;
}
