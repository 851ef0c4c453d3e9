import type { FloatArray, ParameterLike } from "../parameter.ts";
import { add_scaled } from "./kernels/vectors.ts";

/** Zeros for all numbers of some parameters, in the precision of the most precise one. */
export function flat_zeros(params: readonly ParameterLike[]): FloatArray {
  const length = params.reduce((sum, { data }) => sum + data.length, 0);
  return params.every(({ data }) => data instanceof Float32Array)
    ? new Float32Array(length)
    : new Float64Array(length);
}

/** Parameters as one vector. */
export class FlatParams {
  /** The point that moves start from, whole and in the parameters' pieces. */
  readonly #origin: FloatArray;
  readonly #origin_pieces: readonly FloatArray[];
  #direction: FloatArray | null = null;
  #direction_pieces: readonly FloatArray[] = [];

  constructor(private readonly params: readonly ParameterLike[]) {
    this.#origin = flat_zeros(params);
    this.#origin_pieces = this.#pieces_of(this.#origin);
  }

  /** Writes all gradients into a vector; a parameter without one counts as 0. */
  read_grads(into: FloatArray): void {
    let begin = 0;
    for (let i = 0; i < this.params.length; i++) {
      const { data, grad } = this.params[i];
      const end = begin + data.length;
      if (grad === null) into.fill(0, begin, end);
      else into.set(grad, begin);
      begin = end;
    }
  }

  /** Moves start from where the parameters are now. */
  begin_move(): void {
    let begin = 0;
    for (let i = 0; i < this.params.length; i++) {
      const { data } = this.params[i];
      this.#origin.set(data, begin);
      begin += data.length;
    }
  }

  /** Sets the parameters to the origin of the move plus `t · direction`. */
  move(direction: FloatArray, t: number): void {
    if (direction !== this.#direction) {
      this.#direction = direction;
      this.#direction_pieces = this.#pieces_of(direction);
    }
    for (let i = 0; i < this.params.length; i++) {
      const { data } = this.params[i];
      add_scaled(data.length, data, this.#origin_pieces[i], this.#direction_pieces[i], t);
    }
  }

  #pieces_of(vector: FloatArray): FloatArray[] {
    let end = 0;
    return this.params.map(({ data }) => {
      const begin = end;
      end += data.length;
      return vector.subarray(begin, end);
    });
  }
}
