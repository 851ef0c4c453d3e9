/** The smallest module with a vector in it: one function that drops a `v128.const`. */
const PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12],
  ...new Uint8Array(16),
  ...[26, 11],
);

let known: boolean | undefined;

/** Whether this engine runs WebAssembly with SIMD, and is allowed to. */
export function has_simd(): boolean {
  known ??= compile(PROBE) !== null;
  return known;
}

/** A module; nothing where the engine, or a page's security policy, refuses it. */
export function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    return null;
  }
}
