import { refuse, show } from "./refusal.ts";

/** What one option may be. */
export interface Field<T> {
  /** Completes the sentence "option must be …". */
  readonly expected: string;
  /** The value of an option that is left out; a field without one is required. */
  readonly default?: T;
  /** Whether a value is one of these, for an optimizer of `groups` parameter groups. */
  readonly valid: (value: unknown, groups: number) => boolean;
  /** Whether the option may also be a list with one such value for each parameter group. */
  readonly per_group?: boolean;
  /** The bounds and choices behind `expected`, for tools that describe options. */
  readonly kind: FieldKind;
}

export type FieldKind =
  | ({ type: "number" | "whole" } & Bounds)
  | { type: "boolean" | "function" | "custom" }
  | { type: "choice"; choices: readonly string[] };

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

const BOUND_WORDS = { min: "of at least", above: "above", max: "of at most", below: "below" };

export function number(options: Bounds & Default<number> = {}): Field<number> {
  return numeric("number", options);
}

export function whole_number(options: Bounds & Default<number> = {}): Field<number> {
  return numeric("whole", options);
}

function numeric(
  type: "number" | "whole",
  { default: fallback, ...bounds }: Bounds & Default<number>,
): Field<number> {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = bounds;
  const limits = Object.entries(bounds).map(
    ([bound, limit]) => ` ${BOUND_WORDS[bound as keyof Bounds]} ${limit}`,
  );
  return {
    expected: `a ${type === "whole" ? type : "finite"} number${limits.join(" and")}`,
    valid: (value) => {
      const x = value as number;
      const is_one = type === "whole" ? Number.isSafeInteger(x) : Number.isFinite(x);
      return is_one && x >= min && x > above && x <= max && x < below;
    },
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

/** A field that a predicate describes. */
export function custom<T>(expected: string, valid: Field<T>["valid"], fallback?: T): Field<T> {
  return { expected, valid, default: fallback, kind: { type: "custom" } };
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
  return {
    ...field,
    expected: `${field.expected}, or a list with one for each parameter group`,
    valid: (value, groups) =>
      Array.isArray(value)
        ? value.length === groups && value.every((item) => field.valid(item, groups))
        : field.valid(value, groups),
    per_group: true,
  };
}

/** The value, a list copied, if the field allows it. */
export function checked<T>(name: string, field: Field<T>, given_value: unknown): T {
  const value = dense(given_value);
  if (!field.valid(value, 1)) refuse(name, field.expected, value);
  return value as T;
}

/** A list as a copy in which nothing is left out: `every` and `map` pass over holes. */
export function dense(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : value;
}
