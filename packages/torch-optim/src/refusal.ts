/** How a value is refused: the one sentence, and what it shows of the value. */

/** Throws the sentence that refuses the wrong kind of thing: "name must be …, got …". */
export function refuse(
  name: string,
  expected: string,
  value: unknown,
  error: ErrorConstructor = TypeError,
): never {
  throw new error(`${name} ${refusal(expected, value)}`);
}

/** Throws the sentence that refuses a list which should be one of numbers. */
export function refuse_numbers(name: string, expected: string, value: unknown): never {
  return refuse(name, expected, value, is_list_of_numbers(value) ? RangeError : TypeError);
}

/** "must be …, got …". */
export function refusal(expected: string, value: unknown): string {
  return `must be ${expected}, got ${show(value)}`;
}

/** How many items of a list an error sentence shows, and how many characters of a text. */
const MOST_ITEMS = 8;
const LONGEST = 100;
/** Characters that are not seen, but move the cursor, break the line or turn its direction. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A value as an error sentence shows it. */
export function show(value: unknown): string {
  if (!Array.isArray(value)) return show_item(value);
  const items = Array.from(value.slice(0, MOST_ITEMS), show_item);
  return `[${items.join(", ")}${value.length > MOST_ITEMS ? ", …" : ""}]`;
}

function show_item(value: unknown): string {
  if (Object(value) === value) return kind_of(value);
  return clean(typeof value === "string" ? JSON.stringify(value) : String(value));
}

/** Text from outside as a sentence may hold it: short, with an escape for what is not seen. */
export function clean(text: string): string {
  return shorten(text, LONGEST).replace(INVISIBLE, escaped);
}

/** The kind of a value: "a list", "an object", "a number" … */
export function kind_of(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return is_object(value) ? "an object" : `a ${typeof value}`;
}

/** The name of an option or a class: in quotes if it is not like one. */
export function show_name(name: string): string {
  return /^[\w$]+$/.test(name) ? shorten(name, 40) : show(name);
}

/** A text cut where it is long. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** Whether only the values of its numbers can be wrong, or how many there are. */
export function is_list_of_numbers(value: unknown): boolean {
  return is_list(value, is_any_number);
}

/** Whether it is a list of so many things. */
export function is_list(
  value: unknown,
  is_one: (item: unknown, i: number, list: unknown[]) => boolean,
  least = 0,
  most = Infinity,
): value is unknown[] {
  return (
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(is_one)
  );
}

/** Whether it is a number, be it none that can be used. */
export function is_any_number(value: unknown): boolean {
  return typeof value === "number";
}

/** Whether it is a number, infinite ones included. */
export function is_number(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

export function is_object(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of an object; throws the sentence, begun by `name`, that refuses anything else. */
export function as_object(name: string, value: unknown): Record<string, unknown> {
  return is_object(value) ? { ...value } : refuse(name, "an object", value);
}

/** An own property, so that nothing is ever read from a prototype. */
export function read(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
