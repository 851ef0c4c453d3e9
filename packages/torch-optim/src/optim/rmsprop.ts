import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { refusal } from "../refusal.ts";
import { rmsprop } from "./compiled_kernels/rmsprop.ts";
import { count, like_param, when } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `RMSprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-2. */
  lr?: number;
  /** How much of the running square is kept, at least 0. Default 0.99. */
  alpha?: number;
  /** Added to the denominator, at least 0. Default 1e-8. */
  eps?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** How much of the last step's direction is kept, at least 0. Default 0. */
  momentum?: number;
  /** Whether the gradient's variance takes the place of its square. Default false. */
  centered?: boolean;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What RMSprop remembers of a parameter. */
interface RMSpropState {
  step: number;
  square_avg: FloatArray;
  /** With momentum. */
  momentum_buffer?: FloatArray;
  /** If centered. */
  grad_avg?: FloatArray;
}

/** Below this float32 rounds to 0. */
const SMALLEST = 1e-37;

/**
 * Steps by the gradient over the root of its running square.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`:
 * `v ← α · v + (1 - α) · g²`, `d = g / (√v + eps)`, `p ← p - lr · d`. With momentum
 * `b ← momentum · b + d`, `p ← p - lr · b`. If `centered`, `m ← α · m + (1 - α) · g` and
 * `d = g / (√(v - m²) + eps)`.
 *
 * Source: Tieleman and Hinton, "Lecture 6.5: RMSprop"
 * (https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf); centered: Graves,
 * "Generating Sequences With Recurrent Neural Networks" (https://arxiv.org/abs/1308.0850);
 * `torch.optim.RMSprop`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.RMSprop(params, { lr: 1e-2, momentum: 0.9 });
 * ```
 */
export class RMSprop extends PerParameterOptimizer<RMSpropOptions, RMSpropState> {
  static override readonly option_table = option_table<Required<RMSpropOptions>>("RMSprop", {
    lr: number({ min: 0, default: 1e-2 }),
    alpha: number({ min: 0, default: 0.99 }),
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: 0 }),
    momentum: number({ min: 0, default: 0 }),
    centered: boolean(false),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<RMSpropState, RMSpropOptions> = {
    step: count,
    square_avg: like_param({ min: 0 }),
    momentum_buffer: when(({ momentum }) => momentum > 0, like_param()),
    grad_avg: when(({ centered }) => centered, like_param()),
  };

  /** A mean whose square is above the mean of the squares is none: the variance would be below 0. */
  protected override check_state(name: string, { square_avg, grad_avg }: RMSpropState): void {
    for (const [i, mean] of grad_avg?.entries() ?? []) {
      if (!(mean * mean > 1.01 * square_avg[i] + SMALLEST)) continue;
      const wanted = `at most the root of square_avg[${i}], ${square_avg[i]}`;
      throw new RangeError(`${name}.grad_avg[${i}] ${refusal(wanted, mean)}`);
    }
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, alpha, eps, weight_decay, momentum, centered, maximize }: ParamGroup<RMSpropOptions>,
    state: RMSpropState,
  ): void {
    state.step++;
    place_of(param).run(
      rmsprop,
      list(
        ARRAYS,
        param.data,
        grad,
        state.square_avg,
        state.grad_avg ?? state.square_avg,
        state.momentum_buffer ?? state.square_avg,
      ),
      list(SCALARS, lr, alpha, eps, weight_decay, momentum, Number(centered), maximize ? -1 : 1),
    );
  }
}
