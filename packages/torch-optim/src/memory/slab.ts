/**
 * A stretch of memory that WebAssembly can work on, which many parameters may share. Nothing of it is handed
 * out twice, so every view stays valid; it goes as a whole, once no view on it is left.
 */
export class Slab {
  readonly #buffer: ArrayBuffer;
  readonly #bytes: number;
  /** Bytes that were promised, and those of them that were handed out. */
  #promised = 0;
  #taken = 0;

  /** The first `bytes` of a buffer. */
  constructor(buffer: ArrayBuffer, bytes: number) {
    this.#buffer = buffer;
    this.#bytes = bytes;
  }

  /** Sets bytes aside, unless there are too few left. */
  room(bytes: number): Room | undefined {
    if (this.#promised + bytes > this.#bytes) return undefined;
    this.#promised += bytes;
    let left = bytes;
    return {
      take: (length) => {
        const taken = bytes_for(length);
        if (taken > left) return undefined;
        left -= taken;
        this.#taken += taken;
        return new Float32Array(this.#buffer, this.#taken - taken, length);
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
