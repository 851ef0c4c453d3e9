import { make_memory } from "./wasm_memory.ts";

/** Copies that there can be at a time, as no kernel has more arrays, and the numbers that each holds. */
const COPIES = 8;
export const COPIED = 4096;
const BYTES = 4 * COPIED;

/** Where copies stand while a kernel works on them. */
let copies: readonly Float32Array[] | undefined;

/**
 * Memory of so many bytes, for many parameters. The first has space for copies behind that, so that there are
 * some wherever there is any memory.
 */
export function make_shared_memory(bytes: number): ArrayBuffer | undefined {
  const buffer = make_memory(copies ? bytes : bytes + COPIES * BYTES);
  copies ??=
    buffer &&
    Array.from({ length: COPIES }, (_, k) => new Float32Array(buffer, bytes + k * BYTES, COPIED));
  return buffer;
}

/** Where copies stand while a kernel works on them; nothing where no kernel could. */
export function space_for_copies(): readonly Float32Array[] | undefined {
  if (!copies) make_shared_memory(0);
  return copies;
}
