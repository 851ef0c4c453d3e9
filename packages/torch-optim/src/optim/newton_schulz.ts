import { make_room } from "../memory/room.ts";
import type { FloatArray, Numbers } from "../parameter.ts";
import type { Kernel } from "../place.ts";
import { bfloat16, round_to_bfloat16 } from "./bfloat16.ts";
import { add_products } from "./compiled_kernels/matrix.ts";
import { axpy, dot } from "./compiled_kernels/vectors.ts";
import { rows_of } from "./rows.ts";

/** A matrix in float32: its numbers row by row, their bits, and the rows by themselves. */
interface Matrix {
  readonly values: Float32Array;
  readonly bits: Int32Array;
  readonly rows: readonly FloatArray[];
}

/** The matrices that an iteration works with, for an X of one shape. */
interface Scratch {
  readonly x: Matrix;
  readonly transposed: Matrix;
  readonly product: Matrix;
  readonly gram: Matrix;
  readonly polynomial: Matrix;
}

/**
 * A kernel that runs the Newton–Schulz iteration on a matrix in place, given its rows, its columns, the
 * three coefficients, the steps and the least norm. It keeps its matrices.
 */
export function newton_schulz(): Kernel {
  const iteration = new NewtonSchulz();
  return {
    name: "newton_schulz",
    run(arrays, [rows, columns, a, b, c, steps, eps]) {
      iteration.orthogonalize(arrays[0], rows, columns, [a, b, c], steps, eps);
      return arrays;
    },
  };
}

/**
 * The Newton–Schulz iteration, which takes all singular values of a matrix to about 1:
 * `X ← a X + (b A + c A²) X` with `A = X Xᵀ`, from `X / |X|`. It runs in bfloat16 as PyTorch's
 * does: products are summed up in float32, and every result is rounded.
 *
 * Its matrices are made for the largest shape seen and used for all of them.
 *
 * Source: Jordan et al., "Muon" (https://kellerjordan.github.io/posts/muon/);
 * Bernstein and Newhouse, "Old Optimizer, New Norm" (https://arxiv.org/abs/2409.20325).
 */
class NewtonSchulz {
  #longest = 0;
  #widest = 0;
  #buffers: readonly Float32Array[] = [];
  readonly #scratches = new Map<number, Scratch>();

  /** Iterates on a matrix, row by row. */
  orthogonalize(
    matrix: Numbers,
    rows: number,
    columns: number,
    [a, b, c]: readonly [number, number, number],
    steps: number,
    eps: number,
  ): void {
    const scratch = this.#scratch(rows, columns);
    const { transposed, gram, polynomial } = scratch;
    const m = Math.min(rows, columns);
    const n = Math.max(rows, columns);
    let { x, product } = scratch;
    (rows > columns ? transposed : x).values.set(matrix);
    if (rows > columns) transpose(transposed.values, x.values, rows, columns);
    normalize(x, eps);
    for (let step = 0; step < steps; step++) {
      transpose(x.values, transposed.values, m, n);
      multiply_symmetric(gram, x, transposed);
      round_to_bfloat16(gram.bits);
      mirror(gram.values, m);
      multiply_symmetric(polynomial, gram, gram);
      blend(m * m, polynomial.values, gram.values, b, c);
      round_to_bfloat16(polynomial.bits);
      mirror(polynomial.values, m);
      multiply(product, polynomial, x);
      blend(m * n, product.values, x.values, a, 1);
      round_to_bfloat16(product.bits);
      [x, product] = [product, x];
    }
    if (rows > columns) transpose(x.values, transposed.values, m, n);
    write_to(matrix, (rows > columns ? transposed : x).values);
  }

  #scratch(rows: number, columns: number): Scratch {
    const m = Math.min(rows, columns);
    const n = Math.max(rows, columns);
    // No array is as long as 2³², so no two shapes share a key.
    const key = m * 2 ** 32 + n;
    const known = this.#scratches.get(key);
    if (known) return known;
    this.#reserve(m * n, m * m);
    const [x, transposed, product, gram, polynomial] = this.#buffers;
    const made = {
      x: matrix(x, m, n),
      transposed: matrix(transposed, n, m),
      product: matrix(product, m, n),
      gram: matrix(gram, m, m),
      polynomial: matrix(polynomial, m, m),
    };
    this.#scratches.set(key, made);
    return made;
  }

  #reserve(long: number, wide: number): void {
    if (long <= this.#longest && wide <= this.#widest) return;
    this.#longest = Math.max(long, this.#longest);
    this.#widest = Math.max(wide, this.#widest);
    const lengths = [this.#longest, this.#longest, this.#longest, this.#widest, this.#widest];
    const room = make_room(this.#longest, lengths.length);
    this.#buffers = lengths.map((length) => room?.take(length) ?? new Float32Array(length));
    this.#scratches.clear();
  }
}

/** Also to a user's own list, as far as there are numbers. */
function write_to(out: Numbers, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) out[i] = values[i];
}

