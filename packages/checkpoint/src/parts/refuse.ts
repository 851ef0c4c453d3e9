import { shown } from "../checkpoint_error.ts";

/** Throws the sentence that refuses what is to be written: "name must be …, got …". */
export function refuse(name: string, expected: string, value: unknown): never {
  throw new TypeError(`${name} must be ${expected}, got ${kind_of(value)}`);
}

function kind_of(value: unknown): string {
  if (typeof value === "string") return shown(value);
  if (Array.isArray(value)) return "a list";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

export function is_object(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key as a name goes on with it. */
export function dotted(path: string, key: string | number): string {
  return /^\w+$/.test(String(key)) ? `${path}.${key}` : `${path}[${shown(String(key))}]`;
}
