import { runs_wasm } from "./wasm_support.ts";

/**
 * A stretch of memory that WebAssembly can work on, which many parameters may share. It never grows,
 * since growing would detach every view on it: all of it is asked for at once, and the system gives
 * the pages of it when they are first written. Nothing of it is handed out twice, so every view stays
 * valid; it goes as a whole, once no view on it is left.
 */
export class Slab {
  readonly buffer: ArrayBuffer;
  /** Bytes that were promised, and those of them that were handed out. */
  #promised = 0;
  #taken = 0;

  /** @throws RangeError if the engine has no room for it. */
  constructor(bytes: number) {
    const pages = Math.ceil(bytes / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.buffer = memory.buffer;
    memories.set(this.buffer, memory);
  }

  /** Sets bytes aside, unless there are too few left. */
  promise(bytes: number): boolean {
    if (this.#promised + bytes > this.buffer.byteLength) return false;
    this.#promised += bytes;
    return true;
  }

  /** The place of the next bytes out of those that were promised. */
  take(bytes: number): number {
    const place = this.#taken;
    this.#taken += bytes;
    return place;
  }
}

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

/** A slab; nothing where kernels cannot run, or where there is no memory of this kind left. */
export function make_slab(bytes: number): Slab | undefined {
  const begin = performance.now();
  if (begin < ask_again || !runs_wasm()) return undefined;
  try {
    return new Slab(bytes);
  } catch {
    // An engine that refuses has first collected all its garbage, several times.
    const end = performance.now();
    ask_again = end + (end - begin) / PATIENCE;
    return undefined;
  }
}
