import {
  type Expression,
  is_truth,
  is_uniform,
  type Kernel,
  parts_of,
  type Statement,
} from "./kernel.ts";
import { exact } from "./write_float32.ts";

/**
 * TypeScript of a kernel's loop as a program of operations on whole arrays, for places that have nothing
 * else; undefined for one that gathers. What is the same for all elements is computed in float64
 * beforehand, and enters the operations as it stands.
 */
export function write_program(kernel: Kernel): string | undefined {
  return kernel.accumulator ? undefined : new ProgramWriter(kernel).write();
}

/**
 * Writes one kernel. The names that it gives begin with `$`, as no kernel's own do. Each store gives an array a new name, so that
 * what is computed late finds the old.
 */
class ProgramWriter {
  readonly #kernel: Kernel;
  /** What is the same for all elements, each once. */
  readonly #uniforms: string[] = [];
  /** The name under which each array stands at the moment, and how often it was stored. */
  readonly #names: Map<string, string>;
  #stores = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#names = new Map(kernel.arrays.map((array) => [array, array]));
  }

  write(): string {
    const { name, arrays, scalars, before, body } = this.#kernel;
    const statements = body.flatMap((statement) => this.#statement(statement));
    const results = [...this.#names.values()].map((each) =>
      arrays.includes(each) ? each : `${each}()`,
    );
    const given = arrays.filter((array) => this.#is_read(array, statements, results));
    const computes = statements.some((line) => line.includes("$o."));
    const has_uniforms = this.#uniforms.length > 0;
    const lines = [
      `export const ${name}: Program = {`,
      `uniforms(${scalars.length > 0 ? "$scalars" : ""}) {`,
      scalars.length > 0
        ? `const [${scalars.map((each) => each.name).join(", ")}] = $scalars;`
        : "",
      ...before.map((each) => `const ${each.name} = ${exact(each.value)};`),
      `return [${this.#uniforms.join(", ")}];`,
      "},",
      `run(${computes ? "$o" : "_operations"}, $arrays${has_uniforms ? ", $u" : ""}) {`,
      ...given.map((array) => `const ${array} = $arrays[${arrays.indexOf(array)}];`),
      ...statements,
      `return [${results.join(", ")}];`,
      "},",
      "};",
    ];
    return lines.filter((line) => line !== "").join("\n");
  }

  /** An array that is stored before anything reads it is not asked for. */
  #is_read(array: string, statements: readonly string[], results: readonly string[]): boolean {
    const word = new RegExp(`(?<![$\\w])${array}\\b`);
    return results.includes(array) || statements.some((line) => word.test(line));
  }

  #statement(
    statement: Statement,
    when: (value: string, old: string) => string = (v) => v,
  ): string[] {
    switch (statement.kind) {
      case "constant":
        return [`const ${statement.name} = lazy(() => ${this.#value(statement.value)});`];
      case "store":
        return this.#store(statement.array, statement.value, when);
      case "when": {
        const test = this.#uniform(statement.test);
        return statement.body.flatMap((inner) =>
          this.#statement(
            inner,
            (value, old) => `$o.choose(${test}, () => ${value}, () => ${old})`,
          ),
        );
      }
      case "gather":
        throw new Error(`${this.#kernel.name}: what gathers is no program`);
    }
  }

  #store(array: string, value: Expression, when: (value: string, old: string) => string): string[] {
    const old = this.#element(array);
    const text = when(this.#value(value), old);
    const name = `$${array}_${++this.#stores}`;
    this.#names.set(array, name);
    return [`const ${name} = lazy(() => ${text});`];
  }

  #element(array: string): string {
    const name = this.#names.get(array) ?? array;
    return name === array ? name : `${name}()`;
  }

  #value(expression: Expression): string {
    if (expression.kind === "number") return String(expression.value);
    if (is_uniform(this.#kernel, expression)) return this.#uniform(expression);
    const parts = parts_of(expression);
    const value = (part: Expression) => this.#value(part);
    switch (expression.kind) {
      case "element":
        return this.#element(expression.array);
      case "name":
        return `${expression.name}()`;
      case "unary":
      case "binary":
        return `$o.${expression.op}(${parts.map(value).join(", ")})`;
      case "choice": {
        const { test, yes, no } = expression;
        return is_uniform(this.#kernel, test)
          ? `$o.choose(${this.#uniform(test)}, () => ${value(yes)}, () => ${value(no)})`
          : `$o.where(${parts.map(value).join(", ")})`;
      }
    }
  }

  /** What is the same for all elements, by its place among its like. */
  #uniform(expression: Expression): string {
    const text = exact(expression);
    const written = is_truth(this.#kernel, expression) ? `Boolean(${text})` : text;
    if (!this.#uniforms.includes(written)) this.#uniforms.push(written);
    return `$u[${this.#uniforms.indexOf(written)}]`;
  }
}
