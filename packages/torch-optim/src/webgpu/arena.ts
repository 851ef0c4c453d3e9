import { refuse } from "../refusal.ts";
import { ALIGNMENT, BYTES, GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";

/** Bytes of the least and the largest arena: one that follows another has room for twice what lives in that. */
const LEAST = 2 ** 20;
const LARGEST = 2 ** 26;

/** A buffer of an arena, and how many arrays stand in it. */
interface Layer {
  readonly buffer: GPUBuffer;
  count: number;
}

/**
 * Room for the arrays of many parameters. A parameter has one slot, and each of its arrays stands at that
 * place in a buffer of its own kind, a layer: so all parameters' values are in one buffer, all gradients in
 * the next, and one dispatch reaches them all. A layer's memory is freed with the last array in it.
 */
class Arena {
  readonly #place: GPUPlace;
  readonly #size: number;
  readonly #layers: (Layer | undefined)[] = [];
  /** The bytes that were given to slots, and those of the slots in which there are still arrays. */
  #used = 0;
  #live = 0;

  constructor(place: GPUPlace, size: number) {
    this.#place = place;
    this.#size = size;
  }

  /** The bytes of the slots that have arrays. */
  get live(): number {
    return this.#live;
  }

  /** Whether so many bytes are left, and the device has them. */
  has_room_for(bytes: number): boolean {
    if (this.#used + bytes > this.#size) return false;
    return !this.#layers.some((layer) => layer && this.#place.is_lacking(layer.buffer));
  }

  /** The slot of a parameter with so many numbers. */
  take(length: number): Slot {
    const offset = this.#used;
    this.#used += bytes_for(length);
    this.#live += bytes_for(length);
    return new Slot(this, offset, length);
  }

  /** Takes note that a slot has no arrays any more. Its room is not given again. */
  leave({ length }: Slot): void {
    this.#live -= bytes_for(length);
  }

  /** A slot's array in a layer: zeros, if it was never given before. */
  array({ offset, length }: Slot, index: number): GPUArray {
    const layer = this.#layers[index] ?? { buffer: this.#place.make_buffer(this.#size), count: 0 };
    this.#layers[index] = layer;
    layer.count++;
    return new GPUArray(this.#place, { buffer: layer.buffer, offset }, length);
  }

  /** Gives a slot's array in a layer back. */
  free(index: number): void {
    const layer = this.#layers[index];
    if (!layer) return;
    layer.count--;
    if (layer.count > 0) return;
    layer.buffer.destroy();
    this.#layers[index] = undefined;
  }
}

/** A parameter's place in an arena, and the arrays that stand there, each in its layer. */
export class Slot {
  readonly offset: number;
  readonly length: number;
  readonly #arena: Arena;
  readonly #arrays: (GPUArray | undefined)[] = [];

  constructor(arena: Arena, offset: number, length: number) {
    this.#arena = arena;
    this.offset = offset;
    this.length = length;
  }

  /** The arrays that stand here. */
  get arrays(): GPUArray[] {
    return this.#arrays.filter((array) => array !== undefined);
  }

  /** Zeros for one more array: for a new one, or for one that is about to move here. */
  next(moving?: GPUArray): GPUArray {
    const gap = this.#arrays.indexOf(undefined);
    const index = gap < 0 ? this.#arrays.length : gap;
    const made = this.#arena.array(this, index);
    this.#arrays[index] = moving ?? made;
    return gap < 0 ? made : made.fill(0);
  }

  /** Gives an array back, if it stands here. */
  free(array: GPUArray): void {
    const index = this.#arrays.indexOf(array);
    if (index < 0) return;
    this.#arrays[index] = undefined;
    this.#arena.free(index);
    if (this.arrays.length === 0) this.#arena.leave(this);
  }

  /** Gives all of them back. */
  release(): void {
    for (const array of this.arrays) this.free(array);
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
  const size = Math.max(LEAST, 2 * (known?.live ?? 0), 8 * bytes);
  const made = new Arena(place, Math.min(size, LARGEST, maxBufferSize));
  arenas.set(place, made);
  return made.take(length);
}

/** Bytes of a slot; none is empty, as no buffer may be. */
export function bytes_for(length: number): number {
  return Math.max(1, Math.ceil((BYTES * length) / ALIGNMENT)) * ALIGNMENT;
}
