import {
  add,
  div,
  matMul,
  maximum,
  mul,
  reshape,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Program } from "torch-optim/place";

/** Rounds to bfloat16, by Veltkamp's splitting: 2¹⁶ + 1 times a number leaves 8 bits of it. */
function round<T extends Tensor>(x: T): T {
  const large = mul(x, 65537);
  return sub(large, sub(large, x)) as T;
}

function polynomial(x: Tensor, a: number, y: Tensor, b: number): Tensor2D {
  return round(add(mul(x, a), mul(y, b))) as Tensor2D;
}

/** Muon's iteration, in TensorFlow's products: as the library's, it rounds every result to bfloat16. */
function orthogonalize(matrix: Tensor2D, [a, b, c]: readonly number[], steps: number, eps: number) {
  const rounded = round(matrix);
  const norm = round(sqrt(sum(square(rounded))));
  let x = round(div(rounded, maximum(norm, round(scalar(eps))))) as Tensor2D;
  for (let step = 0; step < steps; step++) {
    const gram = round(matMul(x, x, false, true)) as Tensor2D;
    const both = polynomial(gram, b, matMul(gram, gram), c);
    x = polynomial(x, a, matMul(both, x), 1);
  }
  return x;
}

/** It has numbers for what is the same for all elements: the sides of the matrix, and how to iterate. */
export const newton_schulz: Program = {
  uniforms: (scalars) => [...scalars],
  run(_operations, [update], uniforms) {
    const [rows, columns, a, b, c, steps, eps] = uniforms.map(Number);
    const given: unknown = update;
    const matrix = reshape(given as Tensor, [rows, columns]) as Tensor2D;
    const is_tall = rows > columns;
    const wide = is_tall ? (transpose(matrix) as Tensor2D) : matrix;
    const direction = orthogonalize(wide, [a, b, c], steps, eps);
    const found: unknown = reshape(is_tall ? transpose(direction) : direction, [rows * columns]);
    return [found as typeof update];
  },
};
