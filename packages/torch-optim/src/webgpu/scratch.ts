import { bytes_for } from "./arena.ts";
import { GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";

/** Arrays of a device that nobody keeps: each has the same one under the same name in every step. */
export class Scratch {
  readonly #place: GPUPlace;
  readonly #arrays = new Map<string, GPUArray>();

  constructor(place: GPUPlace) {
    this.#place = place;
  }

  /** So many numbers. */
  array(name: string, length: number): GPUArray {
    const key = `${name} ${length}`;
    const known = this.#arrays.get(key);
    if (known) return known;
    const buffer = this.#place.make_common_buffer(bytes_for(length));
    const made = new GPUArray(this.#place, { buffer }, length);
    this.#arrays.set(key, made);
    return made;
  }

  /** Keeps none any more, and leaves their memory to those whose commands are still to be submitted. */
  forget(): void {
    this.#arrays.clear();
  }

  /** Frees their memory; what is asked for afterwards is made anew. */
  free(): void {
    for (const { buffer } of this.#arrays.values()) buffer.destroy();
    this.forget();
  }
}
