import type { Tensor, Variable } from "@tensorflow/tfjs-core";

/** A variable, or a layer's weight, which reads as one. */
export type VariableLike = Variable | { read(): Tensor };

/** The variable behind it. */
export function variable_of(each: VariableLike): Variable {
  return ("read" in each ? each.read() : each) as Variable;
}
