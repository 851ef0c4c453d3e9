import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { betas } from "./betas.ts";
import { adamax } from "./compiled_kernels/adamax.ts";
import { count, like_param } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `Adamax`. */
export interface AdamaxOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 2e-3. */
  lr?: number;
  /** How much of the mean and of the largest gradient is kept, from 0 to below 1. Default [0.9, 0.999]. */
  betas?: [number, number];
  /** Added to every gradient's size, at least 0. Default 1e-8. */
  eps?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What Adamax remembers of a parameter. */
interface AdamaxState {
  step: number;
  exp_avg: FloatArray;
  exp_inf: FloatArray;
}

/**
 * Adam with the largest gradient of late in place of the running square.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`, at step `t`:
 * `m ← β1 · m + (1 - β1) · g`, `u ← max(β2 · u, |g| + eps)`, `p ← p - lr / (1 - β1^t) · m / u`.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", section 7
 * (https://arxiv.org/abs/1412.6980); `torch.optim.Adamax`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adamax(params, { lr: 2e-3 });
 * ```
 */
export class Adamax extends PerParameterOptimizer<AdamaxOptions, AdamaxState> {
  static override readonly option_table = option_table<Required<AdamaxOptions>>("Adamax", {
    lr: number({ min: 0, default: 2e-3 }),
    betas: betas(),
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: 0 }),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<AdamaxState, AdamaxOptions> = {
    step: count,
    exp_avg: like_param(),
    exp_inf: like_param({ min: 0 }),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, betas, eps, weight_decay, maximize }: ParamGroup<AdamaxOptions>,
    state: AdamaxState,
  ): void {
    const step = state.step + 1;
    state.step = step;
    place_of(param).run(
      adamax,
      list(ARRAYS, param.data, grad, state.exp_avg, state.exp_inf),
      list(
        SCALARS,
        lr / (1 - betas[0] ** step),
        betas[0],
        betas[1],
        eps,
        weight_decay,
        maximize ? -1 : 1,
      ),
    );
  }
}