function matrix(buffer: Float32Array, rows: number, columns: number): Matrix {
  const values = buffer.subarray(0, rows * columns);
  const bits = new Int32Array(buffer.buffer, buffer.byteOffset, rows * columns);
  return { values, bits, rows: rows_of(values, rows, columns) };
}

/** Rounds a matrix to bfloat16 and divides it by its norm, so that no singular value is above 1. */
function normalize({ values, bits }: Matrix, eps: number): void {
  const n = values.length;
  round_to_bfloat16(bits);
  const norm = bfloat16(Math.sqrt(dot(n, values, values)));
  const divisor = Math.max(norm, bfloat16(eps));
  for (let i = 0; i < n; i++) values[i] /= divisor;
  round_to_bfloat16(bits);
}

/** `out ← left · right`. */
function multiply(out: Matrix, left: Matrix, right: Matrix): void {
  add_product(out, left, right, false);
}

/** The same where the product is symmetric: what stands above its diagonal is of no account. */
function multiply_symmetric(out: Matrix, left: Matrix, right: Matrix): void {
  add_product(out, left, right, true);
}

/** Goes through the product in blocks of four by four, and what is left over one by one. */
function add_product(out: Matrix, left: Matrix, right: Matrix, is_symmetric: boolean): void {
  out.values.fill(0);
  const height = out.rows.length;
  const depth = right.rows.length;
  const width = height === 0 ? 0 : out.rows[0].length;
  const last_row = height - (height % 4);
  const last_term = depth - (depth % 4);
  for (let k = 0; k < last_term; k += 4) {
    for (let i = 0; i < last_row; i += 4) {
      add_block(is_symmetric ? i + 4 : width, out.rows, left.rows, right.rows, i, k);
    }
  }
  for (let i = 0; i < height; i++) {
    const n = is_symmetric ? i + 1 : width;
    for (let k = i < last_row ? last_term : 0; k < depth; k++) {
      axpy(n, out.rows[i], right.rows[k], left.rows[i][k]);
    }
  }
}

/** The first `n` numbers of four rows from `i` on take in the terms of four rows from `k` on. */
function add_block(
  n: number,
  out: readonly FloatArray[],
  left: readonly FloatArray[],
  right: readonly FloatArray[],
  i: number,
  k: number,
): void {
  const a0 = left[i];
  const a1 = left[i + 1];
  const a2 = left[i + 2];
  const a3 = left[i + 3];
  add_products(
    n,
    out[i],
    out[i + 1],
    out[i + 2],
    out[i + 3],
    right[k],
    right[k + 1],
    right[k + 2],
    right[k + 3],
    a0[k],
    a0[k + 1],
    a0[k + 2],
    a0[k + 3],
    a1[k],
    a1[k + 1],
    a1[k + 2],
    a1[k + 3],
    a2[k],
    a2[k + 1],
    a2[k + 2],
    a2[k + 3],
    a3[k],
    a3[k + 1],
    a3[k + 2],
    a3[k + 3],
  );
}

/**
 * `y ← a · x + b · y`, rounded to float32 once, as a fused operation does: two roundings more would
 * now and then lead to another bfloat16.
 */
function blend(n: number, y: Float32Array, x: Float32Array, a: number, b: number): void {
  for (let i = 0; i < n; i++) y[i] = a * x[i] + b * y[i];
}

/** The side of the squares in which a matrix is transposed, so that both sides stay in the cache. */
const TILE = 16;

function transpose(from: Float32Array, to: Float32Array, rows: number, columns: number): void {
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows);
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(left + TILE, columns);
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) to[j * rows + i] = from[i * columns + j];
      }
    }
  }
}

/** Copies what stands below the diagonal of a square matrix to the other side. */
function mirror(values: Float32Array, side: number): void {
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < i; j++) values[j * side + i] = values[i * side + j];
  }
}
