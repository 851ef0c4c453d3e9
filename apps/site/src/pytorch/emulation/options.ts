import { BeyondPyTorch, PythonError } from "./python_error.ts";

/** The options of one scheduler of a spec, sound or not, as its constructor in PyTorch takes them. */
export class Options {
  readonly #options: ReadonlyMap<string, unknown>;

  constructor(
    readonly type: string,
    options: object,
  ) {
    this.#options = new Map(Object.entries(options));
  }

  /** A number; without a fallback it must be given. */
  number(name: string, fallback?: number): number {
    const value = this.#options.get(name) ?? fallback;
    return typeof value === "number" && Number.isFinite(value) ? value : this.#refuse(name);
  }

  /** A number that may be left out. */
  numberOrNone(name: string): number | undefined {
    return this.#options.get(name) == null ? undefined : this.number(name);
  }

  numbers(name: string): number[] {
    const value = this.#options.get(name);
    if (!Array.isArray(value) || !value.every((item) => Number.isFinite(item))) {
      return this.#refuse(name);
    }
    return [...value];
  }

  /** One number for each group: all the same, or a list. */
  perGroup(name: string, count: number): number[] {
    if (!this.isList(name)) return Array<number>(count).fill(this.number(name));
    const list = this.numbers(name);
    if (list.length === count) return list;
    throw new PythonError(
      "ValueError",
      `${name} has ${list.length} values for ${count} parameter groups`,
      `PyTorch wants as many values of ${name} as there are parameter groups, as we do.`,
    );
  }

  isList(name: string): boolean {
    return Array.isArray(this.#options.get(name));
  }

  text(name: string, fallback: string): string {
    const value = this.#options.get(name) ?? fallback;
    return typeof value === "string" ? value : this.#refuse(name);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#options.get(name) ?? fallback;
    return typeof value === "boolean" ? value : this.#refuse(name);
  }

  #refuse(name: string): never {
    throw new BeyondPyTorch(`${this.type}: ${name}`);
  }
}
