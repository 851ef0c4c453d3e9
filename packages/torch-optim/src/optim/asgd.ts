import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { asgd } from "./compiled_kernels/asgd.ts";
import { count, like_param, scalar } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `ASGD`. */
export interface ASGDOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-2. */
  lr?: number;
  /** How much of a parameter every step takes off, times its size, and how fast steps shrink. Default 1e-4. */
  lambd?: number;
  /** The power with which steps shrink. Default 0.75. */
  alpha?: number;
  /** The step at which averaging begins. Default 1e6. */
  t0?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

/** What ASGD remembers of a parameter. */
interface ASGDState {
  step: number;
  /** The size of the next step. */
  eta: number;
  /** The share of the next values in the average. */
  mu: number;
  /** The average. */
  ax: FloatArray;
}

/**
 * Stochastic gradient descent that also keeps the average of the parameters, in
 * `state.get(param).ax`.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`, at step `t`:
 * `p ← p · (1 - lambd · η) - η · g`, `a ← a + μ · (p - a)`, and for the next step
 * `η = lr / (1 + lambd · lr · t)^alpha` (`lr` at first), `μ = 1 / max(1, t - t0)` (1 at first).
 *
 * Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging"
 * (https://doi.org/10.1137/0330046); `torch.optim.ASGD`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.ASGD(params, { lr: 1e-2, t0: 1000 });
 * ```
 */
export class ASGD extends PerParameterOptimizer<ASGDOptions, ASGDState> {
  static override readonly option_table = option_table<Required<ASGDOptions>>("ASGD", {
    lr: number({ min: 0, default: 1e-2 }),
    lambd: number({ default: 1e-4 }),
    alpha: number({ default: 0.75 }),
    t0: number({ default: 1e6 }),
    weight_decay: number({ min: 0, default: 0 }),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<ASGDState, ASGDOptions> = {
    step: count,
    eta: scalar(({ lr }) => Math.fround(lr)),
    mu: scalar(() => 1, { min: 0, max: 1 }),
    ax: like_param(),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, lambd, alpha, t0, weight_decay, maximize }: ParamGroup<ASGDOptions>,
    state: ASGDState,
  ): void {
    const step = state.step + 1;
    const { eta, mu } = state;
    place_of(param).run(
      asgd,
      list(ARRAYS, param.data, grad, state.ax),
      list(SCALARS, eta, mu, 1 - lambd * eta, weight_decay, maximize ? -1 : 1),
    );
    state.step = step;
    // PyTorch keeps both in float32, also for parameters in float64.
    state.eta = Math.fround(lr / (1 + lambd * lr * step) ** alpha);
    state.mu = Math.fround(1 / Math.max(1, step - t0));
  }
}
