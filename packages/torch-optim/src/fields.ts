/**
 * The options of a class as a table: what each may be, its default, and the one sentence that
 * refuses anything else. Constructors, restored states and written-down schedules all go through
 * the same table, so a value is judged in one place.
 */

/** What one option may be. */
export interface Field<T> {
  /** Completes the sentence "option must be …". */
  readonly expected: string;
  /** The value of an option that is left out; a field without one is required. */
  readonly default?: T;
  readonly valid: (value: unknown) => boolean;
  /** Whether the option may also be a list with one such value for each parameter group. */
  readonly per_group?: boolean;
  /** The bounds and choices behind `expected`, for tools that describe options. */
  readonly kind: FieldKind;
}

export type FieldKind =
  | { type: "number" | "whole"; min?: number; above?: number; max?: number; below?: number }
  | { type: "boolean" | "function" | "other" }
  | { type: "choice"; choices: readonly string[] };

interface Bounds<T = number> {
  min?: number;
  above?: number;
  max?: number;
  below?: number;
  default?: T;
}

/** The fields of `T`, one for each option. */
export type FieldTable<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** One refused option. */
export interface Problem {
  readonly option: string;
  /** Completes the sentence "option …". */
  readonly message: string;
  readonly error: ErrorConstructor;
}

export function number(bounds: Bounds = {}): Field<number> {
  return numeric("number", "a finite number", Number.isFinite, bounds);
}

export function whole(bounds: Bounds = {}): Field<number> {
  return numeric("whole", "a whole number", Number.isSafeInteger, bounds);
}

function numeric(
  type: "number" | "whole",
  noun: string,
  is_one: (value: unknown) => boolean,
  { default: fallback, ...bounds }: Bounds,
): Field<number> {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = bounds;
  const parts: string[] = [];
  if (bounds.min !== undefined) parts.push(`of at least ${min}`);
  if (bounds.above !== undefined) parts.push(`above ${above}`);
  if (bounds.max !== undefined) parts.push(`of at most ${max}`);
  if (bounds.below !== undefined) parts.push(`below ${below}`);
  return {
    expected: `${noun} ${parts.join(" and ")}`.trim(),
    valid: (value) => {
      const x = value as number;
      return is_one(x) && x >= min && x > above && x <= max && x < below;
    },
    kind: { type, ...bounds },
    ...(fallback === undefined ? {} : { default: fallback }),
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
    expected: `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`,
    valid: (value) => choices.includes(value as T),
    default: fallback,
    kind: { type: "choice", choices },
  };
}

/** A field that a predicate describes. */
export function other<T>(
  expected: string,
  valid: (value: unknown) => boolean,
  fallback?: T,
): Field<T> {
  return {
    expected,
    valid,
    kind: { type: "other" },
    ...(fallback === undefined ? {} : { default: fallback }),
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
    valid: (value) => value === null || field.valid(value),
    default: null,
  };
}

/** One value for all parameter groups, or a list with one for each. */
export function per_group<T>(field: Field<T>): Field<T | readonly T[]> {
  return {
    ...field,
    expected: `${field.expected}, or a list with one for each parameter group`,
    valid: (value) => (Array.isArray(value) ? value.every(field.valid) : field.valid(value)),
    per_group: true,
  };
}

/** The options of one class. */
export class Fields<T extends object> {
  constructor(
    readonly owner: string,
    readonly table: FieldTable<T>,
  ) {}

  /** Everything that is wrong with `options`, for an optimizer of `groups` parameter groups. */
  problems(options: unknown, groups: number): Problem[] {
    if (!is_object(options)) {
      return [{ option: "options", message: refusal("an object", options), error: TypeError }];
    }
    const found: Problem[] = [];
    for (const option of Object.keys(options)) {
      if (!Object.hasOwn(this.table, option)) {
        const names = Object.keys(this.table).join(", ") || "none";
        const message = `is not an option; the options are: ${names}`;
        found.push({ option, message, error: TypeError });
      }
    }
    for (const [option, field] of this.#entries()) {
      const value = read(options, option);
      if (value === undefined && field.default !== undefined) continue;
      if (!field.valid(value)) {
        const error = is_numeric(value) ? RangeError : TypeError;
        found.push({ option, message: refusal(field.expected, value), error });
      } else if (field.per_group && Array.isArray(value) && value.length !== groups) {
        const message = refusal(`a list of ${groups}, one for each parameter group`, value);
        found.push({ option, message, error: Error });
      }
    }
    return found;
  }

  /** All options with their defaults, lists copied; throws the first problem. */
  resolve(options: unknown, groups: number): T {
    const [problem] = this.problems(options, groups);
    if (problem) throw new problem.error(`${this.owner}: ${problem.option} ${problem.message}`);
    const resolved: Record<string, unknown> = {};
    for (const [option, field] of this.#entries()) {
      const value = read(options as object, option) ?? field.default;
      resolved[option] = Array.isArray(value) ? [...value] : value;
    }
    return resolved as T;
  }

  #entries(): [string, Field<unknown>][] {
    return Object.entries(this.table);
  }
}

export function fields<T extends object>(owner: string, table: FieldTable<T>): Fields<T> {
  return new Fields(owner, table);
}

/** "must be …, got …". */
export function refusal(expected: string, value: unknown): string {
  return `must be ${expected}, got ${show(value)}`;
}

/** A value as an error sentence shows it. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  return is_object(value) ? "an object" : String(value);
}

export function is_object(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own property, so that nothing is ever read from a prototype. */
export function read(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

function is_numeric(value: unknown): boolean {
  return typeof value === "number" || (Array.isArray(value) && value.every(is_numeric));
}
