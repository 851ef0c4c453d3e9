import { bfloat16 } from "../optim/bfloat16.ts";
import type { Scalars } from "../place.ts";
import type { GPUArray } from "./gpu_array.ts";
import { COPY, DIVIDE, GRAM, PRODUCT, SQUARES, TILE } from "./matrix_shaders.ts";
import { PlainPipelines } from "./pipelines.ts";
import type { Scratch } from "./scratch.ts";
import { CHUNK, MOST_PARTS, parts_of } from "./segments.ts";
import { PlainWork, type Work } from "./work.ts";

/** The most workgroups in a dimension; a shader goes on from there. */
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
    const sums = this.#scratch.array("sums", MOST_PARTS);
    let x = this.#scratch.array("x", count);
    let product = this.#scratch.array("product", count);
    const is_tall = Number(rows > columns);
    const works = [
      this.#along(COPY, [matrix, x], [count, rows, columns, is_tall]),
      this.#along(SQUARES, [x, sums], [count]),
      this.#along(DIVIDE, [x, sums], [count, parts_of(count / CHUNK)], [bfloat16(eps)]),
    ];
    for (let step = 0; step < steps; step++) {
      // What has no base has some array in its place.
      works.push(
        this.#product(GRAM, [x, x, gram], [m, m, n], 0, 1),
        this.#product(GRAM, [gram, gram, polynomial], [m, m, m], b, c),
        this.#product(PRODUCT, [polynomial, x, product, x], [m, n, m], a, 1),
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
    const groups = [parts_of(counts[0] / CHUNK), 1] as const;
    return new PlainWork(this.#pipelines.of(code), arrays, groups, counts, numbers);
  }

  #product(
    code: string,
    arrays: readonly GPUArray[],
    sizes: readonly [rows: number, columns: number, depth: number],
    alpha: number,
    beta: number,
  ): Work {
    const tiles = (side: number) => Math.min(Math.ceil(side / TILE), MOST_GROUPS);
    const groups = [tiles(sizes[1]), tiles(sizes[0])] as const;
    return new PlainWork(this.#pipelines.of(code), arrays, groups, sizes, [alpha, beta]);
  }
}
