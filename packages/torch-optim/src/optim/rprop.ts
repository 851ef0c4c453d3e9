import { boolean, custom, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import type { FloatArray, Numbers, ParameterLike } from "../parameter.ts";
import { Optimizer, type OptimizerOptions, type ParamGroup, type Params } from "./optimizer.ts";
import { count, like_param, type StateFields } from "./optimizer_state.ts";
import { rprop } from "./simd/rprop.ts";

/** Options of `Rprop`. */
export interface RpropOptions extends OptimizerOptions {
  /** The size of a parameter's first step, at least 0; of no account later. Default 1e-2. */
  lr?: number;
  /**
   * What a step's size is multiplied by where the gradient changes its sign (above 0 and below 1)
   * and where it keeps it (above 1). Default [0.5, 1.2].
   */
  etas?: [number, number];
  /** The smallest and the largest size of a step. Default [1e-6, 50]. */
  step_sizes?: [number, number];
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What Rprop remembers of a parameter. */
interface RpropState {
  step: number;
  /** The last gradient, 0 where it had changed its sign. */
  prev: FloatArray;
  step_size: FloatArray;
}

const FIELDS = option_table<Required<RpropOptions>>("Rprop", {
  lr: number({ min: 0, default: 1e-2 }),
  etas: custom("a number above 0 and below 1, and one above 1", are_etas, [0.5, 1.2]),
  step_sizes: custom("two finite numbers", are_two_numbers, [1e-6, 50]),
  maximize: boolean(false),
});

/**
 * Resilient backpropagation: every number has a step size of its own, which grows while its
 * gradient keeps its sign; how large the gradient is does not count. For gradients of all the data:
 * those of small batches change their signs too often.
 *
 * With the gradient `g` (`-g` if `maximize`), the last one `h` and the step sizes `s`:
 * where `g · h > 0`, `s ← min(s · etas[1], step_sizes[1])`;
 * where `g · h < 0`, `s ← max(s · etas[0], step_sizes[0])` and `g ← 0`;
 * then `p ← p - s · sign(g)`.
 *
 * Source: Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the
 * RPROP algorithm" (https://doi.org/10.1109/ICNN.1993.298623); `torch.optim.Rprop`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Rprop(params, { lr: 1e-2, step_sizes: [1e-6, 1] });
 * ```
 */
export class Rprop extends Optimizer<RpropOptions, RpropState> {
  constructor(params: Params<RpropOptions>, options: RpropOptions = {}) {
    super(params, options, FIELDS);
  }

  protected override state_fields({ lr }: ParamGroup<RpropOptions>): StateFields<RpropState> {
    return { step: count, prev: like_param(), step_size: like_param(lr) };
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<RpropOptions>,
  ): void {
    const state = this.state.get(param) ?? this.begin(param, group);
    const { data } = param;
    const { etas, step_sizes, maximize } = group;
    state.step++;
    rprop(
      data.length,
      data,
      grad,
      state.prev,
      state.step_size,
      etas[0],
      etas[1],
      step_sizes[0],
      step_sizes[1],
      maximize ? -1 : 1,
    );
  }
}

function are_two_numbers(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function are_etas(value: unknown): boolean {
  return are_two_numbers(value) && value[0] > 0 && value[0] < 1 && value[1] > 1;
}
