import type { PlacedNorm } from "../place.ts";
import { bytes_for, make_buffer } from "./arena.ts";
import { FINISH, MAX_ABS, PARTS, SCALE, SUM_ABS, SUM_POWERS, SUM_SQUARES } from "./clip_shaders.ts";
import { GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { PlainPipelines } from "./pipelines.ts";
import { PlainWork, type Work } from "./work.ts";

/** Workgroups that go along a gradient, each of which leaves a part of the norm. */
const GROUPS = 64;

/** Clips gradients on a device by their norm, which stays there. */
export class Clip {
  readonly #place: GPUPlace;
  readonly #pipelines: PlainPipelines;
  /** The parts of norms, for the most gradients so far. */
  #parts: GPUArray | undefined;

  constructor(place: GPUPlace) {
    this.#place = place;
    this.#pipelines = new PlainPipelines(place.device);
  }

  /** The dispatches that scale gradients, and the norm, which is there when they have been carried out. */
  works(
    all: readonly GPUArray[],
    max_norm: number,
    norm_type: number,
  ): { works: Work[]; norm: PlacedNorm } {
    const kind = kind_of(norm_type);
    const grads = all.flatMap((grad) => grad.parts());
    const count = grads.length * GROUPS;
    const parts = this.#parts_for(count);
    const result = this.#array(2);
    const measure = grads.map((grad, i) =>
      this.#work(PARTS, [grad, parts], [grad.length, kind, i * GROUPS], [norm_type]),
    );
    const finish = this.#work(FINISH, [parts, result], [count, kind], [max_norm, norm_type], 1);
    const scale = grads.map((grad) => this.#work(SCALE, [grad, result], [grad.length]));
    const norm = { read: async () => (await result.read())[0] };
    return { works: [...measure, finish, ...scale], norm };
  }

  #work(
    code: string,
    arrays: readonly GPUArray[],
    counts: readonly number[],
    numbers: readonly number[] = [],
    groups = GROUPS,
  ): Work {
    const pipeline = this.#pipelines.of(code);
    return new PlainWork(pipeline, arrays, [groups, 1], counts, numbers);
  }

  #parts_for(count: number): GPUArray {
    if (!this.#parts || this.#parts.length < count) {
      this.#parts?.buffer.destroy();
      this.#parts = this.#array(Math.max(1, count));
    }
    return this.#parts;
  }

  #array(length: number): GPUArray {
    const buffer = make_buffer(this.#place.device, bytes_for(length));
    return new GPUArray(this.#place, { buffer }, length);
  }
}

function kind_of(norm_type: number): number {
  if (norm_type === Infinity) return MAX_ABS;
  if (norm_type === 1) return SUM_ABS;
  return norm_type === 2 ? SUM_SQUARES : SUM_POWERS;
}
