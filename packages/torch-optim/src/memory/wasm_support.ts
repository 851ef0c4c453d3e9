let is_supported = true;

/** Whether this engine runs WebAssembly with SIMD, and is allowed to, as far as is known: until it refuses. */
export function runs_wasm(): boolean {
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
