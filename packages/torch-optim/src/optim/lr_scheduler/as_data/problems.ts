import { shorten, show_name } from "../../../refusal.ts";
import type { SpecProblem } from "./spec_error.ts";

/** How many problems are told: nobody reads more of them. */
const MOST = 100;
/** How long a path may become, in characters; one of schedulers alone is never so long. */
const LONGEST_PATH = 1000;

/** Collects what is wrong with a spec; what a path is refused for first is what it is told. */
export class Problems {
  readonly #messages = new Map<string, string>();
  /** The paths above those that were refused. */
  readonly #above = new Set<string>();

  add(path: string, message: string): undefined {
    if (this.are_too_many || this.has(path)) return;
    this.#messages.set(path || "spec", message);
    for (const { index } of path.matchAll(/[.[]/g)) this.#above.add(path.slice(0, index));
  }

  /** Whether a path, or something inside it, was refused. */
  has(path: string): boolean {
    return this.#messages.has(path || "spec") || this.#above.has(path);
  }

  get count(): number {
    return this.#messages.size;
  }

  /** Whether there are more than will be told, so that no more need be looked for. */
  get are_too_many(): boolean {
    return this.count > MOST;
  }

  list(): SpecProblem[] {
    const list = [...this.#messages].map(([path, message]) => ({ path, message }));
    if (!this.are_too_many) return list;
    const more = { path: "spec", message: `has more mistakes than these ${MOST}` };
    return [...list.slice(0, MOST), more];
  }
}

/** The path of a property: `schedulers[1].T_max`. */
export function path_to(path: string, key: string): string {
  const name = show_name(key);
  const is_word = /^[A-Za-z_$]/.test(name);
  const step = is_word && path ? `.${name}` : name;
  return shorten(`${path}${is_word ? step : `[${name}]`}`, LONGEST_PATH);
}

/** The path of an item: `schedulers[1]`. */
export function path_to_item(path: string, index: number): string {
  return shorten(`${path}[${index}]`, LONGEST_PATH);
}
