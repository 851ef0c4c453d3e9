import { refuse } from "../refusal.ts";
import { COPY_DST, COPY_SRC, STORAGE } from "./flags.ts";
import { ALIGNMENT, BYTES, GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";

/** Bytes of a device's first arena; each that follows is twice as large, up to the largest. */
const FIRST = 2 ** 20;
const LARGEST = 2 ** 26;

/**
 * Room for the arrays of many parameters. A parameter has one slot, and each of its arrays stands at that
 * place in a buffer of its own kind, a layer: so all parameters' values are in one buffer, all gradients in
 * the next, and one dispatch reaches them all.
 */
export class Arena {
  readonly #place: GPUPlace;
  readonly #size: number;
  readonly #layers: GPUBuffer[] = [];
  #used = 0;
  #slots = 0;

  constructor(place: GPUPlace, size: number) {
    this.#place = place;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  has_room_for(bytes: number): boolean {
    return this.#used + bytes <= this.#size;
  }

  /** The slot of a parameter with so many numbers. */
  take(length: number): Slot {
    const offset = this.#used;
    this.#used += bytes_for(length);
    this.#slots++;
    return new Slot(this, offset, length);
  }

  /** An array of a slot: zeros, if it was never given before. */
  array({ offset, length }: Slot, layer: number): GPUArray {
    this.#layers[layer] ??= make_buffer(this.#place.device, this.#size);
    return new GPUArray(this.#place, { buffer: this.#layers[layer], offset }, length);
  }

  /** Gives a slot back. The memory of all is freed with the last. */
  release(): void {
    this.#slots--;
    if (this.#slots > 0) return;
    for (const layer of this.#layers) layer?.destroy();
    this.#used = this.#size;
  }
}

/** A parameter's place in an arena. */
export class Slot {
  readonly offset: number;
  readonly length: number;
  readonly #arena: Arena;
  #layers = 0;

  constructor(arena: Arena, offset: number, length: number) {
    this.#arena = arena;
    this.offset = offset;
    this.length = length;
  }

  /** The next of the parameter's arrays. */
  next(): GPUArray {
    return this.#arena.array(this, this.#layers++);
  }

  release(): void {
    this.#arena.release();
  }
}

/** The arena of each device that has room. */
const arenas = new WeakMap<GPUPlace, Arena>();

/** A slot for a parameter of so many numbers, in an arena of its own if it is large. */
export function take_slot(place: GPUPlace, length: number): Slot {
  const bytes = bytes_for(length);
  const { maxBufferSize } = place.device.limits;
  if (bytes > maxBufferSize) {
    refuse(
      "GPUParameter: data",
      `at most ${maxBufferSize} bytes on this device (ask for a larger maxBufferSize in requestDevice)`,
      BYTES * length,
      RangeError,
    );
  }
  if (bytes > LARGEST / 8) return new Arena(place, bytes).take(length);
  const known = arenas.get(place);
  if (known?.has_room_for(bytes)) return known.take(length);
  const size = Math.max(known ? Math.min(2 * known.size, LARGEST) : FIRST, 8 * bytes);
  const made = new Arena(place, Math.min(size, maxBufferSize));
  arenas.set(place, made);
  return made.take(length);
}

/** A buffer for numbers, full of zeros. */
export function make_buffer(device: GPUDevice, size: number): GPUBuffer {
  const usage = STORAGE | COPY_SRC | COPY_DST;
  return device.createBuffer({ size, usage });
}

/** Bytes of a slot; none is empty, as no buffer may be. */
export function bytes_for(length: number): number {
  return Math.max(1, Math.ceil((BYTES * length) / ALIGNMENT)) * ALIGNMENT;
}
