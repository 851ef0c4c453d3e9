import { boolean, custom, number } from "../fields.ts";
import { are_finite } from "../numbers.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { rprop } from "./compiled_kernels/rprop.ts";
import { count, filled, like_param } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

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
export class Rprop extends PerParameterOptimizer<RpropOptions, RpropState> {
  static override readonly option_table = option_table<Required<RpropOptions>>("Rprop", {
    lr: number({ min: 0, default: 1e-2 }),
    etas: custom("a number above 0 and below 1, and one above 1", are_etas, [0.5, 1.2]),
    step_sizes: custom("two finite numbers", are_two_numbers, [1e-6, 50]),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<RpropState, RpropOptions> = {
    step: count,
    prev: like_param(),
    step_size: filled(({ lr }) => lr, like_param()),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { etas, step_sizes, maximize }: ParamGroup<RpropOptions>,
    state: RpropState,
  ): void {
    state.step++;
    place_of(param).run(
      rprop,
      list(ARRAYS, param.data, grad, state.prev, state.step_size),
      list(SCALARS, etas[0], etas[1], step_sizes[0], step_sizes[1], maximize ? -1 : 1),
    );
  }
}

function are_two_numbers(value: unknown): value is [number, number] {
  return are_finite(value, 2);
}

function are_etas(value: unknown): boolean {
  return are_two_numbers(value) && value[0] > 0 && value[0] < 1 && value[1] > 1;
}
