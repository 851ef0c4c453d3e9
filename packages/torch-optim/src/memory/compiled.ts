import type { FloatArray, Numbers } from "../parameter.ts";
import { compile } from "./simd.ts";
import { memory_of } from "./slab.ts";

/**
 * The kernels of a compiled module, given in base64: for an array in the library's memory, those that
 * work on that memory; for any other, and where the engine refuses the module, nothing.
 */
export function compiled<Kernels extends object>(
  code: string,
): (array: Numbers) => Kernels | undefined {
  let module: WebAssembly.Module | null | undefined;
  const instances = new WeakMap<ArrayBufferLike, Kernels>();
  const instantiate = (buffer: ArrayBufferLike): Kernels | undefined => {
    const memory = memory_of(buffer);
    if (!memory) return undefined;
    if (module === undefined) module = compile(bytes_of(code));
    if (module === null) return undefined;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    instances.set(buffer, exports as Kernels);
    return exports as Kernels;
  };
  return (array) => {
    const { buffer } = array as FloatArray;
    return buffer && (instances.get(buffer) ?? instantiate(buffer));
  };
}

/** Whether a kernel that works on the one array reaches the other. */
export function is_together(one: Numbers, other: Numbers): boolean {
  return (one as FloatArray).buffer === (other as FloatArray).buffer;
}

/** Where a kernel finds an array. */
export function place_of(array: Numbers): number {
  return (array as FloatArray).byteOffset;
}

function bytes_of(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
