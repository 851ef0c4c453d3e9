import { boolean, type FieldTable, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, place_of } from "../parameter.ts";
import { betas } from "./betas.ts";
import { adam } from "./compiled_kernels/adam.ts";
import { count, like_param, when } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `Adam`. */
export interface AdamOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-3. */
  lr?: number;
  /** How much of the moments is kept, from 0 to below 1. Default [0.9, 0.999]. */
  betas?: [number, number];
  /** Added to the denominator, at least 0. Default 1e-8. */
  eps?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** Whether the second moment's largest value so far counts. Default false. */
  amsgrad?: boolean;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

type Options = Required<AdamOptions>;

/** What Adam remembers of a parameter. */
export interface AdamState {
  step: number;
  exp_avg: FloatArray;
  exp_avg_sq: FloatArray;
  max_exp_avg_sq?: FloatArray;
}

/** The options of Adam and AdamW, which differ in the default of `weight_decay`. */
export function adam_fields(weight_decay: number): FieldTable<Options> {
  return {
    lr: number({ min: 0, default: 1e-3 }),
    betas: betas(),
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: weight_decay }),
    amsgrad: boolean(false),
    maximize: boolean(false),
  };
}

/**
 * Adam: steps by the gradient's running mean over the root of its running square.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`, at step `t`:
 * `m ← β1 · m + (1 - β1) · g`, `v ← β2 · v + (1 - β2) · g²`,
 * `p ← p - lr · (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + eps)`;
 * `amsgrad` takes the largest `v` so far.
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization"
 * (https://arxiv.org/abs/1412.6980); `torch.optim.Adam`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adam(params, { lr: 1e-3 });
 * ```
 */
export class Adam extends PerParameterOptimizer<AdamOptions, AdamState> {
  static override readonly option_table = option_table<Options>("Adam", adam_fields(0));

  static override readonly state_table: StateTable<AdamState, AdamOptions> = {
    step: count,
    exp_avg: like_param(),
    exp_avg_sq: like_param({ min: 0 }),
    max_exp_avg_sq: when(({ amsgrad }) => amsgrad, like_param({ min: 0 })),
  };

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<AdamOptions>,
    state: AdamState,
  ): void {
    update_by_adam(param, grad, group, state, 1, group.weight_decay);
  }
}

/** Adam's update after a decay to that share of the parameter, with a penalty in the gradient. */
export function update_by_adam(
  param: ParameterLike,
  grad: Numbers,
  { lr, betas, eps, amsgrad, maximize }: ParamGroup<AdamOptions>,
  state: AdamState,
  decay: number,
  penalty: number,
): void {
  const step = state.step + 1;
  state.step = step;
  place_of(param).run(
    adam,
    list(
      ARRAYS,
      param.data,
      grad,
      state.exp_avg,
      state.exp_avg_sq,
      state.max_exp_avg_sq ?? state.exp_avg_sq,
    ),
    list(
      SCALARS,
      lr / (1 - betas[0] ** step),
      betas[0],
      betas[1],
      Math.sqrt(1 - betas[1] ** step),
      eps,
      decay,
      penalty,
      Number(amsgrad),
      maximize ? -1 : 1,
    ),
  );
}
