import type { Numbers } from "../../parameter.ts";

/** `Σ x · y`. */
export function dot(n: number, x: Numbers, y: Numbers): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += x[i] * y[i];
  }
  return sum;
}

/** `Σ |x|`. */
export function sum_abs(n: number, x: Numbers): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += Math.abs(x[i]);
  }
  return sum;
}

/** The largest `|x|`, 0 of no numbers. */
export function max_abs(n: number, x: Numbers): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(x[i]));
  }
  return largest;
}

/** `x ← factor · x`. */
export function scale(n: number, x: Numbers, factor: number): void {
  for (let i = 0; i < n; i++) {
    x[i] *= factor;
  }
}

/** `x ← x`, or the nearer of `±bound` beyond them. */
export function clamp(n: number, x: Numbers, bound: number): void {
  for (let i = 0; i < n; i++) {
    x[i] = Math.max(-bound, Math.min(bound, x[i]));
  }
}

/**
 * `x ← x + weight · (y - x)`. PyTorch's `lerp` starts from the nearer end, and so does this, to
 * round alike.
 */
export function lerp(n: number, x: Numbers, y: Numbers, weight: number): void {
  const rest = 1 - weight;
  for (let i = 0; i < n; i++) {
    const way = y[i] - x[i];
    x[i] = weight < 0.5 ? x[i] + weight * way : y[i] - rest * way;
  }
}

/** `y ← y + factor · x`. */
export function axpy(n: number, y: Numbers, x: Numbers, factor: number): void {
  for (let i = 0; i < n; i++) {
    y[i] += factor * x[i];
  }
}

/** `z ← x + factor · y`. */
export function add_scaled(n: number, z: Numbers, x: Numbers, y: Numbers, factor: number): void {
  for (let i = 0; i < n; i++) {
    z[i] = x[i] + factor * y[i];
  }
}

/** `y ← factor · x`. */
export function scaled(n: number, y: Numbers, x: Numbers, factor: number): void {
  for (let i = 0; i < n; i++) {
    y[i] = factor * x[i];
  }
}
