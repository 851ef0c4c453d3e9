import {
  type Expression,
  is_gradient,
  is_truth,
  is_uniform,
  type Kernel,
  parts_of,
  ROUND,
  type Statement,
} from "./kernel.ts";

/**
 * The statements of a TypeScript function that does what `write_wasm` makes of a kernel, to the same
 * bits, on arrays wherever they stand. Gradients may have any precision, and are rounded when read.
 *
 * @param round - What rounds to float32; in the place of `Math.fround`, the name of what does nothing
 *   gives the loop in float64.
 */
export function write_float32(kernel: Kernel, round = "Math.fround"): string {
  return new LoopWriter(kernel, round).write();
}

const UNARY = { neg: "-", not: "!", sqrt: "Math.sqrt", abs: "Math.abs" };
const INFIX = {
  ...{ add: "+", sub: "-", mul: "*", div: "/", and: "&&", or: "||" },
  ...{ lt: "<", le: "<=", gt: ">", ge: ">=", eq: "===", ne: "!==" },
};
/** What does not give one of its operands. */
const INEXACT: readonly string[] = ["add", "sub", "mul", "div"];

/** Four sums, of which the one that is next stands first. */
const BEGIN_SUMS = ["let $0 = 0;", "let $1 = 0;", "let $2 = 0;", "let $3 = 0;"];
const TAKE_TURNS = ["$0 = $1;", "$1 = $2;", "$2 = $3;", "$3 = $sum;"];

/** Writes one kernel. The names that it gives begin with `$`, as no kernel's own do. */
class LoopWriter {
  readonly #kernel: Kernel;
  /** What is the same for all elements, and its name once it is rounded. */
  readonly #rounded = new Map<string, string>();

  readonly #round: string;

  constructor(kernel: Kernel, round: string) {
    this.#kernel = kernel;
    this.#round = round;
  }

  write(): string {
    const { before, accumulator } = this.#kernel;
    const loops = accumulator ? this.#gather(accumulator.name) : this.#loop("0", "n");
    return [
      ...before.map(({ name, value }) => `const ${name} = ${exact(value)};`),
      ...[...this.#rounded].map(([value, name]) => `const ${name} = ${this.#round}(${value});`),
      ...(accumulator ? [`let ${accumulator.name} = ${exact(accumulator.initial)};`] : []),
      ...loops,
      ...(accumulator ? [`return ${accumulator.name};`] : []),
    ].join("\n");
  }

  /** The loops of a kernel that gathers: sums take in whole rounds first, and then the rest. */
  #gather(name: string): string[] {
    const is_sum = this.#kernel.body.some((s) => s.kind === "gather" && s.by === "add");
    if (!is_sum) return this.#loop("0", "n", (value) => [`${name} = Math.max(${name}, ${value});`]);
    return [
      ...BEGIN_SUMS,
      `const $end = n - (n % ${ROUND});`,
      ...this.#loop("0", "$end", (value) => [`const $sum = $0 + ${value};`, ...TAKE_TURNS]),
      `${name} += $0 + $2 + ($1 + $3);`,
      ...this.#loop("$end", "n", (value) => [`${name} += ${value};`]),
    ];
  }

  #loop(begin: string, end: string, gather: (value: string) => string[] = () => []): string[] {
    const body = this.#kernel.body.flatMap((statement) => this.#statement(statement, gather));
    return [`for (let i = ${begin}; i < ${end}; i++) {`, ...body, "}"];
  }

  #statement(statement: Statement, gather: (value: string) => string[]): string[] {
    switch (statement.kind) {
      case "constant":
        return [`const ${statement.name} = ${this.#value(statement.value)};`];
      case "store":
        return [`${statement.array}[i] = ${this.#value(statement.value)};`];
      case "gather":
        return gather(this.#wide(statement.value));
      case "when": {
        const body = statement.body.flatMap((inner) => this.#statement(inner, gather));
        return [`if (${this.#value(statement.test)}) {`, ...body, "}"];
      }
    }
  }

  /** The value of an expression for the element at hand. */
  #value(expression: Expression): string {
    if (is_uniform(this.#kernel, expression)) {
      return is_truth(this.#kernel, expression)
        ? exact(expression)
        : this.#round_before(exact(expression));
    }
    const text = compose(expression, (part) => this.#value(part));
    return is_inexact(expression) ? `${this.#round}(${text})` : text;
  }

  /** The same of what is gathered, in float64; a product is exact there. */
  #wide(expression: Expression): string {
    const is_product = expression.kind === "binary" && expression.op === "mul";
    return is_product ? compose(expression, (part) => this.#value(part)) : this.#value(expression);
  }

  #round_before(value: string): string {
    if (Math.fround(Number(value)) === Number(value)) return value;
    const name = this.#rounded.get(value) ?? `$c${this.#rounded.size}`;
    this.#rounded.set(value, name);
    return name;
  }
}

/** Whether a result, of float32 numbers, may be none itself. */
function is_inexact(expression: Expression): boolean {
  if (expression.kind === "element") return is_gradient(expression.array);
  if (expression.kind === "unary") return expression.op === "sqrt";
  return expression.kind === "binary" && INEXACT.includes(expression.op);
}

/** An expression in float64, as JavaScript computes. */
export function exact(expression: Expression): string {
  return compose(expression, exact);
}

/** An expression in JavaScript, with its parts as `write` has them. */
function compose(expression: Expression, write: (part: Expression) => string): string {
  const [first, second, third] = parts_of(expression).map(write);
  switch (expression.kind) {
    case "number":
      return String(expression.value);
    case "name":
      return expression.name;
    case "element":
      return `${expression.array}[i]`;
    case "unary":
      return `${UNARY[expression.op]}(${first})`;
    case "binary":
      return expression.op === "max" || expression.op === "min"
        ? `Math.${expression.op}(${first}, ${second})`
        : `(${first} ${INFIX[expression.op]} ${second})`;
    case "choice":
      return `(${first} ? ${second} : ${third})`;
  }
}
