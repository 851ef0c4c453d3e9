/**
 * Numbers in bfloat16: float32 with only the upper 16 bits, so that 8 bits of a number count.
 * They are kept in float32 here, and rounded where bfloat16 arithmetic rounds its results.
 */

const UPPER_HALF = 0xffff0000;
const INFINITY = 0x7f800000;
const MAGNITUDE = 0x7fffffff;

/** Rounds float32 numbers, given by their bits, to the nearest of bfloat16, ties to even. */
export function round_to_bfloat16(bits: Int32Array, n = bits.length): void {
  for (let i = 0; i < n; i++) {
    const x = bits[i];
    // A NaN stays one: the carry could make it infinite.
    if ((x & MAGNITUDE) <= INFINITY) bits[i] = (x + 0x7fff + ((x >>> 16) & 1)) & UPPER_HALF;
  }
}

const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** The same of one number. */
export function bfloat16(x: number): number {
  FLOAT[0] = x;
  round_to_bfloat16(BITS);
  return FLOAT[0];
}
