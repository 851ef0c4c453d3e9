import type { Numbers } from "../../parameter.ts";

/** The squares of a matrix's row: adds each to its column's sum, and gives that of the row. */
export function square_sums(n: number, grad: Numbers, columns: Numbers): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const square = grad[i] * grad[i];
    columns[i] += square;
    sum += square;
  }
  return sum;
}

/** `y ← 1 / √x`. */
export function reciprocal_root(n: number, x: Numbers, y: Numbers): void {
  for (let i = 0; i < n; i++) {
    y[i] = 1 / Math.sqrt(x[i]);
  }
}

/**
 * `Σ u²` over a matrix's row, with the update `u = g · min(row · column, ceiling)`: the variance is
 * a row's factor times a column's, so its reciprocal root is the product of theirs.
 */
export function matrix_square(
  n: number,
  grad: Numbers,
  columns: Numbers,
  row: number,
  ceiling: number,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const update = grad[i] * Math.min(row * columns[i], ceiling);
    sum += update * update;
  }
  return sum;
}

/** `p ← decay · p - step_size · u` for a matrix's row, with the same update. */
export function matrix_step(
  n: number,
  data: Numbers,
  grad: Numbers,
  columns: Numbers,
  row: number,
  ceiling: number,
  step_size: number,
  decay: number,
): void {
  for (let i = 0; i < n; i++) {
    data[i] = decay * data[i] - step_size * grad[i] * Math.min(row * columns[i], ceiling);
  }
}

/**
 * `v ← v + weight · (g² - v)`, rounded as PyTorch's `lerp`, and `Σ u²` with the update
 * `u = g / √max(v, floor)`.
 */
export function vector_square(
  n: number,
  grad: Numbers,
  variance: Numbers,
  weight: number,
  floor: number,
): number {
  const rest = 1 - weight;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const square = grad[i] * grad[i];
    const way = square - variance[i];
    const v = weight < 0.5 ? variance[i] + weight * way : square - rest * way;
    variance[i] = v;
    const update = grad[i] / Math.sqrt(Math.max(v, floor));
    sum += update * update;
  }
  return sum;
}

/** `p ← decay · p - step_size · u` with the same update. */
export function vector_step(
  n: number,
  data: Numbers,
  grad: Numbers,
  variance: Numbers,
  floor: number,
  step_size: number,
  decay: number,
): void {
  for (let i = 0; i < n; i++) {
    const update = grad[i] / Math.sqrt(Math.max(variance[i], floor));
    data[i] = decay * data[i] - step_size * update;
  }
}
