import type { Numbers } from "../../parameter.ts";

/**
 * `g = sign · grad + weight_decay · p`, `v ← alpha · v + (1 - alpha) · g²`, `d = g / (√v + eps)`,
 * `p ← p - lr · d`, or with `momentum` `b ← momentum · b + d`, `p ← p - lr · b`; with `centered`,
 * `m ← m + (1 - alpha) · (g - m)` and `v - m²` takes the place of `v` in `d`.
 *
 * `grad_avg` (m) is read only if `centered`, `momentum_buffer` (b) only if `momentum` is above 0.
 */
export function rmsprop(
  n: number,
  data: Numbers,
  grad: Numbers,
  square_avg: Numbers,
  grad_avg: Numbers,
  momentum_buffer: Numbers,
  lr: number,
  alpha: number,
  eps: number,
  weight_decay: number,
  momentum: number,
  centered: boolean,
  sign: number,
): void {
  const share = 1 - alpha;
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    const v = alpha * square_avg[i] + share * g * g;
    square_avg[i] = v;
    // From the nearer end: a mean of which little is kept must not leave its rounding behind.
    const way = g - grad_avg[i];
    const m = alpha > 0.5 ? grad_avg[i] + way * share : g - way * alpha;
    if (centered) grad_avg[i] = m;
    const root = centered ? Math.sqrt(v - m * m) : Math.sqrt(v);
    const d = g / (root + eps);
    const b = momentum > 0 ? momentum * momentum_buffer[i] + d : d;
    if (momentum > 0) momentum_buffer[i] = b;
    data[i] -= lr * b;
  }
}
