import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { betas } from "./betas.ts";
import { radam } from "./compiled_kernels/radam.ts";
import { count, like_param } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `RAdam`. */
export interface RAdamOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-3. */
  lr?: number;
  /** How much of the moments is kept, from 0 to below 1. Default [0.9, 0.999]. */
  betas?: [number, number];
  /** Added to the denominator, at least 0. Default 1e-8. */
  eps?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** Whether the weight decay is apart from the gradient, as AdamW's. Default false. */
  decoupled_weight_decay?: boolean;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What RAdam remembers of a parameter. */
interface RAdamState {
  step: number;
  exp_avg: FloatArray;
  exp_avg_sq: FloatArray;
}

/** Up to this length of the running square its variance is not known: no step adapts to it. */
const SHORTEST = 5;

/**
 * Adam with a warm-up of its own: it adapts its steps as far as the running square can be trusted.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`, or
 * `p ← p · (1 - lr · weight_decay)` if `decoupled_weight_decay`, at step `t`:
 * `m ← β1 · m + (1 - β1) · g`, `v ← β2 · v + (1 - β2) · g²`,
 * `R = 2 / (1 - β2) - 1`, `ρ = R - 2 · t · β2^t / (1 - β2^t)`. While `ρ <= 5`,
 * `p ← p - lr · m / (1 - β1^t)`; after that
 * `r² = (ρ - 4) · (ρ - 2) · R / ((R - 4) · (R - 2) · ρ)`,
 * `p ← p - lr · m / (1 - β1^t) · r · √(1 - β2^t) / (√v + eps)`.
 *
 * Source: Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond"
 * (https://arxiv.org/abs/1908.03265); `torch.optim.RAdam`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.RAdam(params, { lr: 1e-3 });
 * ```
 */
export class RAdam extends PerParameterOptimizer<RAdamOptions, RAdamState> {
  static override readonly option_table = option_table<Required<RAdamOptions>>("RAdam", {
    lr: number({ min: 0, default: 1e-3 }),
    betas: betas(),
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: 0 }),
    decoupled_weight_decay: boolean(false),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<RAdamState, RAdamOptions> = {
    step: count,
    exp_avg: like_param(),
    exp_avg_sq: like_param({ min: 0 }),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, betas, eps, weight_decay, decoupled_weight_decay, maximize }: ParamGroup<RAdamOptions>,
    state: RAdamState,
  ): void {
    const step = state.step + 1;
    state.step = step;
    const length = length_at(step, betas[1]);
    const is_adaptive = length > SHORTEST;
    const step_size = lr / (1 - betas[0] ** step);
    place_of(param).run(
      radam,
      list(ARRAYS, param.data, grad, state.exp_avg, state.exp_avg_sq),
      list(
        SCALARS,
        is_adaptive
          ? step_size * rectification(length, betas[1]) * Math.sqrt(1 - betas[1] ** step)
          : step_size,
        betas[0],
        betas[1],
        eps,
        decoupled_weight_decay ? 1 - lr * weight_decay : 1,
        decoupled_weight_decay ? 0 : weight_decay,
        Number(is_adaptive),
        maximize ? -1 : 1,
      ),
    );
  }
}

/** How many gradients the running square holds in the end. */
function longest(beta2: number): number {
  return 2 / (1 - beta2) - 1;
}

/** How many gradients it holds at a step. */
function length_at(step: number, beta2: number): number {
  const kept = beta2 ** step;
  return longest(beta2) - (2 * step * kept) / (1 - kept);
}

/** How far the running square can be trusted, from 0 to 1. */
function rectification(length: number, beta2: number): number {
  const most = longest(beta2);
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}
