/** The smallest module with a vector in it: one function that drops a `v128.const`. */
const PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12],
  ...new Uint8Array(16),
  ...[26, 11],
);

let is_supported: boolean | undefined;

/** Whether this engine runs WebAssembly with SIMD, and is allowed to, as far as is known. */
export function runs_wasm(): boolean {
  is_supported ??= compile(PROBE) !== undefined;
  return is_supported;
}

/** A module; nothing where the engine, or a page's security policy, refuses it. */
export function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | undefined {
  return unless_refused(() => new WebAssembly.Module(bytes));
}

/** What a module exports when it works on a memory; nothing where the engine refuses. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): WebAssembly.Exports | undefined {
  return unless_refused(() => new WebAssembly.Instance(module, { env: { memory } }).exports);
}

/** An engine that refuses once is not asked again. */
function unless_refused<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    is_supported = false;
    return undefined;
  }
}
