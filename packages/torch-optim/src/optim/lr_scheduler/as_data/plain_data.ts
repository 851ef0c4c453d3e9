import { show } from "../../../refusal.ts";
import { type Problems, path_to, path_to_item } from "./problems.ts";

/** A scheduler inside another is two levels further down: its list, and itself. */
const DEEPEST = 64;
/** How many keys an object may have. */
const MOST_KEYS = 1000;
/** What a spec may hold in all; characters are those of names and texts. */
const MOST_OBJECTS = 10_000;
const MOST_VALUES = 250_000;
const MOST_CHARACTERS = 1_000_000;
/** What is said of a function, where only data can be. */
export const FUNCTION = "is a function, which cannot be written down";
/** Keys that reach beyond the object they stand in. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A copy of data that may come from anywhere: own properties only, each read once, of bounded
 * depth and size, with nothing in it that JSON cannot hold. What is refused is left out.
 */
export function plain_data(value: unknown, path: string, problems: Problems): unknown {
  return value === undefined ? undefined : new Copy(problems).of(value, path);
}

class Copy {
  /** The objects and lists that the value at hand stands in. */
  readonly #above = new Set<object>();
  #objects = 0;
  #values = 0;
  #characters = 0;
  #is_too_large = false;

  constructor(readonly problems: Problems) {}

  of(value: unknown, path: string): unknown {
    if (this.#is_too_large || this.problems.are_too_many) return undefined;
    if (typeof value === "function") return this.problems.add(path, FUNCTION);
    if (typeof value === "object" && value !== null) return this.#of_object(value, path);
    if (typeof value === "string") this.#count_characters(value);
    if (value === null || is_json_scalar(value)) return value;
    return this.problems.add(path, `must be what JSON can hold, got ${show(value)}`);
  }

  #of_object(value: object, path: string): unknown {
    if (this.#above.has(value)) return this.problems.add(path, "contains itself");
    if (this.#above.size === DEEPEST) return this.problems.add(path, "is nested too deeply");
    this.#objects += 1;
    this.#limit(this.#objects, MOST_OBJECTS, "objects and lists");
    this.#above.add(value);
    const items = this.#read(value, path);
    const copied = Array.isArray(items)
      ? items.map((item, i) => this.of(item, path_to_item(path, i)))
      : items && this.#of_entries(items, path);
    this.#above.delete(value);
    return this.#is_too_large ? undefined : copied;
  }

  #of_entries(entries: ReadonlyMap<string, unknown>, path: string): object {
    const copied: [string, unknown][] = [];
    for (const [key, item] of entries) {
      this.#count_characters(key);
      if (FORBIDDEN.has(key)) this.problems.add(path_to(path, key), "is not an option");
      else if (item !== undefined) copied.push([key, this.of(item, path_to(path, key))]);
    }
    return Object.fromEntries(copied);
  }

  /** The items of a list, or the entries of an object: read here and nowhere else. */
  #read(value: object, path: string): unknown[] | ReadonlyMap<string, unknown> | undefined {
    try {
      if (Array.isArray(value)) {
        const { length } = value;
        return this.#has_room_for(length) ? Array.from({ length }, (_, i) => value[i]) : undefined;
      }
      const prototype = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) {
        return this.problems.add(path, "must be plain data, got an object of a class");
      }
      const keys = Object.keys(value);
      if (keys.length > MOST_KEYS) {
        return this.problems.add(path, `must have at most ${MOST_KEYS} keys, got ${keys.length}`);
      }
      if (!this.#has_room_for(keys.length)) return undefined;
      return new Map(keys.map((key) => [key, (value as Record<string, unknown>)[key]]));
    } catch {
      return this.problems.add(path, "cannot be read");
    }
  }

  #has_room_for(count: number): boolean {
    this.#values += count;
    return this.#limit(this.#values, MOST_VALUES, "values");
  }

  #count_characters(text: string): void {
    this.#characters += text.length;
    this.#limit(this.#characters, MOST_CHARACTERS, "characters");
  }

  #limit(count: number, most: number, things: string): boolean {
    if (count <= most) return true;
    this.#is_too_large = true;
    this.problems.add("", `must hold at most ${most} ${things}`);
    return false;
  }
}

function is_json_scalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
