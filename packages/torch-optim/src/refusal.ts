/** How a value is refused: the one sentence, what it shows of the value, and the kind of error. */

/** Throws the sentence that refuses a value: "name must be …, got …". */
export function refuse(name: string, expected: string, value: unknown): never {
  throw new (error_for(value))(`${name} ${refusal(expected, value)}`);
}

/** "must be …, got …". */
export function refusal(expected: string, value: unknown): string {
  return `must be ${expected}, got ${show(value)}`;
}

/** A number out of range, or the wrong kind of thing. */
export function error_for(value: unknown): ErrorConstructor {
  const items = Array.isArray(value) ? value : [value];
  return items.every((item) => typeof item === "number") ? RangeError : TypeError;
}

/** How many items of a list an error sentence shows. */
const SHOWN = 8;

/** A value as an error sentence shows it. */
export function show(value: unknown): string {
  if (!Array.isArray(value)) return show_item(value);
  const more = value.length > SHOWN ? ", …" : "";
  return `[${value.slice(0, SHOWN).map(show_item).join(", ")}${more}]`;
}

function show_item(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "a list";
  if (is_object(value)) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** Whether it is a number, infinite ones included. */
export function is_number(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

export function is_object(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own property, so that nothing is ever read from a prototype. */
export function read(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
