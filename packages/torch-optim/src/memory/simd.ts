/** The smallest module with a vector in it: one function that drops a `v128.const`. */
const PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11,
];

let known: boolean | undefined;

/** Whether this engine runs WebAssembly with SIMD, and is allowed to. */
export function has_simd(): boolean {
  known ??= can_compile(PROBE);
  return known;
}

function can_compile(bytes: readonly number[]): boolean {
  try {
    // Compiled, not only validated: a page's security policy may forbid it.
    return new WebAssembly.Module(Uint8Array.from(bytes)) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}
