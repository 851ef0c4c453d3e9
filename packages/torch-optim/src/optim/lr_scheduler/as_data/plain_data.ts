import { show } from "../../../refusal.ts";
import { join, type Problems } from "./problems.ts";

/** A scheduler inside another is two levels further down: its list, and itself. */
const DEEPEST = 64;
/** How many objects and lists a spec may hold. */
const MOST = 10_000;
/** What is said of a function, where only data can be. */
export const FUNCTION = "is a function, which cannot be written down";
/** Keys that reach beyond the object they stand in. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A copy of data that may come from anywhere: own properties only, of bounded depth and size, with
 * nothing in it that JSON cannot hold. What is refused is left out.
 */
export function plain_data(value: unknown, path: string, problems: Problems): unknown {
  const above = new Set<object>();
  let count = 0;

  function copy(value: unknown, path: string): unknown {
    if (typeof value === "function") {
      return problems.add(path, FUNCTION);
    }
    if (typeof value !== "object" || value === null) {
      const fits = value === undefined || value === null || is_json_scalar(value);
      return fits ? value : problems.add(path, `must be what JSON can hold, got ${show(value)}`);
    }
    if (above.has(value)) return problems.add(path, "contains itself");
    if (above.size === DEEPEST) return problems.add(path, "is nested too deeply");
    count += 1;
    if (count > MOST) return problems.add("", `must hold at most ${MOST} objects and lists`);
    above.add(value);
    const copied = copy_inside(value, path);
    above.delete(value);
    return copied;
  }

  function copy_inside(value: object, path: string): unknown {
    if (Array.isArray(value)) return value.map((item, i) => copy(item, `${path}[${i}]`));
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      return problems.add(path, "must be plain data, got an object of a class");
    }
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      if (FORBIDDEN.has(key)) problems.add(join(path, key), "is not an option");
      else if (item !== undefined) entries.push([key, copy(item, join(path, key))]);
    }
    return Object.fromEntries(entries);
  }

  const copied = copy(value, path);
  return count > MOST ? undefined : copied;
}

function is_json_scalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
