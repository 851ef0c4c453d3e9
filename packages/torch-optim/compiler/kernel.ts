/**
 * What a kernel is, once it is read: a loop over the numbers of some arrays. The language is the part
 * of TypeScript that an element-wise formula needs; `read_kernels.ts` reads it, `write_wasm.ts` makes
 * WebAssembly of it.
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

export function is_comparison(op: BinaryOp): op is ComparisonOp {
  return COMPARISONS.includes(op);
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
