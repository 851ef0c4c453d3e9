import { runs_wasm } from "./wasm_support.ts";

/** Bytes of a page of WebAssembly's. */
const PAGE = 2 ** 16;

/** The memory behind a buffer, for those that were made here. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

export function memory_of(buffer: ArrayBufferLike): WebAssembly.Memory | undefined {
  return memories.get(buffer);
}

/** The share of a program's time that refusals may take. */
const PATIENCE = 0.01;
/** When the engine may be asked for memory again, once it has refused. */
let ask_again = 0;

/**
 * Memory that WebAssembly can work on; nothing where kernels cannot run, or where there is none of this kind
 * left. It never grows, since growing would detach every view on it: all of it is asked for at once, and the
 * system gives the pages of it when they are first written.
 */
export function make_memory(bytes: number): ArrayBuffer | undefined {
  const begin = performance.now();
  if (begin < ask_again || !runs_wasm()) return undefined;
  const pages = Math.ceil(bytes / PAGE);
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    memories.set(memory.buffer, memory);
    return memory.buffer;
  } catch {
    // An engine that refuses has first collected all its garbage, several times.
    const end = performance.now();
    ask_again = end + (end - begin) / PATIENCE;
    return undefined;
  }
}
