import type { Numbers } from "../../parameter.ts";

/**
 * `b ← b + (1 - momentum) · (g - b)`, `u = b` or, ahead with `nesterov`, `g + momentum · (b - g)`;
 * both rounded as PyTorch's `lerp`, which starts from the nearer end.
 */
export function muon_momentum(
  n: number,
  grad: Numbers,
  momentum_buffer: Numbers,
  update: Numbers,
  momentum: number,
  nesterov: boolean,
): void {
  const share = 1 - momentum;
  const rest = 1 - share;
  for (let i = 0; i < n; i++) {
    const g = grad[i];
    const old = momentum_buffer[i];
    const b = share < 0.5 ? old + share * (g - old) : g - rest * (g - old);
    momentum_buffer[i] = b;
    const ahead = momentum < 0.5 ? g + momentum * (b - g) : b - share * (b - g);
    update[i] = nesterov ? ahead : b;
  }
}

/** `p ← decay · p - step_size · u`. */
export function muon(
  n: number,
  data: Numbers,
  update: Numbers,
  decay: number,
  step_size: number,
): void {
  for (let i = 0; i < n; i++) {
    data[i] = decay * data[i] - step_size * update[i];
  }
}
