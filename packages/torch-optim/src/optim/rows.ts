import { type FloatArray, type Numbers, type ParameterLike, zeros_like } from "../parameter.ts";

/** The rows of a matrix as arrays of their own that share its numbers. */
export function rows_of(matrix: FloatArray, rows: number, columns: number): FloatArray[] {
  return Array.from({ length: rows }, (_, i) => matrix.subarray(i * columns, (i + 1) * columns));
}

/**
 * The rows of whatever array stands for a parameter's matrix at the moment. They are made once and
 * kept for as long as the array is the same; of a plain list, which has no such rows, a copy is kept
 * in the parameter's precision.
 */
export class Rows {
  #array: FloatArray | null = null;
  #rows: readonly FloatArray[] = [];
  #copy: FloatArray | null = null;

  constructor(
    private readonly param: ParameterLike,
    private readonly rows: number,
    private readonly columns: number,
  ) {}

  of(values: Numbers): readonly FloatArray[] {
    const array = Array.isArray(values) ? this.#copied(values) : values;
    if (array !== this.#array) {
      this.#array = array;
      this.#rows = rows_of(array, this.rows, this.columns);
    }
    return this.#rows;
  }

  /** Takes what was written into the rows of a plain list back to it. */
  write_back(values: Numbers): void {
    if (!Array.isArray(values) || this.#copy === null) return;
    for (let i = 0; i < values.length; i++) values[i] = this.#copy[i];
  }

  #copied(values: readonly number[]): FloatArray {
    this.#copy ??= zeros_like(this.param);
    this.#copy.set(values);
    return this.#copy;
  }
}
