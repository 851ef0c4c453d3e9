import { is_any_number, is_list, is_list_of_numbers, is_number, refuse, show } from "./refusal.ts";

/** What one option may be. */
export interface Field<T> extends Partial<Bounds> {
  /** What the value is, and with it which bounds and choices stand behind `expected`. */
  readonly type: "number" | "whole" | "boolean" | "function" | "choice" | "custom";
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
  /** The values of a choice. */
  readonly choices?: readonly string[];
}

/** The limits of numbers. */
interface Bounds {
  readonly min: number;
  readonly above: number;
  readonly max: number;
  readonly below: number;
}

/** What a field of numbers is made of. */
type Limits = Partial<Bounds> & { readonly default?: number };

/** The fields of `T`, one for each option. */
export type FieldTable<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** How many items a list may have: what is longer is no option but a mistake. */
const LONGEST = 1e6;
const BOUND_WORDS = { min: "of at least", above: "above", max: "of at most", below: "below" };

export function number(limits: Limits = {}): Field<number> {
  return numeric("number", "a finite number", Number.isFinite, limits);
}

export function whole_number(limits: Limits = {}): Field<number> {
  return numeric("whole", "a whole number", Number.isSafeInteger, limits);
}

/** Any number, infinite ones included. */
export function any_number(limits: Limits = {}): Field<number> {
  return numeric("number", "a number", is_number, limits);
}

/** What many classes ask of a number; without effect, so that bundles drop those that are not used. */
export const FINITE = /* @__PURE__ */ number();
export const NOT_NEGATIVE = /* @__PURE__ */ number({ min: 0 });
export const COUNT = /* @__PURE__ */ whole_number({ min: 0 });

function numeric(
  type: "number" | "whole",
  noun: string,
  is_one: (value: unknown) => boolean,
  limits: Limits,
): Field<number> {
  const words = Object.entries(BOUND_WORDS)
    .filter(([bound]) => bound in limits)
    .map(([bound, word]) => ` ${word} ${limits[bound as keyof Bounds]}`);
  // No comparison with undefined is true: a limit that is not given refuses nothing.
  const { min, above, max, below } = limits as Bounds;
  return {
    ...limits,
    type,
    expected: noun + words.join(" and"),
    valid: (value) => {
      const x = value as number;
      return is_one(x) && !(x < min || x <= above || x > max || x >= below);
    },
    of_kind: is_any_number,
  };
}

export function boolean(fallback: boolean): Field<boolean> {
  return {
    type: "boolean",
    expected: "true or false",
    valid: (value) => typeof value === "boolean",
    default: fallback,
  };
}

export function one_of<T extends string>(choices: readonly T[], fallback: T): Field<T> {
  return {
    type: "choice",
    choices,
    expected: `one of ${choices.map(show).join(", ")}`,
    valid: (value) => choices.includes(value as T),
    default: fallback,
  };
}

/** A list of numbers that a predicate describes. */
export function custom<T>(expected: string, valid: Field<T>["valid"], fallback?: T): Field<T> {
  return { type: "custom", expected, valid, of_kind: is_list_of_numbers, default: fallback };
}

export function func<T>(): Field<T> {
  return {
    type: "function",
    expected: "a function",
    valid: (value) => typeof value === "function",
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
  return {
    ...field,
    expected: `${field.expected}, or a list with one for each parameter group`,
    valid: (value, groups) =>
      field.valid(value, groups) ||
      is_list(value, (item) => field.valid(item, groups), groups, groups),
    of_kind: (value) => [value].flat().every((item) => field.of_kind?.(item)),
    per_group: true,
  };
}

/** The value, a list copied, if the field allows it; throws the sentence that refuses it. */
export function checked<T>(name: string, field: Field<T>, given: unknown, groups = 1): T {
  const is_array = Array.isArray(given);
  if (is_array && given.length > LONGEST) {
    refuse(name, `a list of at most ${LONGEST} items`, given, RangeError);
  }
  // In a copy nothing is left out: `every` and `map` pass over holes.
  const value = is_array ? [...given] : given;
  if (field.valid(value, groups)) return value as T;
  return refuse(name, field.expected, value, field.of_kind?.(value) ? RangeError : TypeError);
}
