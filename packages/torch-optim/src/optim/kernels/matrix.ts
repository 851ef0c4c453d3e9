import type { Numbers } from "../../parameter.ts";

/**
 * `yᵢ ← yᵢ + Σₖ aᵢₖ · xₖ` for four rows each: sixteen products for every eight numbers read.
 */
export function add_products(
  n: number,
  y0: Numbers,
  y1: Numbers,
  y2: Numbers,
  y3: Numbers,
  x0: Numbers,
  x1: Numbers,
  x2: Numbers,
  x3: Numbers,
  a00: number,
  a01: number,
  a02: number,
  a03: number,
  a10: number,
  a11: number,
  a12: number,
  a13: number,
  a20: number,
  a21: number,
  a22: number,
  a23: number,
  a30: number,
  a31: number,
  a32: number,
  a33: number,
): void {
  for (let i = 0; i < n; i++) {
    const b0 = x0[i];
    const b1 = x1[i];
    const b2 = x2[i];
    const b3 = x3[i];
    y0[i] = y0[i] + a00 * b0 + a01 * b1 + a02 * b2 + a03 * b3;
    y1[i] = y1[i] + a10 * b0 + a11 * b1 + a12 * b2 + a13 * b3;
    y2[i] = y2[i] + a20 * b0 + a21 * b1 + a22 * b2 + a23 * b3;
    y3[i] = y3[i] + a30 * b0 + a31 * b1 + a32 * b2 + a33 * b3;
  }
}
