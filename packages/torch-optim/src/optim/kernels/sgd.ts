import type { Numbers } from "../../parameter.ts";

/** `g = sign · grad + weight_decay · p`, `p ← p - lr · g`. */
export function sgd(
  n: number,
  data: Numbers,
  grad: Numbers,
  lr: number,
  weight_decay: number,
  sign: number,
): void {
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    data[i] -= lr * g;
  }
}

/** The same with momentum: `b ← momentum · b + share · g`, `p ← p - lr · b` or, ahead, of `g + momentum · b`. */
export function sgd_momentum(
  n: number,
  data: Numbers,
  grad: Numbers,
  momentum_buffer: Numbers,
  lr: number,
  weight_decay: number,
  sign: number,
  momentum: number,
  share: number,
  nesterov: boolean,
): void {
  for (let i = 0; i < n; i++) {
    const g = weight_decay === 0 ? sign * grad[i] : sign * grad[i] + weight_decay * data[i];
    const b = momentum * momentum_buffer[i] + share * g;
    momentum_buffer[i] = b;
    data[i] -= lr * (nesterov ? g + momentum * b : b);
  }
}
