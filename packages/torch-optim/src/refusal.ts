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
/** How many characters of a text it shows, and of a name. */
const MOST_CHARACTERS = 100;
const MOST_OF_A_NAME = 40;
/** Characters that are not seen, but move the cursor, break the line or turn its direction. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A value as an error sentence shows it. */
export function show(value: unknown): string {
  if (!Array.isArray(value)) return show_item(value);
  const more = value.length > MOST_ITEMS ? ", …" : "";
  return `[${Array.from(value.slice(0, MOST_ITEMS), show_item).join(", ")}${more}]`;
}

function show_item(value: unknown): string {
  if (typeof value === "string") return show_text(value);
  if (Array.isArray(value)) return "a list";
  if (is_object(value)) return "an object";
  const is_long = typeof value === "bigint" && BigInt.asIntN(64, value) !== value;
  const is_named = is_long || typeof value === "function" || typeof value === "symbol";
  return is_named ? `a ${typeof value}` : String(value);
}

/** A text in quotes, cut where it is long. */
export function show_text(text: string): string {
  return visible(JSON.stringify(shorten(text, MOST_CHARACTERS)));
}

/** The name of an option or a class: in quotes if it is not like one. */
export function show_name(name: string): string {
  const short = shorten(name, MOST_OF_A_NAME);
  return /^[\w$]+…?$/.test(short) ? short : visible(JSON.stringify(short));
}

/** A text cut where it is long, between two characters. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Text from outside as a message may hold it: what is not seen stands as its escape. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
  });
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
