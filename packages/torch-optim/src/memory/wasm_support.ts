/** The smallest module with a vector in it: the type of a function that takes one. */
const PROBE = "0061736d0100000001050160017b00";

let is_supported: boolean | undefined;

/** Whether this engine runs WebAssembly with SIMD, and is allowed to, as far as is known. */
export function runs_wasm(): boolean {
  is_supported ??= unless_refused(() => compile(PROBE)) !== undefined;
  return is_supported;
}

/** A module out of its code in hexadecimal. */
export function compile(code: string): WebAssembly.Module {
  const bytes = code.match(/../g) ?? [];
  return new WebAssembly.Module(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
}

/**
 * What is made of a module; nothing where the engine, or a page's security policy, refuses it. One that
 * refuses once is not asked again.
 */
export function unless_refused<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    is_supported = false;
    return undefined;
  }
}
