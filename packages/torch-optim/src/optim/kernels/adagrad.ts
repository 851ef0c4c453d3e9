import type { Numbers } from "../../parameter.ts";

/** `g = sign · grad + weight_decay · p`, `s ← s + g²`, `p ← p - step_size · g / (√s + eps)`. */
export function adagrad(
  n: number,
  data: Numbers,
  grad: Numbers,
  sum: Numbers,
  step_size: number,
  eps: number,
  weight_decay: number,
  sign: number,
): void {
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    const s = sum[i] + g * g;
    sum[i] = s;
    data[i] -= (step_size * g) / (Math.sqrt(s) + eps);
  }
}
