import type { PlacedNorm } from "../place.ts";
import { bytes_for } from "./arena.ts";
import { FINISH, MAX_ABS, PARTS, SCALE, SUM_ABS, SUM_POWERS, SUM_SQUARES } from "./clip_shaders.ts";
import { GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { PlainWork, type Work } from "./work.ts";

/** Workgroups that go along a gradient, each of which leaves a part of the norm. */
const GROUPS = 64;

/** Clips gradients on a device by their norm, which stays there. */
export class Clip {
  readonly #place: GPUPlace;
  readonly #pipelines: PlainPipelines;
  readonly #scratch: Scratch;

  constructor(place: GPUPlace, scratch: Scratch) {
    this.#place = place;
    this.#pipelines = new PlainPipelines(place.device);
    this.#scratch = scratch;
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
    const parts = this.#scratch.array("norms", Math.max(1, count));
    const result = this.#result();
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

  /** The norm, which its caller may read much later, and the factor. */
  #result(): GPUArray {
    const buffer = this.#place.make_common_buffer(bytes_for(2));
    return new GPUArray(this.#place, { buffer }, 2);
  }
}

function kind_of(norm_type: number): number {
  if (norm_type === Infinity) return MAX_ABS;
  if (norm_type === 1) return SUM_ABS;
  return norm_type === 2 ? SUM_SQUARES : SUM_POWERS;
}
