import type { Scalars } from "../place.ts";
import { BindGroups } from "./bind_groups.ts";
import { COPY_DST, COPY_SRC } from "./flags.ts";
import { ALIGNMENT, BYTES, type GPUArray } from "./gpu_array.ts";
import type { Pipeline } from "./pipelines.ts";
import { CHUNK } from "./segments.ts";
import { HEAD, SEGMENT } from "./shader.ts";
import type { Watch } from "./watch.ts";
import { type Bound, WORDS, type Work, whole } from "./work.ts";

/** Workgroups of a dispatch in one dimension; a shader goes on from there with the next chunk. */
const MOST_GROUPS = 65_535;

const NOTHING = Promise.resolve("");

/**
 * The kernels of a step: those that follow one another in the same buffers become one dispatch, with a table
 * of the ranges that it updates. All tables travel in one write.
 */
export class StepPlan {
  readonly #device: GPUDevice;
  readonly #watch: Watch;
  readonly #bind_groups: BindGroups;
  /** The most bytes that a shader can bind of a buffer. */
  readonly #most: number;
  /** What there is to do in this step, one after the other. */
  #works: Work[] = [];
  /** The kernels on ranges of the largest step so far; those of this step come first. */
  readonly #dispatches: Dispatch[] = [];
  #count = 0;
  /** The workgroups of each work of this step. */
  readonly #groups: (readonly [number, number])[] = [];
  /** All tables, as they travel. */
  #words = new Uint32Array(WORDS);
  #table: GPUBuffer | undefined;

  constructor(device: GPUDevice, watch: Watch) {
    this.#device = device;
    this.#watch = watch;
    this.#bind_groups = new BindGroups(device);
    this.#most = device.limits.maxStorageBufferBindingSize;
  }

  /** Adds a kernel on arrays. */
  add(pipeline: Pipeline, arrays: readonly GPUArray[], scalars: Scalars): void {
    const [{ offset, length }] = arrays;
    const last: Dispatch | undefined = this.#dispatches[this.#count - 1];
    if (last && last === this.#works.at(-1) && last.is_on(pipeline, arrays, undefined)) {
      last.add(offset / BYTES, length, scalars);
      return;
    }
    if (are_pooled(pipeline, arrays, this.#most)) {
      this.#next(pipeline, arrays, undefined).add(offset / BYTES, length, scalars);
      return;
    }
    // A range begins where a binding may.
    const longest = Math.floor(this.#most / ALIGNMENT) * WORDS;
    for (let begin = 0; begin < length; begin += longest) {
      const part = Math.min(longest, length - begin);
      this.#next(pipeline, arrays, [begin, part]).add(0, part, scalars);
    }
  }

  /** Adds what is no kernel on ranges. */
  add_works(works: readonly Work[]): void {
    this.#works.push(...works);
  }

  /** Carries the step out, in a command buffer of its own; why it failed is told later, if it did. */
  submit(): Promise<string> {
    return this.#watched(() => {
      const size = this.#write_tables();
      const table = this.#table_for(size);
      this.#device.queue.writeBuffer(table, 0, this.#words, 0, size / BYTES);
      const encoder = this.#device.createCommandEncoder();
      this.#dispatch(encoder, table);
      this.#device.queue.submit([encoder.finish()]);
    });
  }

  /**
   * Writes the step into a command encoder. The tables travel with its commands, in their order: out of a
   * buffer that is written now, and not again.
   */
  encode(encoder: GPUCommandEncoder): Promise<string> {
    return this.#watched(() => {
      const size = this.#write_tables();
      const table = this.#table_for(size);
      const source = this.#device.createBuffer({ size, usage: COPY_SRC | COPY_DST });
      this.#device.queue.writeBuffer(source, 0, this.#words, 0, size / BYTES);
      encoder.copyBufferToBuffer(source, 0, table, 0, size);
      this.#dispatch(encoder, table);
    });
  }

  /** Carries out what there is to do, and forgets it, whatever comes of it. */
  #watched(carry_out: () => void): Promise<string> {
    const works = this.#works;
    if (works.length === 0) return NOTHING;
    try {
      return this.#watch.run(carry_out, () => works.flatMap(({ bound }) => bound));
    } finally {
      this.clear();
    }
  }

  /** Whether there is nothing to do. */
  get is_empty(): boolean {
    return this.#works.length === 0;
  }

  /** Forgets what there is to do: a step that was broken off. */
  clear(): void {
    if (this.#works.length > 0) this.#works = [];
    this.#count = 0;
  }

  /** The next dispatch: the one at its place in the step before, if that was on the same. */
  #next(pipeline: Pipeline, arrays: readonly GPUArray[], part: Part | undefined): Dispatch {
    const index = this.#count++;
    const known = this.#dispatches[index];
    const next = known?.is_on(pipeline, arrays, part)
      ? known
      : new Dispatch(pipeline, arrays, part);
    next.begin();
    this.#dispatches[index] = next;
    this.#works.push(next);
    return next;
  }

  /** Writes all tables, one after the other; gives their bytes. */
  #write_tables(): number {
    const works = this.#works;
    let words = 0;
    for (const { table_words } of works) words += table_words;
    if (words > this.#words.length) this.#words = new Uint32Array(2 * words);
    let at = 0;
    for (let k = 0; k < works.length; k++) {
      this.#groups[k] = works[k].write_table(this.#words, at);
      at += works[k].table_words;
    }
    return words * BYTES;
  }

  #table_for(size: number): GPUBuffer {
    if (this.#table && this.#table.size >= size) return this.#table;
    // The one before it may stand in commands that the user has not submitted yet.
    this.#table = this.#watch.make_common_buffer(this.#words.byteLength);
    return this.#table;
  }

  #dispatch(encoder: GPUCommandEncoder, buffer: GPUBuffer): void {
    const works = this.#works;
    const pass = encoder.beginComputePass();
    let offset = 0;
    for (let k = 0; k < works.length; k++) {
      const work = works[k];
      const size = BYTES * work.table_words;
      pass.setPipeline(work.compute);
      pass.setBindGroup(0, this.#bind_groups.of(k, work, { buffer, offset, size }));
      pass.dispatchWorkgroups(...this.#groups[k]);
      offset += size;
    }
    pass.end();
  }
}

