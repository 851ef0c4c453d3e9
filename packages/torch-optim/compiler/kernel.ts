/**
 * What a kernel is, once it is read: a loop over the numbers of some arrays. The language is the part
 * of TypeScript that an element-wise formula needs; `read_kernels.ts` reads it, `write_wasm.ts` and
 * `write_float32.ts` write it for float32, to the same bits:
 *
 * What is the same for all elements is computed in float64 and rounded to float32 once, where an
 * element meets it; a test of it stays in float64. Every operation on elements is rounded. What a
 * loop gathers is in float64, a product of two elements exact: four sums of every fourth element
 * each, as far as whole eights go, added as `(s0 + s2) + (s1 + s3)`, then the rest one by one.
 */
export interface Kernel {
  readonly name: string;
  readonly arrays: readonly string[];
  /** The numbers and flags that are the same for all elements. */
  readonly scalars: readonly Scalar[];
  /** What is computed once, before the loop. */
  readonly before: readonly Constant[];
  /** What the loop gathers and the kernel gives, if it does. */
  readonly accumulator?: { readonly name: string; readonly initial: Expression };
  readonly body: readonly Statement[];
}

export interface Scalar {
  readonly name: string;
  readonly type: "number" | "boolean";
}

export interface Constant {
  readonly kind: "constant";
  readonly name: string;
  readonly value: Expression;
}

export type Statement =
  | Constant
  | { readonly kind: "store"; readonly array: string; readonly value: Expression }
  | { readonly kind: "gather"; readonly by: "add" | "max"; readonly value: Expression }
  | { readonly kind: "when"; readonly test: Expression; readonly body: readonly Statement[] };

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "element"; readonly array: string }
  | { readonly kind: "unary"; readonly op: UnaryOp; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly op: BinaryOp;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    };

export type UnaryOp = "neg" | "not" | "sqrt" | "abs";
export type BinaryOp = ArithmeticOp | ComparisonOp | "and" | "or";
export type ArithmeticOp = "add" | "sub" | "mul" | "div" | "max" | "min";
export type ComparisonOp = "lt" | "le" | "gt" | "ge" | "eq" | "ne";

const COMPARISONS: readonly string[] = ["lt", "le", "gt", "ge", "eq", "ne"];

function is_comparison(op: BinaryOp): op is ComparisonOp {
  return COMPARISONS.includes(op);
}

/** Elements that a sum takes in at a time; the rest is added one by one. */
export const ROUND = 8;

/** Whether an expression is the same for all elements. */
export function is_uniform(kernel: Kernel, expression: Expression): boolean {
  if (expression.kind === "element") return false;
  if (expression.kind === "name") return is_known_before(kernel, expression.name);
  return parts_of(expression).every((part) => is_uniform(kernel, part));
}

/** Whether a name stands for something before the loop begins. */
export function is_known_before({ scalars, before }: Kernel, name: string): boolean {
  return [...scalars, ...before].some((known) => known.name === name);
}

export function is_flag({ scalars }: Kernel, name: string): boolean {
  return scalars.some((scalar) => scalar.name === name && scalar.type === "boolean");
}

/** Whether an expression is true or false, and no number. */
export function is_truth(kernel: Kernel, expression: Expression): boolean {
  if (expression.kind === "name") return is_flag(kernel, expression.name);
  if (expression.kind === "unary") return expression.op === "not";
  if (expression.kind === "choice") return is_truth(kernel, expression.yes);
  if (expression.kind !== "binary") return false;
  return is_comparison(expression.op) || expression.op === "and" || expression.op === "or";
}

/** Whether a statement takes roots or quotients, beside which nothing else takes long. */
export function is_slow(statement: Statement): boolean {
  return statement.kind === "when" ? statement.body.some(is_slow) : has_slow_part(statement.value);
}

function has_slow_part(expression: Expression): boolean {
  const { kind } = expression;
  if (kind === "unary" && expression.op === "sqrt") return true;
  if (kind === "binary" && expression.op === "div") return true;
  return parts_of(expression).some(has_slow_part);
}

/** Gradients are the user's own, so they may be less precise or more than what is updated. */
export function is_gradient(array: string): boolean {
  return array === "grad";
}

/** The arrays that a kernel writes, each once. */
export function stored_arrays({ body }: Kernel): string[] {
  return [...new Set(body.flatMap(stores_in))];
}

function stores_in(statement: Statement): string[] {
  if (statement.kind === "when") return statement.body.flatMap(stores_in);
  return statement.kind === "store" ? [statement.array] : [];
}

/** The expressions that an expression is made of. */
export function parts_of(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "choice":
      return [expression.test, expression.yes, expression.no];
    default:
      return [];
  }
}
