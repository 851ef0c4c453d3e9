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
import { ALIGNMENT, BYTES, GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { CHUNK, MOST_PARTS, parts_of } from "./segments.ts";
import { type Bound, bits_of, PlainWork, type Work, whole } from "./work.ts";

/** Norms that a buffer has room for, each where a binding may begin. */
const NORMS = 256;

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
  /** The buffer of the last norms, and how many of it have been used. */
  #norms: GPUBuffer | undefined;
  #count = 0;

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
  ): { works: Work[]; norm: GPUArray } {
    const kind = kind_of(norm_type);
    const reaches = this.#reaches_of(grads);
    const parts = this.#scratch.array("norms", MOST_PARTS * Math.max(1, reaches.length));
    const factor = this.#scratch.array("factor", 1);
    const norm = this.#next_norm();
    const works: Work[] = [];
    let count = 0;
    for (const reach of reaches) {
      works.push(this.#along(PARTS, reach, [parts], [kind, count, bits_of(norm_type)]));
      count += parts_of(reach.chunks);
    }
    works.push(this.#work(FINISH, [parts, factor, norm], 1, [count, kind], [max_norm, norm_type]));
    for (const reach of reaches) works.push(this.#along(SCALE, reach, [factor], [0, 0, 0]));
    return { works, norm };
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
    return this.#work(code, [bound, ...others], parts_of(chunks), table);
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

  /** Where no other norm is or will be: its caller may read it much later. */
  #next_norm(): GPUArray {
    const is_full = this.#count === NORMS;
    if (!this.#norms || is_full || this.#place.is_lacking(this.#norms)) {
      this.#norms = this.#place.make_common_buffer(NORMS * ALIGNMENT);
      this.#count = 0;
    }
    const range = { buffer: this.#norms, offset: ALIGNMENT * this.#count };
    this.#count += 1;
    return new GPUArray(this.#place, range, 1);
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
