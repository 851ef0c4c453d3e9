import { bfloat16 } from "../optim/bfloat16.ts";
import type { Scalars } from "../place.ts";
import { bytes_for, make_buffer } from "./arena.ts";
import { GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { COPY, DIVIDE, PRODUCT, SQUARES, TILE } from "./matrix_shaders.ts";
import { PlainPipelines } from "./pipelines.ts";
import { PlainWork, type Work } from "./work.ts";

/** Workgroups that go along a list, which leave as many sums. */
const GROUPS = 64;

/** The arrays that the iteration works with, in buffers of their own. */
interface Scratch {
  readonly x: GPUArray;
  readonly product: GPUArray;
  readonly gram: GPUArray;
  readonly polynomial: GPUArray;
  readonly sums: GPUArray;
}

/**
 * The Newton–Schulz iteration of `Muon` on a device: `X ← a X + (b A + c A²) X` with `A = X Xᵀ`, from
 * `X / |X|`, rounded to bfloat16 where the one on the CPU rounds. Sums are in float32, in another order.
 */
export class NewtonSchulz {
  readonly #place: GPUPlace;
  readonly #pipelines: PlainPipelines;
  /** For each shape, by the length of its lesser side and of the other. */
  readonly #scratches = new Map<string, Scratch>();

  constructor(place: GPUPlace) {
    this.#place = place;
    this.#pipelines = new PlainPipelines(place.device);
  }

  /** The dispatches that iterate on a matrix, row by row. */
  works(matrix: GPUArray, scalars: Scalars): Work[] {
    const [rows, columns, a, b, c, steps, eps] = scalars;
    const m = Math.min(rows, columns);
    const n = Math.max(rows, columns);
    const count = m * n;
    const scratch = this.#scratch(m, n);
    const { gram, polynomial, sums } = scratch;
    let { x, product } = scratch;
    const is_tall = Number(rows > columns);
    const works = [
      this.#along(COPY, [matrix, x], [count, rows, columns, is_tall]),
      this.#along(SQUARES, [x, sums], [count]),
      this.#along(DIVIDE, [x, sums], [count, GROUPS], [bfloat16(eps)]),
    ];
    for (let step = 0; step < steps; step++) {
      // A product without a base has some array in its place.
      works.push(
        this.#product(gram, x, x, x, [m, m, n, 1], 0, 1),
        this.#product(polynomial, gram, gram, gram, [m, m, m, 1], b, c),
        this.#product(product, polynomial, x, x, [m, n, m, 0], a, 1),
      );
      [x, product] = [product, x];
    }
    works.push(this.#along(COPY, [x, matrix], [count, m, n, is_tall]));
    return works;
  }

  #along(
    code: string,
    arrays: readonly GPUArray[],
    counts: readonly number[],
    numbers?: readonly number[],
  ): Work {
    return new PlainWork(this.#pipelines.of(code), arrays, [GROUPS, 1], counts, numbers);
  }

  #product(
    out: GPUArray,
    left: GPUArray,
    right: GPUArray,
    base: GPUArray,
    sizes: readonly [rows: number, columns: number, depth: number, is_right_transposed: number],
    alpha: number,
    beta: number,
  ): Work {
    const groups = [Math.ceil(sizes[1] / TILE), Math.ceil(sizes[0] / TILE)] as const;
    const arrays = [left, right, base, out];
    return new PlainWork(this.#pipelines.of(PRODUCT), arrays, groups, sizes, [alpha, beta]);
  }

  #scratch(m: number, n: number): Scratch {
    const key = `${m} ${n}`;
    const known = this.#scratches.get(key);
    if (known) return known;
    const array = (length: number) =>
      new GPUArray(
        this.#place,
        { buffer: make_buffer(this.#place.device, bytes_for(length)) },
        length,
      );
    const made = {
      x: array(m * n),
      product: array(m * n),
      gram: array(m * m),
      polynomial: array(m * m),
      sums: array(GROUPS),
    };
    this.#scratches.set(key, made);
    return made;
  }
}
