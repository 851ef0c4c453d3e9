import type { FloatArray, Numbers } from "../parameter.ts";
import { memory_of } from "./wasm_memory.ts";
import { compile, runs_wasm, unless_refused } from "./wasm_support.ts";

/** The kernels that work on the memory where an array stands; nothing for one that stands elsewhere. */
export type KernelsFor<Kernels> = (array: Numbers) => Kernels | undefined;

/**
 * Binds the kernels of a compiled module, given in hexadecimal, to each of the library's memories, when it
 * is first asked for them. Where the engine refuses the module there are none.
 */
export function bind_kernels<Kernels extends object>(code: string): KernelsFor<Kernels> {
  let module: WebAssembly.Module | undefined;
  const bound = new WeakMap<ArrayBufferLike, Kernels>();
  const bind = (buffer: ArrayBufferLike): Kernels | undefined => {
    const memory = memory_of(buffer);
    if (!memory || !runs_wasm()) return undefined;
    const kernels = unless_refused(() => {
      module ??= compile(code);
      return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
    });
    if (kernels) bound.set(buffer, kernels);
    return kernels;
  };
  return (array) => {
    const { buffer } = array as FloatArray;
    return buffer && (bound.get(buffer) ?? bind(buffer));
  };
}

/** Whether a kernel that works on the one array reaches the other. */
export function is_together(one: Numbers, other: Numbers): boolean {
  return (one as FloatArray).buffer === (other as FloatArray).buffer;
}

/** The same of the first so many of a list. */
export function are_together(arrays: readonly Numbers[], count: number): boolean {
  for (let i = 1; i < count; i++) if (!is_together(arrays[0], arrays[i])) return false;
  return true;
}

/** Where a kernel finds an array. */
export function place_of(array: Numbers): number {
  return (array as FloatArray).byteOffset;
}

/** What rounds to the precision of an array. */
export function rounding_of(array: Numbers): (x: number) => number {
  return is_float32(array) ? Math.fround : exactly;
}

function exactly(x: number): number {
  return x;
}

export function is_float32(array: Numbers): array is Float32Array {
  return array instanceof Float32Array;
}
