import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import type { FloatArray, Numbers, ParameterLike } from "../parameter.ts";
import { BETAS } from "./betas.ts";
import { Optimizer, type OptimizerOptions, type ParamGroup, type Params } from "./optimizer.ts";
import { count, like_param, type StateFields } from "./optimizer_state.ts";
import { adamax } from "./simd/adamax.ts";

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

const STATE = { step: count, exp_avg: like_param(), exp_inf: like_param() };

const FIELDS = option_table<Required<AdamaxOptions>>("Adamax", {
  lr: number({ min: 0, default: 2e-3 }),
  betas: BETAS,
  eps: number({ min: 0, default: 1e-8 }),
  weight_decay: number({ min: 0, default: 0 }),
  maximize: boolean(false),
});

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
export class Adamax extends Optimizer<AdamaxOptions, AdamaxState> {
  constructor(params: Params<AdamaxOptions>, options: AdamaxOptions = {}) {
    super(params, options, FIELDS);
  }

  protected override state_fields(): StateFields<AdamaxState> {
    return STATE;
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<AdamaxOptions>,
  ): void {
    const state = this.state.get(param) ?? this.begin(param, group);
    const { data } = param;
    const { lr, betas, eps, weight_decay, maximize } = group;
    const step = state.step + 1;
    state.step = step;
    adamax(
      data.length,
      data,
      grad,
      state.exp_avg,
      state.exp_inf,
      lr / (1 - betas[0] ** step),
      betas[0],
      betas[1],
      eps,
      weight_decay,
      maximize ? -1 : 1,
    );
  }
}
