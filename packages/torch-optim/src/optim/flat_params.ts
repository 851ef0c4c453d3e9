import { make_room } from "../memory/room.ts";
import type { Room } from "../memory/slab.ts";
import type { FloatArray, Numbers, ParameterLike } from "../parameter.ts";
import { add_scaled } from "./compiled_kernels/vectors.ts";

/** Parameters as one vector. */
export class FlatParams {
  readonly #room: Room | undefined;
  readonly #is_float32: boolean;
  readonly #length: number;
  /** The point that moves start from, and where the last one has led to. */
  readonly #origin: FloatArray;
  readonly #there: FloatArray;
  /** What each parameter has of it. */
  readonly #pieces: readonly FloatArray[];

  /** @param vectors - How many vectors will be in use at a time, beside its own. */
  constructor(
    private readonly params: readonly ParameterLike[],
    vectors: number,
  ) {
    this.#length = params.reduce((sum, { data }) => sum + data.length, 0);
    this.#is_float32 = params.every(({ data }) => data instanceof Float32Array);
    if (this.#is_float32) this.#room = make_room(this.#length, vectors + 2);
    this.#origin = this.zeros();
    this.#there = this.zeros();
    this.#pieces = this.#cut(this.#there);
  }

  /** Whether these are the parameters still, as many and as long as they were. */
  fits(params: readonly ParameterLike[]): boolean {
    return (
      params.length === this.#pieces.length &&
      params.every(({ data }, i) => data.length === this.#pieces[i].length)
    );
  }

  /** Zeros for all numbers of the parameters, in the precision of the most precise one. */
  zeros(): FloatArray {
    const length = this.#length;
    if (!this.#is_float32) return new Float64Array(length);
    return this.#room?.take(length) ?? new Float32Array(length);
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
    add_scaled(this.#length, this.#there, this.#origin, direction, t);
    for (let i = 0; i < this.params.length; i++) copy(this.#pieces[i], this.params[i].data);
  }

  #cut(vector: FloatArray): FloatArray[] {
    let end = 0;
    return this.params.map(({ data }) => {
      const begin = end;
      end += data.length;
      return vector.subarray(begin, end);
    });
  }
}

function copy(from: FloatArray, to: Numbers): void {
  if (!Array.isArray(to)) to.set(from);
  else for (let i = 0; i < to.length; i++) to[i] = from[i];
}