/** Whether all arrays of a kernel stand at the same place of buffers that can be bound whole. */
function are_pooled({ variant }: Pipeline, arrays: readonly GPUArray[], most: number): boolean {
  const [{ offset }] = arrays;
  return variant.arrays.every((i) => arrays[i].offset === offset && arrays[i].buffer.size <= most);
}

/** A part of arrays that are bound by themselves: where it begins in them, and its length. */
type Part = readonly [begin: number, length: number];

/** A kernel on one range after another of the same buffers. */
class Dispatch implements Work {
  readonly compute: GPUComputePipeline;
  /** Whole buffers, or a part of the arrays as they stood: an array may move. */
  readonly bound: readonly Bound[];
  readonly #pipeline: Pipeline;
  readonly #is_pooled: boolean;
  /** Where each range begins and how long it is, and the numbers of each. */
  readonly #ranges: number[] = [];
  #numbers = new Float32Array(0);
  #count = 0;

  constructor(pipeline: Pipeline, arrays: readonly GPUArray[], part: Part | undefined) {
    this.compute = pipeline.compute;
    this.#pipeline = pipeline;
    this.#is_pooled = !part;
    this.bound = pipeline.variant.arrays.map((i) => {
      const { buffer, offset } = arrays[i];
      if (!part) return whole(buffer);
      return { buffer, offset: offset + BYTES * part[0], size: BYTES * part[1] };
    });
  }

  /** Whether it is of a kernel on the same part of the arrays; without one, on the buffers that they share. */
  is_on(pipeline: Pipeline, arrays: readonly GPUArray[], part: Part | undefined): boolean {
    if (pipeline !== this.#pipeline || this.#is_pooled !== !part) return false;
    const [{ offset: shared }] = arrays;
    for (let k = 0; k < this.bound.length; k++) {
      const array = arrays[pipeline.variant.arrays[k]];
      const { buffer, offset, size } = this.bound[k];
      if (array.buffer !== buffer) return false;
      const is_at = part
        ? array.offset + BYTES * part[0] === offset && BYTES * part[1] === size
        : array.offset === shared;
      if (!is_at) return false;
    }
    return true;
  }

  /** Begins it again. */
  begin(): void {
    this.#count = 0;
  }

  add(begin: number, length: number, scalars: Scalars): void {
    const { shader } = this.#pipeline;
    const at = this.#count * shader.uniform_count;
    if (at + shader.uniform_count > this.#numbers.length) {
      const larger = new Float32Array(2 * (at + shader.uniform_count));
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#ranges[2 * this.#count] = begin;
    this.#ranges[2 * this.#count + 1] = length;
    shader.uniforms(scalars, this.#numbers, at);
    this.#count++;
  }

  get table_words(): number {
    const words = HEAD + this.#count * (SEGMENT + this.#pipeline.shader.uniform_count);
    return Math.ceil(words / WORDS) * WORDS;
  }

  write_table(words: Uint32Array, at: number): readonly [number, number] {
    const { uniform_count } = this.#pipeline.shader;
    const numbers_at = HEAD + SEGMENT * this.#count;
    let chunks = 0;
    let segment = at + HEAD;
    for (let k = 0; k < this.#count; k++) {
      words[segment] = chunks;
      words[segment + 1] = this.#ranges[2 * k];
      words[segment + 2] = this.#ranges[2 * k + 1];
      words[segment + 3] = numbers_at + uniform_count * k;
      segment += SEGMENT;
      chunks += Math.ceil(this.#ranges[2 * k + 1] / CHUNK);
    }
    words[at] = this.#count;
    words[at + 1] = chunks;
    words.set(
      new Uint32Array(this.#numbers.buffer, 0, uniform_count * this.#count),
      at + numbers_at,
    );
    return [Math.min(chunks, MOST_GROUPS), 1];
  }
}
