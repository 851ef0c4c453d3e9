import type { SpecProblem } from "./spec_error.ts";

/** Collects what is wrong with a spec; what a path is refused for first is what it is told. */
export class Problems {
  readonly #messages = new Map<string, string>();
  /** The paths above those that were refused. */
  readonly #above = new Set<string>();

  add(path: string, message: string): undefined {
    if (this.has(path)) return;
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

  list(): SpecProblem[] {
    return [...this.#messages].map(([path, message]) => ({ path, message }));
  }
}

/** The path of a property: `schedulers[1].T_max`. */
export function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path ? `${path}.${key}` : key;
}
