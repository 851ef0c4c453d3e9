import type { Numbers } from "../../parameter.ts";

/** `a ← a + (p - a) / count`: the average of `count` values, of which `p` is the last. */
export function average(n: number, averages: Numbers, data: Numbers, count: number): void {
  for (let i = 0; i < n; i++) {
    averages[i] += (data[i] - averages[i]) / count;
  }
}

/** `x ← y`, `y ← x`. */
export function exchange(n: number, x: Numbers, y: Numbers): void {
  for (let i = 0; i < n; i++) {
    const kept = x[i];
    x[i] = y[i];
    y[i] = kept;
  }
}
