import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { adagrad } from "./compiled_kernels/adagrad.ts";
import { count, filled, like_param } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup, ParamGroupOptions } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `Adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-2. */
  lr?: number;
  /** How fast the learning rate falls on its own, at least 0. Default 0. */
  lr_decay?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /**
   * Where the sum of squares begins, at least 0. Default 0. A group may have its own, which
   * PyTorch passes over.
   */
  initial_accumulator_value?: number;
  /** Added to the denominator, at least 0. Default 1e-10. */
  eps?: number;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What Adagrad remembers of a parameter. */
interface AdagradState {
  step: number;
  sum: FloatArray;
}

/**
 * Steps by the gradient over the root of the sum of its squares, so that what rarely has a
 * gradient takes larger steps.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`, at step `t`:
 * `s ← s + g²` (from `initial_accumulator_value` on),
 * `p ← p - lr / (1 + (t - 1) · lr_decay) · g / (√s + eps)`.
 *
 * Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and
 * Stochastic Optimization" (https://jmlr.org/papers/v12/duchi11a.html); `torch.optim.Adagrad`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adagrad(params, { lr: 1e-2 });
 * ```
 */
export class Adagrad extends PerParameterOptimizer<AdagradOptions, AdagradState> {
  static override readonly option_table = option_table<Required<AdagradOptions>>("Adagrad", {
    lr: number({ min: 0, default: 1e-2 }),
    lr_decay: number({ min: 0, default: 0 }),
    weight_decay: number({ min: 0, default: 0 }),
    initial_accumulator_value: number({ min: 0, default: 0 }),
    eps: number({ min: 0, default: 1e-10 }),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<AdagradState, AdagradOptions> = {
    step: count,
    sum: filled((group) => group.initial_accumulator_value, like_param({ min: 0 })),
  };

  /** As the base's; the sums begin here, before the first step, as in PyTorch. */
  override add_param_group(group: ParamGroupOptions<AdagradOptions>): void {
    super.add_param_group(group);
    const added = this.param_groups[this.param_groups.length - 1];
    for (const param of added.params) this.state_of(param, added);
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, lr_decay, weight_decay, eps, maximize }: ParamGroup<AdagradOptions>,
    state: AdagradState,
  ): void {
    const step_size = lr / (1 + state.step * lr_decay);
    state.step++;
    place_of(param).run(
      adagrad,
      list(ARRAYS, param.data, grad, state.sum),
      list(SCALARS, step_size, eps, weight_decay, maximize ? -1 : 1),
    );
  }
}
