import type { Numbers } from "../../parameter.ts";

/**
 * With `g = sign · grad` and the last one `h`: `s ← s · eta_plus` where `g · h > 0`,
 * `s ← s · eta_minus` and `g ← 0` where `g · h < 0`, `s` held between `smallest` and `largest`;
 * `p ← p - s · sign(g)`, `h ← g`.
 */
export function rprop(
  n: number,
  data: Numbers,
  grad: Numbers,
  prev: Numbers,
  step_size: Numbers,
  eta_minus: number,
  eta_plus: number,
  smallest: number,
  largest: number,
  sign: number,
): void {
  for (let i = 0; i < n; i++) {
    const product = sign * grad[i] * prev[i];
    const eta = product > 0 ? eta_plus : product < 0 ? eta_minus : 1;
    const s = Math.min(Math.max(step_size[i] * eta, smallest), largest);
    const g = product < 0 ? 0 : sign * grad[i];
    step_size[i] = s;
    prev[i] = g;
    // A gradient that is not a number has no direction.
    data[i] -= g > 0 ? s : g < 0 ? -s : 0;
  }
}
