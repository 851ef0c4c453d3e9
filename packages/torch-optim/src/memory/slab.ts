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
  room(bytes: number): Room | undefined {
    if (this.#promised + bytes > this.buffer.byteLength) return undefined;
    this.#promised += bytes;
    let left = bytes;
    return {
      take: (length) => {
        const taken = bytes_for(length);
        if (taken > left) return undefined;
        left -= taken;
        this.#taken += taken;
        return new Float32Array(this.buffer, this.#taken - taken, length);
      },
    };
  }
}

/**
 * Space for arrays that a kernel can work on together: those of a parameter, or of an optimizer. They
 * are taken from the slab one by one, so what is in use stands close together there.
 */
export interface Room {
  /** Zeros that nobody else has or will have; nothing if there is no space left. */
  take(length: number): Float32Array | undefined;
}

/** Bytes for so many numbers, up to where the next vector can begin. */
export function bytes_for(length: number): number {
  return Math.max(16, Math.ceil(length / 4) * 16);
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
