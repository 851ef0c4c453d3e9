import type { Numbers } from "../../parameter.ts";

/**
 * `p ← decay · p`, `g = sign · grad + weight_decay · p`, `m ← m + (1 - beta1) · (g - m)`,
 * `v ← beta2 · v + (1 - beta2) · g²`,
 * `p ← p - (grad_size · g + mean_size · m) / (√v / root_correction + eps)`.
 */
export function nadam(
  n: number,
  data: Numbers,
  grad: Numbers,
  exp_avg: Numbers,
  exp_avg_sq: Numbers,
  grad_size: number,
  mean_size: number,
  beta1: number,
  beta2: number,
  root_correction: number,
  eps: number,
  decay: number,
  weight_decay: number,
  sign: number,
): void {
  const share1 = 1 - beta1;
  const share2 = 1 - beta2;
  // The correction of the root, brought to where it is the same for all elements.
  const of_grad = grad_size * root_correction;
  const of_mean = mean_size * root_correction;
  const small = eps * root_correction;
  for (let i = 0; i < n; i++) {
    const p = data[i] * decay;
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * p;
    // From the nearer end: a mean of which little is kept must not leave its rounding behind.
    const way = g - exp_avg[i];
    const m = beta1 > 0.5 ? exp_avg[i] + way * share1 : g - way * beta1;
    const v = beta2 * exp_avg_sq[i] + share2 * g * g;
    exp_avg[i] = m;
    exp_avg_sq[i] = v;
    data[i] = p - (of_grad * g + of_mean * m) / (Math.sqrt(v) + small);
  }
}
