import type { Scalars } from "../place.ts";
import {
  COLUMNS,
  DATA_SQUARES,
  MATRIX_SQUARES,
  MATRIX_STEP,
  ROW_FACTORS,
  ROWS,
  STEP_SIZE,
  VECTOR_SQUARES,
  VECTOR_STEP,
} from "./adafactor_shaders.ts";
import type { GPUArray } from "./gpu_array.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { PlainWork, type Work } from "./work.ts";

/** Workgroups that go along a list; as many leave a part of a sum. */
const GROUPS = 64;
/** Workgroups of which each has a row or a matrix at a time. */
const MOST_GROUPS = 65_535;

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
    const work = this.#works(data.length, scalars);
    return [
      work(DATA_SQUARES, data, parts),
      work(VECTOR_SQUARES, grad, variance, parts),
      work(STEP_SIZE, parts, cell),
      work(VECTOR_STEP, data, grad, variance, cell),
    ];
  }

  /** The same of a matrix, or several: of values, gradient and the variances of rows and columns. */
  matrix([data, grad, row_var, col_var]: readonly GPUArray[], scalars: Scalars): Work[] {
    const { parts, cell } = this.#sums();
    const rows = this.#scratch.array("rows", row_var.length);
    const columns = this.#scratch.array("columns", col_var.length);
    const work = this.#works(data.length, scalars);
    return [
      work(DATA_SQUARES, data, parts),
      work(ROWS, grad, row_var),
      work(COLUMNS, grad, col_var, columns),
      work(ROW_FACTORS, row_var, rows),
      work(MATRIX_SQUARES, grad, rows, columns, parts),
      work(STEP_SIZE, parts, cell),
      work(MATRIX_STEP, data, grad, rows, columns, cell),
    ];
  }

  /** What makes a dispatch of a shader and its arrays; all of a step have the same table. */
  #works(n: number, [weight, factor, least, d, decay, eps, height, width]: Scalars) {
    const counts = [n, height, width, GROUPS];
    const numbers = [weight, 1 - weight, least, d, factor, decay, eps, eps * eps, 1 / eps];
    return (code: string, ...arrays: readonly GPUArray[]): Work => {
      const groups = groups_for(code, n, height, width);
      return new PlainWork(this.#pipelines.of(code), arrays, [groups, 1], counts, numbers);
    };
  }

  /** Parts of sums, and the size of the step that follows from them. */
  #sums() {
    return {
      parts: this.#scratch.array("parts", 2 * GROUPS),
      cell: this.#scratch.array("cell", 1),
    };
  }
}

function groups_for(code: string, n: number, height: number, width: number): number {
  if (code === STEP_SIZE) return 1;
  if (code === ROWS) return Math.min(n / width, MOST_GROUPS);
  return code === ROW_FACTORS ? Math.min(n / (height * width), MOST_GROUPS) : GROUPS;
}
