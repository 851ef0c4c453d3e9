import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { betas } from "./betas.ts";
import { nadam } from "./compiled_kernels/nadam.ts";
import { count, like_param, scalar } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `NAdam`. */
export interface NAdamOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 2e-3. */
  lr?: number;
  /** How much of the moments is kept, from 0 to below 1. Default [0.9, 0.999]. */
  betas?: [number, number];
  /** Added to the denominator, at least 0. Default 1e-8. */
  eps?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** How fast the momentum grows from half of beta1 to all of it, at least 0. Default 4e-3. */
  momentum_decay?: number;
  /** Whether the weight decay is apart from the gradient, as AdamW's. Default false. */
  decoupled_weight_decay?: boolean;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What NAdam remembers of a parameter. */
interface NAdamState {
  step: number;
  /** The product of the momenta of all steps so far. */
  mu_product: number;
  exp_avg: FloatArray;
  exp_avg_sq: FloatArray;
}

/**
 * Adam with Nesterov's momentum: the mean looks one step ahead.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`, or
 * `p ← p · (1 - lr · weight_decay)` if `decoupled_weight_decay`, at step `t`:
 * `μ(t) = β1 · (1 - 0.96^(t · momentum_decay) / 2)`, `M(t) = μ(1) · … · μ(t)`,
 * `m ← β1 · m + (1 - β1) · g`, `v ← β2 · v + (1 - β2) · g²`,
 * `d = μ(t + 1) · m / (1 - M(t + 1)) + (1 - μ(t)) · g / (1 - M(t))`,
 * `p ← p - lr · d / (√(v / (1 - β2^t)) + eps)`.
 *
 * Source: Dozat, "Incorporating Nesterov Momentum into Adam"
 * (https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ); `torch.optim.NAdam`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.NAdam(params, { lr: 2e-3 });
 * ```
 */
export class NAdam extends PerParameterOptimizer<NAdamOptions, NAdamState> {
  static override readonly option_table = option_table<Required<NAdamOptions>>("NAdam", {
    lr: number({ min: 0, default: 2e-3 }),
    betas: betas(),
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: 0 }),
    momentum_decay: number({ min: 0, default: 4e-3 }),
    decoupled_weight_decay: boolean(false),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<NAdamState, NAdamOptions> = {
    step: count,
    mu_product: scalar(() => 1, { min: 0, max: 1 }),
    exp_avg: like_param(),
    exp_avg_sq: like_param({ min: 0 }),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    {
      lr,
      betas,
      eps,
      weight_decay,
      momentum_decay,
      decoupled_weight_decay,
      maximize,
    }: ParamGroup<NAdamOptions>,
    state: NAdamState,
  ): void {
    const step = state.step + 1;
    const mu = momentum_at(step, betas[0], momentum_decay);
    const next_mu = momentum_at(step + 1, betas[0], momentum_decay);
    // PyTorch keeps the product in float32, also for parameters in float64.
    const mu_product = Math.fround(state.mu_product * Math.fround(mu));
    state.step = step;
    state.mu_product = mu_product;
    place_of(param).run(
      nadam,
      list(ARRAYS, param.data, grad, state.exp_avg, state.exp_avg_sq),
      list(
        SCALARS,
        (lr * (1 - mu)) / (1 - mu_product),
        (lr * next_mu) / (1 - mu_product * next_mu),
        betas[0],
        betas[1],
        Math.sqrt(1 - betas[1] ** step),
        eps,
        decoupled_weight_decay ? 1 - lr * weight_decay : 1,
        decoupled_weight_decay ? 0 : weight_decay,
        maximize ? -1 : 1,
      ),
    );
  }
}

/** The momentum of a step. */
function momentum_at(step: number, beta1: number, momentum_decay: number): number {
  return beta1 * (1 - 0.5 * 0.96 ** (step * momentum_decay));
}
