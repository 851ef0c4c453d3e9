/** Numbers of 16 bits, which are `Float32Array`s in memory. */

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

let made: Float32Array | undefined;

/** Every float16 as a float32, by its bits. */
function float16_table(): Float32Array {
  if (made) return made;
  made = new Float32Array(2 ** 16);
  for (let bits = 0; bits < made.length; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) made[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) made[bits] = fraction === 0 ? sign * Infinity : Number.NaN;
    else made[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return made;
}

export function from_float16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const table = float16_table();
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i]];
  return floats;
}

/** To the nearest float16, of two to the even one, as PyTorch does. */
export function to_float16(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) {
    const size = bits[i] & 0x7fffffff;
    halves[i] = ((bits[i] >>> 16) & 0x8000) | half_of(size);
  }
  return halves;
}

/** The float16 of a float32 without its sign, both as bits. */
function half_of(size: number): number {
  if (size > 0x7f800000) return 0x7e00;
  if (size >= 0x47800000) return 0x7c00;
  if (size >= 0x38800000) return (size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13;
  // Below the normal ones they are multiples of 2^-24, which is the last bit of floats from 0.5 on.
  BITS[0] = size;
  FLOAT[0] += 0.5;
  return BITS[0] - 0x3f000000;
}

export function from_bfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

/** To the nearest bfloat16, of two to the even one, as PyTorch does. */
export function to_bfloat16(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) {
    const is_nan = (bits[i] & 0x7fffffff) > 0x7f800000;
    halves[i] = is_nan ? 0x7fc0 : (bits[i] + 0x7fff + ((bits[i] >>> 16) & 1)) >>> 16;
  }
  return halves;
}
