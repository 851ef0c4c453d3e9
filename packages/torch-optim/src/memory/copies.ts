import type { Numbers } from "../parameter.ts";
import { is_float32, type KernelsFor } from "./bind_kernels.ts";
import { COPIED, space_for_copies } from "./shared_memory.ts";
import { compile, runs_wasm, unless_refused } from "./wasm_support.ts";

/** Of fewer numbers the copies would take longer than the plain loop. */
const FEWEST = 128;

type Kernel = (n: number, ...rest: (number | boolean)[]) => void;

/**
 * Runs an element-wise kernel on float32 arrays that do not stand together: on copies, piece by piece.
 * False where that cannot be done, or would take longer than the plain loop.
 *
 * @param stored - Those of the arrays that the kernel writes.
 */
export function run_on_copies<Kernels extends object>(
  kernels_for: KernelsFor<Kernels>,
  name: keyof Kernels,
  n: number,
  arrays: readonly Numbers[],
  stored: readonly Numbers[],
  scalars: Iterable<number | boolean>,
): boolean {
  if (n < FEWEST || !arrays.every(is_float32)) return false;
  const copies = space_for_copies();
  const kernel = copies && (kernels_for(copies[0])?.[name] as Kernel | undefined);
  if (!kernel) return false;
  // An array that is given twice has one copy.
  const copy_of = arrays.map((array) => copies[arrays.indexOf(array)]);
  const rest = [...copy_of.map((copy) => copy.byteOffset), ...scalars];
  for (let begin = 0; begin < n; begin += COPIED) {
    const m = Math.min(COPIED, n - begin);
    for (const [k, array] of arrays.entries()) copy_of[k].set(array.subarray(begin, begin + m));
    kernel(m, ...rest);
    for (const [k, array] of arrays.entries()) {
      if (stored.includes(array)) array.set(copy_of[k].subarray(0, m), begin);
    }
  }
  return true;
}

/** The smallest module with a vector in it: the type of a function that takes one. */
const PROBE = "0061736d0100000001050160017b00";

/**
 * Whether compiled kernels update float32 parameters here: whether the engine runs WebAssembly with
 * SIMD, is allowed to, and has memory for it. Without them the same numbers come to the same bits,
 * only slower.
 *
 * @example
 * ```ts
 * if (!torch.optim.uses_compiled_kernels()) console.warn("optimizers run in plain JavaScript");
 * ```
 */
export function uses_compiled_kernels(): boolean {
  return unless_refused(() => compile(PROBE)) !== undefined && runs_wasm() && !!space_for_copies();
}
