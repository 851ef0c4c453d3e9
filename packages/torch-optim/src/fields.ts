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
  /** Whether a value is one of these, for an optimizer of `groups` parameter groups. */
  readonly valid: (value: unknown, groups: number) => boolean;
  /** Whether the option may also be a list with one such value for each parameter group. */
  readonly per_group?: boolean;
  /** The bounds and choices behind `expected`, for tools that describe options. */
  readonly kind: FieldKind;
}

export type FieldKind =
  | ({ type: "number" | "whole" } & Bounds)
  | { type: "boolean" | "function" | "other" }
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

/** One refused option. */
export interface Problem {
  readonly option: string;
  /** Completes the sentence "option …". */
  readonly message: string;
  readonly error: ErrorConstructor;
}

const BOUND_WORDS = { min: "of at least", above: "above", max: "of at most", below: "below" };

export function number(options: Bounds & Default<number> = {}): Field<number> {
  return numeric("number", options);
}

export function whole(options: Bounds & Default<number> = {}): Field<number> {
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
export function other<T>(expected: string, valid: Field<T>["valid"], fallback?: T): Field<T> {
  return { expected, valid, default: fallback, kind: { type: "other" } };
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

/** The options of one class. */
export class Fields<T extends object> {
  constructor(
    readonly owner: string,
    readonly table: FieldTable<T>,
  ) {}

  /** Everything that is wrong with `options`, for an optimizer of `groups` parameter groups. */
  problems(options: unknown, groups: number): Problem[] {
    return this.#judge(options, groups).problems;
  }

  /** All options with their defaults, lists copied; throws the first problem, named by `path`. */
  resolve(options: unknown, groups: number, path = `${this.owner}: `): T {
    const { values, problems } = this.#judge(options, groups);
    for (const { option, message, error } of problems) {
      throw new error(`${path}${option} ${message}`);
    }
    return values as T;
  }

  #judge(options: unknown, groups: number) {
    const problems: Problem[] = [];
    const values: Record<string, unknown> = {};
    const given: Record<string, unknown> = is_object(options) ? { ...options } : { options };
    const names = Object.keys(this.table);
    for (const option of Object.keys(given)) {
      const message = `is not an option; the options are: ${names.join(", ") || "none"}`;
      if (!names.includes(option)) problems.push({ option, message, error: TypeError });
    }
    for (const [option, field] of Object.entries<Field<unknown>>(this.table)) {
      const { [option]: given_value = field.default } = given;
      const value = dense(given_value);
      values[option] = value;
      if (field.valid(value, groups)) continue;
      const message = refusal(field.expected, value);
      problems.push({ option, message, error: error_for(value) });
    }
    return { values, problems };
  }
}

export function fields<T extends object>(owner: string, table: FieldTable<T>): Fields<T> {
  return new Fields(owner, table);
}

/** The value, a list copied, if the field allows it. */
export function checked<T>(name: string, field: Field<T>, given_value: unknown): T {
  const value = dense(given_value);
  if (!field.valid(value, 1)) refuse(name, field.expected, value);
  return value as T;
}

/** A list as a copy in which nothing is left out: `every` and `map` pass over holes. */
function dense(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : value;
}

/** Throws the sentence that refuses a value: "name must be …, got …". */
export function refuse(name: string, expected: string, value: unknown): never {
  throw new (error_for(value))(`${name} ${refusal(expected, value)}`);
}

/** "must be …, got …". */
export function refusal(expected: string, value: unknown): string {
  return `must be ${expected}, got ${show(value)}`;
}

/** A number out of range, or the wrong kind of thing. */
function error_for(value: unknown): ErrorConstructor {
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
