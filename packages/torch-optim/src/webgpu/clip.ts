import type { PlacedNorm } from "../place.ts";
import { bytes_for } from "./arena.ts";
import { FINISH, MAX_ABS, PARTS, SCALE, SUM_ABS, SUM_POWERS, SUM_SQUARES } from "./clip_shaders.ts";
import { BYTES, GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { CHUNK } from "./segments.ts";
import { type Bound, bits_of, PlainWork, type Work } from "./work.ts";

/** The most workgroups that go along gradients, each of which leaves a part of the norm. */
const MOST_GROUPS = 256;

/** Gradients that one dispatch reaches: segments of what it binds, each its first chunk, begin and length. */
interface Reach {
  readonly bound: Bound;
  readonly segments: number[];
  chunks: number;
}

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
    grads: readonly GPUArray[],
    max_norm: number,
    norm_type: number,
  ): { works: Work[]; norm: PlacedNorm } {
    const kind = kind_of(norm_type);
    const reaches = reaches_of(grads, this.#place.device.limits.maxStorageBufferBindingSize);
    const count = reaches.length * MOST_GROUPS;
    const parts = this.#scratch.array("norms", Math.max(1, count));
    const result = this.#result();
    const along = (
      code: string,
      { bound, segments, chunks }: Reach,
      other: GPUArray,
      k: number,
    ) => {
      const head = [segments.length / 3, chunks, kind, k * MOST_GROUPS, bits_of(norm_type)];
      return this.#work(code, [bound, other], MOST_GROUPS, [...head, ...segments]);
    };
    const works = [
      ...reaches.map((reach, k) => along(PARTS, reach, parts, k)),
      this.#work(FINISH, [parts, result], 1, [count, kind], [max_norm, norm_type]),
      ...reaches.map((reach, k) => along(SCALE, reach, result, k)),
    ];
    return { works, norm: { read: async () => (await result.read())[0] } };
  }

  #work(
    code: string,
    arrays: readonly Bound[],
    groups: number,
    counts: readonly number[],
    numbers?: readonly number[],
  ): Work {
    return new PlainWork(this.#pipelines.of(code), arrays, [groups, 1], counts, numbers);
  }

  /** The norm, which its caller may read much later, and the factor. */
  #result(): GPUArray {
    const buffer = this.#place.make_common_buffer(bytes_for(2));
    return new GPUArray(this.#place, { buffer }, 2);
  }
}

/** Gradients by the buffers that they stand in; of a buffer that cannot be bound whole, by their parts. */
function reaches_of(grads: readonly GPUArray[], most: number): Reach[] {
  const reaches = new Map<object, Reach>();
  const reach_in = (key: object, bound: Bound) => {
    const reach = reaches.get(key) ?? { bound, segments: [], chunks: 0 };
    reaches.set(key, reach);
    return reach;
  };
  for (const grad of grads) {
    const { buffer, offset, length } = grad;
    const { size } = buffer;
    if (size <= most) add(reach_in(buffer, { buffer, offset: 0, size }), offset / BYTES, length);
    else for (const part of grad.parts()) add(reach_in(part, part), 0, part.length);
  }
  return [...reaches.values()];
}

function add(reach: Reach, begin: number, length: number): void {
  if (length === 0) return;
  reach.segments.push(reach.chunks, begin, length);
  reach.chunks += Math.ceil(length / CHUNK);
}

function kind_of(norm_type: number): number {
  if (norm_type === Infinity) return MAX_ABS;
  if (norm_type === 1) return SUM_ABS;
  return norm_type === 2 ? SUM_SQUARES : SUM_POWERS;
}
