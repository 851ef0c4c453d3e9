import { boolean, custom, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import {
  type FloatArray,
  type Numbers,
  type ParameterLike,
  place_of,
  shape_of,
  zeros_like,
} from "../parameter.ts";
import { type Kernel, lazy } from "../place.ts";
import {
  matrix_square,
  matrix_step,
  reciprocal_root,
  square_sums,
  vector_square,
  vector_step,
} from "./compiled_kernels/adafactor.ts";
import { dot, lerp, scale } from "./compiled_kernels/vectors.ts";
import { count, floats, like_param, when } from "./entry.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import { Rows, rows_of } from "./rows.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `Adafactor`. */
export interface AdafactorOptions extends OptimizerOptions {
  /** The largest step in shares of the parameter's size, at least 0. Default 1e-2. */
  lr?: number;
  /** The mean of the squares takes in t^beta2_decay of the new ones at step t; at most 0. Default -0.8. */
  beta2_decay?: number;
  /**
   * The least root of a variance (`null`: the distance from 1 to the next number in the parameter's
   * precision) and the least size that a parameter counts with, both at least 0. Default [null, 1e-3].
   */
  eps?: [number | null, number];
  /** The largest root mean square of an update, at least 1. Default 1. */
  d?: number;
  /** How much of a parameter every step takes off, times lr; at least 0. Default 0. */
  weight_decay?: number;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

type Options = Required<AdafactorOptions>;

/** What Adafactor remembers of a parameter: a matrix's two factors, or a vector's variance. */
interface AdafactorState {
  step: number;
  row_var?: FloatArray;
  col_var?: FloatArray;
  variance?: FloatArray;
}

/**
 * Adafactor: keeps the mean squares of a matrix's gradient as a row and a column, whose product
 * stands for all of them, and steps in shares of the parameter's own size.
 *
 * With the gradient `g` (`-g` if `maximize`), `w = t^beta2_decay` at step `t`, and `mean` along a
 * row or a column: `r ← r + w · (mean(g²) - r)`, `c ← c + w · (mean(g²) - c)`,
 * `v = r · c / max(mean(r), ε₁)`; for a vector `v ← v + w · (g² - v)`. Then
 * `u = g / max(√v, ε₁)`, `α = max(ε₂, rms(p)) · min(lr, 1 / √t)`,
 * `p ← p · (1 - lr · weight_decay) - α · u / max(1, rms(u) / d)`.
 *
 * A parameter's `shape` says which it is; one without a shape counts as a vector. Of more than two
 * dimensions the last two make matrices.
 *
 * Source: Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost"
 * (https://arxiv.org/abs/1804.04235); `torch.optim.Adafactor`, which sets `lr` and `ε₁` in its own
 * way.
 *
 * @throws RangeError or TypeError that names the option, or the parameter that does not fill its
 *   shape.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adafactor(params, { lr: 1e-2 });
 * ```
 */
export class Adafactor extends PerParameterOptimizer<AdafactorOptions, AdafactorState> {
  static override readonly option_table = option_table<Options>("Adafactor", {
    lr: number({ min: 0, default: 1e-2 }),
    beta2_decay: number({ max: 0, default: -0.8 }),
    eps: custom<[number | null, number]>(
      "two numbers of at least 0, or null and one",
      are_epsilons,
      [null, 1e-3],
    ),
    d: number({ min: 1, default: 1 }),
    weight_decay: number({ min: 0, default: 0 }),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<AdafactorState, AdafactorOptions> = {
    step: count,
    row_var: when(
      (_, param) => is_matrix(param),
      floats((param) => sides_of(param).row_count, { min: 0 }),
    ),
    col_var: when(
      (_, param) => is_matrix(param),
      floats((param) => sides_of(param).column_count, { min: 0 }),
    ),
    variance: when((_, param) => !is_matrix(param), like_param({ min: 0 })),
  };

  /** What runs a step of each parameter, with what it keeps for it. */
  readonly #kernels = new WeakMap<ParameterLike, Kernel>();

  protected override check_param(name: string, param: ParameterLike): void {
    shape_of(`${name}: shape`, param);
    param.place?.check_whole?.(name, param);
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, beta2_decay, eps, d, weight_decay, maximize }: ParamGroup<AdafactorOptions>,
    state: AdafactorState,
  ): void {
    const { data } = param;
    state.step += 1;
    // Nothing has no size to step in shares of.
    if (data.length === 0) return;
    const { variance, row_var = data, col_var = data } = state;
    const share = Math.min(lr, 1 / Math.sqrt(state.step));
    const { height, width } = sides_of(param);
    place_of(param).run(
      this.#kernel_of(param),
      variance ? [data, grad, variance] : [data, grad, row_var, col_var],
      [
        state.step ** beta2_decay,
        maximize ? -share : share,
        eps[1],
        d,
        weight_decay === 0 ? 1 : 1 - lr * weight_decay,
        eps[0] ?? rounding_unit(data),
        height,
        width,
      ],
    );
  }

  #kernel_of(param: ParameterLike): Kernel {
    const known = this.#kernels.get(param);
    if (known) return known;
    const made = is_matrix(param) ? matrix_kernel(param) : VECTOR_KERNEL;
    this.#kernels.set(param, made);
    return made;
  }
}

/** A step of a vector: of its values, its gradient and its variance. */
const VECTOR_KERNEL: Kernel = {
  name: "adafactor_vector",
  run(arrays, [weight, share, least_size, d, decay, eps1]) {
    const [data, grad, variance] = arrays;
    const n = data.length;
    const step_size = share * size_of(data, least_size);
    const floor = eps1 * eps1;
    const square = vector_square(n, grad, variance, weight, floor);
    const excess = at_least(1, Math.sqrt(square / n) / d);
    vector_step(n, data, grad, variance, floor, step_size / excess, decay);
    return arrays;
  },
};

/** The same of a parameter's matrices, with the variances of their rows and columns. */
function matrix_kernel(param: ParameterLike): Kernel {
  const matrices = lazy(() => new Matrices(param));
  return {
    name: "adafactor_matrix",
    run(arrays, [weight, share, least_size, d, decay, eps1]) {
      const [data, grad, row_var, col_var] = arrays;
      const step_size = share * size_of(data, least_size);
      const square = matrices().prepare(grad, row_var, col_var, weight, eps1);
      const excess = at_least(1, Math.sqrt(square / data.length) / d);
      matrices().step(data, step_size / excess, decay);
      return arrays;
    },
  };
}

/** The size that a parameter counts with: its root mean square. */
function size_of(data: Numbers, least: number): number {
  return at_least(least, Math.sqrt(dot(data.length, data, data) / data.length));
}

/** A parameter of two dimensions or more as matrices, row by row, and what a step notes of them. */
class Matrices {
  readonly #row_length: number;
  /** The rows of one matrix. */
  readonly #height: number;
  readonly #data: Rows;
  readonly #grad: Rows;
  readonly #row_means: FloatArray;
  readonly #column_means: FloatArray;
  /** The same for each matrix; the factors of the update overwrite the means. */
  readonly #columns: readonly FloatArray[];
  #grad_rows: readonly FloatArray[] = [];
  #ceiling = 0;

  constructor(param: ParameterLike) {
    const { height, width, row_count, column_count } = sides_of(param);
    this.#row_length = width;
    this.#height = height;
    this.#data = new Rows(param, row_count, width);
    this.#grad = new Rows(param, row_count, width);
    this.#row_means = zeros_like(param, row_count);
    this.#column_means = zeros_like(param, column_count);
    this.#columns = rows_of(this.#column_means, width === 0 ? 0 : column_count / width, width);
  }

  /** Takes a gradient into the factors of the variance; gives the sum of the update's squares. */
  prepare(grad: Numbers, row_var: Numbers, col_var: Numbers, weight: number, eps1: number): number {
    this.#grad_rows = this.#grad.of(grad);
    this.#average();
    lerp(row_var.length, row_var, this.#row_means, weight);
    lerp(col_var.length, col_var, this.#column_means, weight);
    reciprocal_root(col_var.length, col_var, this.#column_means);
    this.#factor_rows(row_var, eps1);
    this.#ceiling = 1 / eps1;
    let square = 0;
    for (let i = 0; i < this.#grad_rows.length; i++) {
      square += matrix_square(
        this.#row_length,
        this.#grad_rows[i],
        this.#columns_for(i),
        this.#row_means[i],
        this.#ceiling,
      );
    }
    return square;
  }

  step(data: Numbers, step_size: number, decay: number): void {
    const rows = this.#data.of(data);
    for (let i = 0; i < rows.length; i++) {
      matrix_step(
        this.#row_length,
        rows[i],
        this.#grad_rows[i],
        this.#columns_for(i),
        this.#row_means[i],
        this.#ceiling,
        step_size,
        decay,
      );
    }
    this.#data.write_back(data);
  }

  /** The mean squares of the gradient's rows and columns. */
  #average(): void {
    this.#column_means.fill(0);
    for (let i = 0; i < this.#grad_rows.length; i++) {
      const sum = square_sums(this.#row_length, this.#grad_rows[i], this.#columns_for(i));
      this.#row_means[i] = sum / this.#row_length;
    }
    scale(this.#column_means.length, this.#column_means, 1 / this.#height);
  }

  /** `1 / √(r / max(mean(r), ε₁))`, matrix by matrix. */
  #factor_rows(row_var: Numbers, eps1: number): void {
    const height = this.#height;
    for (let begin = 0; begin < row_var.length; begin += height) {
      let sum = 0;
      for (let i = begin; i < begin + height; i++) sum += row_var[i];
      const mean = Math.max(sum / height, eps1);
      for (let i = begin; i < begin + height; i++) {
        this.#row_means[i] = 1 / Math.sqrt(row_var[i] / mean);
      }
    }
  }

  #columns_for(row: number): FloatArray {
    return this.#columns[Math.floor(row / this.#height)];
  }
}

/** The sides of a parameter's matrices, which are its last two, and the rows and columns of all. */
function sides_of(param: ParameterLike) {
  const shape = shape_of("shape", param);
  const [height = 1, width] = shape.length > 1 ? shape.slice(-2) : [1, shape[0]];
  const matrices = shape.slice(0, -2).reduce((product, n) => product * n, 1);
  return { height, width, row_count: matrices * height, column_count: matrices * width };
}

function is_matrix({ shape }: ParameterLike): boolean {
  return shape !== undefined && shape.length > 1;
}

/** The distance from 1 to the next number in a parameter's precision. */
function rounding_unit(data: Numbers): number {
  return data instanceof Float64Array || Array.isArray(data) ? Number.EPSILON : 2 ** -23;
}

/** The larger one; NaN, which makes no parameter or step larger, counts as the bound, as in PyTorch. */
function at_least(bound: number, x: number): number {
  return x > bound ? x : bound;
}

function are_epsilons(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [first, second] = value;
  return [first === null ? 0 : first, second].every((eps) => Number.isFinite(eps) && eps >= 0);
}
