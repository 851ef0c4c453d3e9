/**
 * A stretch of memory that WebAssembly can work on, which many parameters may share. It never grows,
 * since growing would detach every view on it: all of it is asked for at once, and the system gives
 * the pages of it when they are first written.
 */
export class Slab {
  readonly buffer: ArrayBuffer;
  /** Bytes that were handed out. */
  #taken = 0;
  /** Bytes that were promised, whether or not they were handed out yet. */
  #promised = 0;

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
