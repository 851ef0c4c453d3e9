import type { Scalars } from "../place.ts";
import {
  COLUMN_PARTS,
  COLUMNS,
  DATA_SQUARES,
  MATRIX_SQUARES,
  MATRIX_STEP,
  ROW_FACTORS,
  ROWS,
  SIDE_BY_SIDE,
  STEP_SIZE,
  VECTOR_SQUARES,
  VECTOR_STEP,
} from "./adafactor_shaders.ts";
import type { GPUArray } from "./gpu_array.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { CHUNK, MOST_PARTS, parts_of, THREADS } from "./segments.ts";
import { PlainWork, type Work } from "./work.ts";

/** The most workgroups of a dispatch; a shader goes on from there. */
const MOST_GROUPS = 65_535;
/** Threads that are to share the sums of columns, and the fewest rows that one of them adds up. */
const SHARING = 262_144;
const FEWEST_ROWS = 16;

/** `Adafactor`'s steps on a device. The sizes that they depend on stay there. */
export class Adafactor {
  readonly #scratch: Scratch;
  readonly #pipelines: PlainPipelines;

  constructor(device: GPUDevice, scratch: Scratch) {
    this.#scratch = scratch;
    this.#pipelines = new PlainPipelines(device);
  }

  /** The dispatches of a step of a vector: of its values, its gradient and its variance. */
  vector([data, grad, variance]: readonly GPUArray[], scalars: Scalars): Work[] {
    const { parts, cell } = this.#sums();
    const all = parts_of(data.length / CHUNK);
    const work = this.#works(data.length, all, 1, scalars);
    return [
      work(DATA_SQUARES, all, data, parts),
      work(VECTOR_SQUARES, all, grad, variance, parts),
      work(STEP_SIZE, 1, parts, cell),
      work(VECTOR_STEP, all, data, grad, variance, cell),
    ];
  }

  /** The same of a matrix, or several: of values, gradient and the variances of rows and columns. */
  matrix([data, grad, row_var, col_var]: readonly GPUArray[], scalars: Scalars): Work[] {
    const { parts, cell } = this.#sums();
    const height = scalars[6];
    const all = parts_of(data.length / CHUNK);
    const block = Math.max(FEWEST_ROWS, Math.ceil(data.length / SHARING));
    const column_parts = this.#scratch.array(
      "column parts",
      col_var.length * Math.ceil(height / block),
    );
    const rows = this.#scratch.array("rows", row_var.length);
    const columns = this.#scratch.array("columns", col_var.length);
    const work = this.#works(data.length, all, block, scalars);
    return [
      work(DATA_SQUARES, all, data, parts),
      work(ROWS, row_var.length, grad, row_var),
      work(COLUMN_PARTS, column_parts.length / THREADS, grad, column_parts),
      work(COLUMNS, col_var.length / SIDE_BY_SIDE, column_parts, col_var, columns),
      work(ROW_FACTORS, row_var.length / height, row_var, rows),
      work(MATRIX_SQUARES, all, grad, rows, columns, parts),
      work(STEP_SIZE, 1, parts, cell),
      work(MATRIX_STEP, all, data, grad, rows, columns, cell),
    ];
  }

  /** What makes a dispatch of a shader, its workgroups and its arrays; all of a step have the same table. */
  #works(
    n: number,
    parts: number,
    block: number,
    [weight, factor, least, d, decay, eps, height, width]: Scalars,
  ) {
    const counts = [n, height, width, parts, block];
    const numbers = [weight, 1 - weight, least, d, factor, decay, eps, eps * eps, 1 / eps];
    return (code: string, count: number, ...arrays: readonly GPUArray[]): Work => {
      const groups = [Math.min(Math.ceil(count), MOST_GROUPS), 1] as const;
      return new PlainWork(this.#pipelines.of(code), arrays, groups, counts, numbers);
    };
  }

  /** Parts of sums, and the size of the step that follows from them. */
  #sums() {
    return {
      parts: this.#scratch.array("parts", 2 * MOST_PARTS),
      cell: this.#scratch.array("cell", 1),
    };
  }
}
