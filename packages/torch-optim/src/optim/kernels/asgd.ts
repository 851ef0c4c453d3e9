import type { Numbers } from "../../parameter.ts";

/**
 * `g = sign · grad + weight_decay · p`, `p ← decay · p - eta · g`, and the running average
 * `a ← a + mu · (p - a)`, which is `p` itself while `mu` is 1.
 */
export function asgd(
  n: number,
  data: Numbers,
  grad: Numbers,
  ax: Numbers,
  eta: number,
  mu: number,
  decay: number,
  weight_decay: number,
  sign: number,
): void {
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    const p = decay * data[i] - eta * g;
    data[i] = p;
    ax[i] = mu === 1 ? p : ax[i] + (p - ax[i]) * mu;
  }
}
