import type { Numbers } from "../../parameter.ts";

/**
 * `g = sign · grad + weight_decay · p`, `v ← rho · v + (1 - rho) · g²`,
 * `d = √(a + eps) / √(v + eps) · g`, `a ← rho · a + (1 - rho) · d²`, `p ← p - lr · d`.
 */
export function adadelta(
  n: number,
  data: Numbers,
  grad: Numbers,
  square_avg: Numbers,
  acc_delta: Numbers,
  lr: number,
  rho: number,
  eps: number,
  weight_decay: number,
  sign: number,
): void {
  const share = 1 - rho;
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    const v = rho * square_avg[i] + share * g * g;
    const a = acc_delta[i];
    const d = (Math.sqrt(a + eps) / Math.sqrt(v + eps)) * g;
    square_avg[i] = v;
    acc_delta[i] = rho * a + share * d * d;
    data[i] -= lr * d;
  }
}
