import { numpy as np } from "@jax-js/jax";
import { type JaxArray, Owned, use } from "./owned.ts";

/** Muon's iteration, in jax-js' products: as the library's, it rounds every result to bfloat16. */
export function newton_schulz(
  update: JaxArray,
  [rows, columns, a, b, c, steps, eps]: readonly number[],
): JaxArray {
  const owned = new Owned();
  const mul = (x: JaxArray, y: JaxArray | number) => owned.take(np.multiply(use(x), use(y)));
  const sub = (x: JaxArray, y: JaxArray) => owned.take(np.subtract(use(x), use(y)));
  const add = (x: JaxArray, y: JaxArray) => owned.take(np.add(use(x), use(y)));
  const product = (x: JaxArray, y: JaxArray) => owned.take(np.matmul(use(x), use(y)));
  const transpose = (x: JaxArray) => owned.take(np.transpose(use(x)));
  // Veltkamp's splitting: 2¹⁶ + 1 times a number leaves the 8 bits of a bfloat16.
  const round = (x: JaxArray) => {
    const large = mul(x, 65537);
    return sub(large, sub(large, x));
  };
  const is_tall = rows > columns;
  const given = round(is_tall ? transpose(update) : update);
  const norm = round(owned.take(np.sqrt(owned.take(np.sum(mul(given, given).ref)).ref)));
  const divisor = owned.take(np.maximum(norm.ref, eps));
  let x = round(owned.take(np.divide(given.ref, divisor.ref)));
  for (let step = 0; step < steps; step++) {
    const gram = round(product(x, transpose(x)));
    const polynomial = round(add(mul(gram, b), mul(product(gram, gram), c)));
    x = round(add(mul(x, a), product(polynomial, x)));
  }
  const [direction] = owned.finish([is_tall ? transpose(x) : x]);
  return direction;
}
