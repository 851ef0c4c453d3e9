import type { Numbers } from "../../parameter.ts";

/**
 * `g = sign · grad + weight_decay · p`, `m ← m + (1 - beta1) · (g - m)`,
 * `u ← max(beta2 · u, |g| + eps)`, `p ← p - step_size · m / u`.
 */
export function adamax(
  n: number,
  data: Numbers,
  grad: Numbers,
  exp_avg: Numbers,
  exp_inf: Numbers,
  step_size: number,
  beta1: number,
  beta2: number,
  eps: number,
  weight_decay: number,
  sign: number,
): void {
  const share1 = 1 - beta1;
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    // From the nearer end: a mean of which little is kept must not leave its rounding behind.
    const way = g - exp_avg[i];
    const m = beta1 > 0.5 ? exp_avg[i] + way * share1 : g - way * beta1;
    const u = Math.max(beta2 * exp_inf[i], Math.abs(g) + eps);
    exp_avg[i] = m;
    exp_inf[i] = u;
    data[i] -= (step_size * m) / u;
  }
}
