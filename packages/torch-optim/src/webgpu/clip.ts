import { bytes_for } from "./arena.ts";
import {
  FINISH,
  MAX_ABS,
  PARTS,
  SCALE,
  SUM_ABS,
  SUM_POWERS,
  SUM_SQUARES,
  ZERO,
} from "./clip_shaders.ts";
import { BYTES, GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { CHUNK } from "./segments.ts";
import { type Bound, bits_of, PlainWork, type Work, whole } from "./work.ts";

/** The most workgroups that go along gradients, each of which leaves a part of the norm. */
const MOST_GROUPS = 256;

/** Gradients that one dispatch reaches: segments of what it binds, each its first chunk, begin and length. */
interface Reach {
  readonly bound: Bound;
  readonly segments: number[];
  chunks: number;
}

/** Clips gradients on a device by their norm, which stays there, and makes them 0. */
export class Clip {
  readonly #place: GPUPlace;
  readonly #pipelines: PlainPipelines;
  readonly #scratch: Scratch;

  constructor(place: GPUPlace, scratch: Scratch) {
    this.#place = place;
    this.#pipelines = new PlainPipelines(place.device);
    this.#scratch = scratch;
  }

  /** The dispatches that scale gradients, and where the norm is when they have been carried out. */
  works(
    grads: readonly GPUArray[],
    max_norm: number,
    norm_type: number,
  ): { works: Work[]; result: GPUArray } {
    const kind = kind_of(norm_type);
    const reaches = this.#reaches_of(grads);
    const count = reaches.length * MOST_GROUPS;
    const parts = this.#scratch.array("norms", Math.max(1, count));
    const result = this.#result();
    const head = (k: number) => [kind, k * MOST_GROUPS, bits_of(norm_type)];
    const works = [
      ...reaches.map((reach, k) => this.#along(PARTS, reach, [parts], head(k))),
      this.#work(FINISH, [parts, result], 1, [count, kind], [max_norm, norm_type]),
      ...reaches.map((reach, k) => this.#along(SCALE, reach, [result], head(k))),
    ];
    return { works, result };
  }

  /** The dispatches that make all numbers of arrays 0. */
  zeroing(arrays: readonly GPUArray[]): Work[] {
    return this.#reaches_of(arrays).map((reach) => this.#along(ZERO, reach, [], [0, 0, 0]));
  }

  #reaches_of(arrays: readonly GPUArray[]): Reach[] {
    return reaches_of(arrays, this.#place.device.limits.maxStorageBufferBindingSize);
  }

  #along(
    code: string,
    { bound, segments, chunks }: Reach,
    others: readonly Bound[],
    head: readonly number[],
  ): Work {
    const table = [segments.length / 3, chunks, ...head, ...segments];
    // Each leaves a part, be it of nothing.
    return this.#work(code, [bound, ...others], MOST_GROUPS, table);
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
    if (size <= most) add(reach_in(buffer, whole(buffer)), offset / BYTES, length);
    else for (const part of grad.parts()) add(reach_in(part, part), 0, part.length);
  }
  return [...reaches.values()].filter(({ chunks }) => chunks > 0);
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
