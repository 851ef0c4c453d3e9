import { ALIGNMENT, BYTES, type GPUArray } from "./gpu_array.ts";

/** Words that a table's place is a multiple of. */
export const WORDS = ALIGNMENT / BYTES;

/** Where an array stands, as a bind group has it. */
export type Bound = Pick<GPUArray, "buffer" | "offset" | "size">;

/** A buffer as a whole, but for bytes at its end that are no number. */
export function whole(buffer: GPUBuffer): Bound {
  return { buffer, offset: 0, size: Math.floor(buffer.size / BYTES) * BYTES };
}

/** One dispatch of a step, with a table of what it must know. */
export interface Work {
  readonly compute: GPUComputePipeline;
  /** What it binds after the table: the arrays that it reads or writes. */
  readonly bound: readonly Bound[];
  /** The words of its table, to where the next may begin. */
  readonly table_words: number;
  /** Writes its table among all others, from a word on; gives the workgroups in each dimension. */
  write_table(words: Uint32Array, at: number): readonly [number, number];
}

/** A dispatch of a kernel that is written by hand, whose table is a list of numbers and counts. */
export class PlainWork implements Work {
  readonly table_words: number;

  /**
   * @param bound - The arrays, in the order of the shader's bindings after the table.
   * @param groups - The workgroups in each dimension.
   * @param counts - Whole numbers, the first words of the table.
   * @param numbers - Numbers in float32, the words after them.
   */
  constructor(
    readonly compute: GPUComputePipeline,
    readonly bound: readonly Bound[],
    private readonly groups: readonly [number, number],
    private readonly counts: readonly number[],
    private readonly numbers: readonly number[] = [],
  ) {
    this.table_words = Math.ceil((counts.length + numbers.length) / WORDS) * WORDS;
  }

  write_table(words: Uint32Array, at: number): readonly [number, number] {
    words.set(this.counts, at);
    words.set(this.numbers.map(bits_of), at + this.counts.length);
    return this.groups;
  }
}

/** A number in float32, as a word of a table. */
export function bits_of(number: number): number {
  FLOAT[0] = number;
  return WORD[0];
}

const FLOAT = new Float32Array(1);
const WORD = new Uint32Array(FLOAT.buffer);
