import {
  type Expression,
  is_uniform,
  type Kernel,
  parts_of,
  type Statement,
  stored_arrays,
} from "./kernel.ts";
import { unswitch } from "./unswitch.ts";
import { exact } from "./write_float32.ts";

/**
 * TypeScript of a kernel's loop as shaders, one for each outcome of the tests that are the same for all
 * elements; undefined for one that gathers. What is the same for all elements is computed in float64
 * beforehand and travels: none of it is computed in a shader, whose roots and powers are inexact.
 */
export function write_wgsl(kernel: Kernel): string | undefined {
  return kernel.accumulator ? undefined : new ShaderWriter(kernel).write();
}

const UNARY = { neg: "-", not: "!", sqrt: "sqrt", abs: "abs" };
const INFIX = {
  ...{ add: "+", sub: "-", mul: "*", div: "/", and: "&&", or: "||" },
  ...{ lt: "<", le: "<=", gt: ">", ge: ">=", eq: "==", ne: "!=" },
};

/** Writes one kernel. The names that it gives in TypeScript begin with `$`, as no kernel's own do. */
class ShaderWriter {
  readonly #kernel: Kernel;
  /** What is the same for all elements, each once. */
  readonly #uniforms: string[] = [];
  readonly #variants: string[] = [];
  /** Products of which a body asks for the sign alone. */
  #signs: ReadonlySet<string> = new Set();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  write(): string {
    const { name, body } = this.#kernel;
    const choice = unswitch(
      body,
      (test) => is_uniform(this.#kernel, test),
      (variant) => String(this.#variants.push(this.#variant(variant)) - 1),
      (test, yes, no) => `(${exact(test)} ? ${yes} : ${no})`,
    );
    const writes = this.#uniforms.map((text, i) => `$into[$at + ${i}] = ${text};`).join("\n");
    return `export const ${name}: Shader = {
name: "${name}",
uniform_count: ${this.#uniforms.length},
${this.#method("uniforms", ["$s", "$into", "$at"], writes)},
${this.#method("choose", ["$s"], `return ${choice};`)},
variants: [
${this.#variants.join(",\n")}
],
};`;
  }

  /** A method with its parameters as far as it asks for them. */
  #method(name: string, parameters: readonly string[], text: string): string {
    const body = `${this.#known(text)}\n${text}`.trim();
    const last = parameters.findLastIndex((parameter) => body.includes(parameter));
    return `${name}(${parameters.slice(0, last + 1).join(", ")}) {\n${body}\n}`;
  }

  /** What a text asks for of what is known before the loop. */
  #known(text: string): string {
    const { scalars, before } = this.#kernel;
    const asked = (name: string, where: string) => new RegExp(`\\b${name}\\b`).test(where);
    const constants = before
      .filter(({ name }) => asked(name, text))
      .map(({ name, value }) => `const ${name} = ${exact(value)};`);
    const whole = [...constants, text].join("\n");
    const given = scalars
      .map(({ name }, i) => ({ name, line: `const ${name} = $s[${i}];` }))
      .filter(({ name }) => asked(name, whole));
    return [...given.map(({ line }) => line), ...constants].join("\n");
  }

  #variant(body: readonly Statement[]): string {
    this.#signs = signs_alone(body);
    const stored = stored_arrays({ ...this.#kernel, body });
    const lines = body.flatMap((statement) => this.#statement(statement));
    const text = lines.join("\n");
    const stores = stored.map((array) => this.#kernel.arrays.indexOf(array));
    const arrays = this.#kernel.arrays.flatMap((_, i) =>
      stores.includes(i) || text.includes(`a${i}[`) ? [i] : [],
    );
    return `{ arrays: [${arrays}], stores: [${stores}], body: ${JSON.stringify(text)} }`;
  }

  #statement(statement: Statement): string[] {
    switch (statement.kind) {
      case "constant":
        return [`let ${statement.name}_ = ${this.#constant(statement.name, statement.value)};`];
      case "store":
        return [`${this.#element(statement.array)} = ${this.#value(statement.value)};`];
      case "when":
        return [
          `if (${this.#value(statement.test)}) {`,
          ...statement.body.flatMap((inner) => this.#statement(inner)),
          "}",
        ];
      case "gather":
        throw new Error(`${this.#kernel.name}: what gathers is no shader`);
    }
  }

  /** A product that is too small for a device is 0 there, and would have no sign. */
  #constant(name: string, value: Expression): string {
    return this.#signs.has(name) ? this.#sign(value) : this.#value(value);
  }

  #sign(expression: Expression): string {
    if (expression.kind !== "binary" || expression.op !== "mul") {
      return `sign_of(${this.#value(expression)})`;
    }
    return `(${this.#sign(expression.left)} * ${this.#sign(expression.right)})`;
  }

  #element(array: string): string {
    return `a${this.#kernel.arrays.indexOf(array)}[i]`;
  }

  #value(expression: Expression): string {
    if (is_uniform(this.#kernel, expression)) return this.#uniform(expression);
    const [first, second, third] = parts_of(expression).map((part) => this.#value(part));
    switch (expression.kind) {
      case "number":
        return this.#uniform(expression);
      case "element":
        return this.#element(expression.array);
      case "name":
        return `${expression.name}_`;
      case "unary":
        return `${UNARY[expression.op]}(${first})`;
      case "binary":
        if (expression.op === "max") return `larger(${first}, ${second})`;
        if (expression.op === "min") return `smaller(${first}, ${second})`;
        return `(${first} ${INFIX[expression.op]} ${second})`;
      case "choice":
        return `select(${third}, ${second}, ${first})`;
    }
  }

  /** What is the same for all elements, by its place among its like; whole numbers stand as they are. */
  #uniform(expression: Expression): string {
    const { kind } = expression;
    if (kind === "number" && Number.isInteger(expression.value)) return `${expression.value}.0`;
    const text = exact(expression);
    if (!this.#uniforms.includes(text)) this.#uniforms.push(text);
    return `u${this.#uniforms.indexOf(text)}`;
  }
}

/** The constants that are products and that a body only compares with 0. */
function signs_alone(body: readonly Statement[]): Set<string> {
  const products = body.flatMap((statement) =>
    statement.kind === "constant" &&
    statement.value.kind === "binary" &&
    statement.value.op === "mul"
      ? [statement.name]
      : [],
  );
  const values = body.flatMap(values_of);
  return new Set(products.filter((name) => values.every((value) => is_compared(value, name))));
}

function values_of(statement: Statement): Expression[] {
  return statement.kind === "when"
    ? [statement.test, ...statement.body.flatMap(values_of)]
    : [statement.value];
}

/** Whether an expression asks of a name at most how it stands to 0. */
function is_compared(expression: Expression, name: string): boolean {
  if (expression.kind === "name") return expression.name !== name;
  if (expression.kind === "binary") {
    const { op, left, right } = expression;
    const with_zero = right.kind === "number" && right.value === 0;
    if (["lt", "le", "gt", "ge", "eq", "ne"].includes(op) && with_zero && left.kind === "name") {
      return true;
    }
  }
  return parts_of(expression).every((part) => is_compared(part, name));
}
