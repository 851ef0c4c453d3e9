/** How a value is refused: the one sentence, and what it shows of the value. */

/** What is wrong with a value. */
export interface Refusal {
  /** Completes the sentence that the value's name begins. */
  readonly message: string;
  /** RangeError for a number out of range, TypeError for the wrong kind of thing. */
  readonly error: ErrorConstructor;
}

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

/** How many items of a list an error sentence shows. */
const MOST_ITEMS = 8;
/** How many characters of a text it shows, and of a name or a text in a list. */
const LONG_TEXT = 100;
const LONG_NAME = 40;
/** Characters that are not seen, but move the cursor, break the line or turn its direction. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A value as an error sentence shows it. */
export function show(value: unknown): string {
  if (!Array.isArray(value)) return show_item(value, LONG_TEXT);
  const items = Array.from(value.slice(0, MOST_ITEMS), (item) => show_item(item, LONG_NAME));
  return `[${items.join(", ")}${value.length > MOST_ITEMS ? ", …" : ""}]`;
}

function show_item(value: unknown, most: number): string {
  if (Array.isArray(value)) return "a list";
  if (is_object(value)) return "an object";
  if (typeof value === "function") return "a function";
  const text = shorten(String(value), most);
  return visible(typeof value === "string" ? JSON.stringify(text) : text);
}

/** The name of an option or a class: in quotes if it is not like one. */
export function show_name(name: string): string {
  const short = shorten(name, LONG_NAME);
  return /^[\w$]+…?$/.test(short) ? short : visible(JSON.stringify(short));
}

/** A text cut where it is long, between two characters. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/\p{Cs}$/u, "")}…`;
}

/**
 * Text from outside as a message, or the code of a program, may hold it: what is not seen stands
 * as an escape, by default as in JSON.
 */
export function visible(text: string, escaped = json_escape): string {
  return text.replace(INVISIBLE, escaped);
}

function json_escape(character: string): string {
  return character.replace(
    /./gs,
    (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whether only the values of its numbers can be wrong, or how many there are. */
export function is_list_of_numbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
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
