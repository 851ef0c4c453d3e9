import {
  add,
  addN,
  div,
  keep,
  minimum,
  mul,
  type NamedTensorMap,
  type Scalar,
  scalar,
  sqrt,
  square,
  sum,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * Scales gradients down so that their norm is at most `max_norm`: that of all of them together, as if
 * they were one long vector. Tensors cannot be written, so the map holds new ones then, and those that
 * stood in it are disposed.
 *
 * `total = √Σ g²`, `g ← g · min(1, max_norm / (total + 1e-6))`. Nothing is read from the device.
 *
 * For `model.fit`, optimizers of this package do it themselves, with the option `max_grad_norm`.
 *
 * Source: `torch.nn.utils.clip_grad_norm_`.
 *
 * @param gradients - By the names of their variables, as `computeGradients` gives them.
 * @param max_norm - At least 0.
 * @returns The norm before clipping, as a tensor that is the caller's to dispose.
 * @throws RangeError for another `max_norm`.
 * @example
 * ```ts
 * const { value, grads } = optimizer.computeGradients(loss);
 * const norm = clip_grad_norm_(grads, 1);
 * optimizer.applyGradients(grads);
 * ```
 */
export function clip_grad_norm_(gradients: NamedTensorMap, max_norm: number): Scalar {
  if (!(max_norm >= 0)) {
    throw new RangeError(
      `clip_grad_norm_: max_norm must be a number of at least 0, got ${max_norm}`,
    );
  }
  const names = Object.keys(gradients).filter((name) => gradients[name] != null);
  return tidy(() => {
    const squares = names.map((name) => sum(square(gradients[name])) as Scalar);
    const total = squares.length === 0 ? scalar(0) : (sqrt(addN(squares)) as Scalar);
    const factor = minimum(1, div(max_norm, add(total, 1e-6)));
    for (const name of names) {
      const clipped = keep(mul(gradients[name], factor));
      gradients[name].dispose();
      gradients[name] = clipped;
    }
    return total;
  });
}
