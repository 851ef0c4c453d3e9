import { is_list_of_numbers, is_number, type Refusal, refusal, show } from "./refusal.ts";

/** What one option may be. */
export interface Field<T> {
  /** Completes the sentence "option must be …". */
  readonly expected: string;
  /** The value of an option that is left out; a field without one is required. */
  readonly default?: T;
  /** Whether a value is one of these, for an optimizer of `groups` parameter groups. */
  readonly valid: (value: unknown, groups: number) => boolean;
  /** Whether a value that is refused is of the right kind, and only out of range; never without. */
  readonly of_kind?: (value: unknown) => boolean;
  /** Whether the option may also be a list with one such value for each parameter group. */
  readonly per_group?: boolean;
  /** The bounds and choices behind `expected`, for tools that describe options. */
  readonly kind: FieldKind;
}

export type FieldKind =
  | ({ type: "number" | "whole" } & Bounds)
  | { type: "boolean" | "function" | "custom" }
  | { type: "choice"; choices: readonly string[] };

/** The limits of numbers. */
interface Bounds {
  min?: number;
  above?: number;
  max?: number;
  below?: number;
}

interface Default<T> {
  default?: T;
}

/** The fields of `T`, one for each option. */
export type FieldTable<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** How many items a list may have: what is longer is no option but a mistake. */
const LONGEST = 1e6;
const BOUND_WORDS = { min: "of at least", above: "above", max: "of at most", below: "below" };

export function number(options: Bounds & Default<number> = {}): Field<number> {
  return numeric("number", "a finite number", Number.isFinite, options);
}

export function whole_number(options: Bounds & Default<number> = {}): Field<number> {
  return numeric("whole", "a whole number", Number.isSafeInteger, options);
}

/** Any number, infinite ones included. */
export function any_number(options: Bounds & Default<number> = {}): Field<number> {
  return numeric("number", "a number", is_number, options);
}

function numeric(
  type: "number" | "whole",
  noun: string,
  is_one: (value: unknown) => boolean,
  { default: fallback, ...bounds }: Bounds & Default<number>,
): Field<number> {
  // No comparison with NaN is true: a limit that is not given refuses nothing.
  const { min = Number.NaN, above = Number.NaN, max = Number.NaN, below = Number.NaN } = bounds;
  const limits = Object.entries(bounds).map(
    ([bound, limit]) => ` ${BOUND_WORDS[bound as keyof Bounds]} ${limit}`,
  );
  return {
    expected: `${noun}${limits.join(" and")}`,
    valid: (value) => {
      const x = value as number;
      return is_one(x) && !(x < min || x <= above || x > max || x >= below);
    },
    of_kind: (value) => typeof value === "number",
    default: fallback,
    kind: { type, ...bounds },
  };
}

export function boolean(fallback: boolean): Field<boolean> {
  return {
    expected: "true or false",
    valid: (value) => typeof value === "boolean",
    default: fallback,
    kind: { type: "boolean" },
  };
}

export function one_of<T extends string>(choices: readonly T[], fallback: T): Field<T> {
  return {
    expected: `one of ${choices.map(show).join(", ")}`,
    valid: (value) => choices.includes(value as T),
    default: fallback,
    kind: { type: "choice", choices },
  };
}

/** A list of numbers that a predicate describes. */
export function custom<T>(expected: string, valid: Field<T>["valid"], fallback?: T): Field<T> {
  const kind: FieldKind = { type: "custom" };
  return { expected, valid, of_kind: is_list_of_numbers, default: fallback, kind };
}

/** A list of at least one thing. */
export function list_of<T>(
  things: string,
  is_one: (value: unknown) => boolean,
): Field<readonly T[]> {
  const of_kind = (value: unknown) => Array.isArray(value) && value.every(is_one);
  return {
    expected: `a list of at least one ${things}`,
    valid: (value) => of_kind(value) && (value as readonly T[]).length > 0,
    of_kind,
    kind: { type: "custom" },
  };
}

export function func<T>(): Field<T> {
  return {
    expected: "a function",
    valid: (value) => typeof value === "function",
    kind: { type: "function" },
  };
}

/** `null` beside what `field` allows, and as the default. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    ...field,
    expected: `${field.expected} or null`,
    valid: (value, groups) => value === null || field.valid(value, groups),
    default: null,
  };
}

/** One value for all parameter groups, or a list with one for each. */
export function per_group<T>(field: Field<T>): Field<T | readonly T[]> {
  const is_of_kind = (item: unknown) => field.of_kind?.(item) ?? false;
  return {
    ...field,
    expected: `${field.expected}, or a list with one for each parameter group`,
    valid: (value, groups) =>
      Array.isArray(value)
        ? value.length === groups && value.every((item) => field.valid(item, groups))
        : field.valid(value, groups),
    of_kind: (value) => (Array.isArray(value) ? value : [value]).every(is_of_kind),
    per_group: true,
  };
}

/** The value, a list copied, if the field allows it. */
export function checked<T>(name: string, field: Field<T>, given: unknown): T {
  const { value, refused } = judged(field, given, 1);
  if (refused) throw new refused.error(`${name} ${refused.message}`);
  return value as T;
}

/** The value, a list copied, and what is wrong with it if the field does not allow it. */
export function judged(
  field: Field<unknown>,
  given: unknown,
  groups: number,
): { readonly value?: unknown; readonly refused?: Refusal } {
  const is_list = Array.isArray(given);
  if (is_list && given.length > LONGEST) {
    const message = `must have at most ${LONGEST} items, got ${given.length}`;
    return { refused: { message, error: RangeError } };
  }
  // In a copy nothing is left out: `every` and `map` pass over holes.
  const value = is_list ? [...given] : given;
  if (field.valid(value, groups)) return { value };
  const error = field.of_kind?.(value) ? RangeError : TypeError;
  return { value, refused: { message: refusal(field.expected, value), error } };
}
