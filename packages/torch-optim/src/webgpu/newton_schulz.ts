import { bfloat16 } from "../optim/bfloat16.ts";
import type { Scalars } from "../place.ts";
import type { GPUArray } from "./gpu_array.ts";
import { COPY, DIVIDE, PRODUCT, SQUARES, TILE } from "./matrix_shaders.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { PlainWork, type Work } from "./work.ts";

/** Workgroups that go along a list, which leave as many sums. */
const GROUPS = 64;
/** The most in a dimension; a shader goes on from there. */
const MOST_GROUPS = 65_535;

/**
 * The Newton–Schulz iteration of `Muon` on a device: `X ← a X + (b A + c A²) X` with `A = X Xᵀ`, from
 * `X / |X|`, rounded to bfloat16 where the one on the CPU rounds. Sums are in float32, in another order.
 */
export class NewtonSchulz {
  readonly #scratch: Scratch;
  readonly #pipelines: PlainPipelines;

  constructor(device: GPUDevice, scratch: Scratch) {
    this.#scratch = scratch;
    this.#pipelines = new PlainPipelines(device);
  }

  /** The dispatches that iterate on a matrix, row by row. */
  works(matrix: GPUArray, scalars: Scalars): Work[] {
    const [rows, columns, a, b, c, steps, eps] = scalars;
    const m = Math.min(rows, columns);
    const n = Math.max(rows, columns);
    const count = m * n;
    const gram = this.#scratch.array("gram", m * m);
    const polynomial = this.#scratch.array("polynomial", m * m);
    const sums = this.#scratch.array("sums", GROUPS);
    let x = this.#scratch.array("x", count);
    let product = this.#scratch.array("product", count);
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
    const tiles = (side: number) => Math.min(Math.ceil(side / TILE), MOST_GROUPS);
    const groups = [tiles(sizes[1]), tiles(sizes[0])] as const;
    const arrays = [left, right, base, out];
    return new PlainWork(this.#pipelines.of(PRODUCT), arrays, groups, sizes, [alpha, beta]);
  }
}
