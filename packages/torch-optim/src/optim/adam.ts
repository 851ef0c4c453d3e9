import { boolean, type FieldTable, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, zeros_like } from "../parameter.ts";
import { BETAS } from "./betas.ts";
import { Optimizer, type OptimizerOptions, type ParamGroup, type Params } from "./optimizer.ts";
import { count, like_param, type StateFields } from "./optimizer_state.ts";
import { adam } from "./simd/adam.ts";

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
interface AdamState {
  step: number;
  exp_avg: FloatArray;
  exp_avg_sq: FloatArray;
  max_exp_avg_sq?: FloatArray;
}

const STATE = { step: count, exp_avg: like_param(), exp_avg_sq: like_param() };

/** The options of Adam and AdamW, which differ in the default of `weight_decay`. */
export function adam_fields(weight_decay: number): FieldTable<Options> {
  return {
    lr: number({ min: 0, default: 1e-3 }),
    betas: BETAS,
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: weight_decay }),
    amsgrad: boolean(false),
    maximize: boolean(false),
  };
}

const FIELDS = option_table<Options>("Adam", adam_fields(0));

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
export class Adam extends Optimizer<AdamOptions, AdamState> {
  constructor(params: Params<AdamOptions>, options: AdamOptions = {}, table = FIELDS) {
    super(params, options, table);
  }

  protected override state_fields(group: ParamGroup<AdamOptions>): Partial<StateFields<AdamState>> {
    return group.amsgrad ? { ...STATE, max_exp_avg_sq: like_param() } : STATE;
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<AdamOptions>,
  ): void {
    const state = this.state.get(param) ?? this.begin(param, group);
    const { data } = param;
    const { lr, betas, eps, amsgrad, maximize } = group;
    if (amsgrad) state.max_exp_avg_sq ??= zeros_like(param);
    const step = state.step + 1;
    state.step = step;
    adam(
      data.length,
      data,
      grad,
      state.exp_avg,
      state.exp_avg_sq,
      state.max_exp_avg_sq ?? state.exp_avg_sq,
      lr / (1 - betas[0] ** step),
      betas[0],
      betas[1],
      Math.sqrt(1 - betas[1] ** step),
      eps,
      this.decay_of(group),
      this.penalty_of(group),
      amsgrad,
      maximize ? -1 : 1,
    );
  }

  /** What each step leaves of a parameter before it moves. */
  protected decay_of(_group: ParamGroup<AdamOptions>): number {
    return 1;
  }

  /** What each step adds of a parameter to its gradient. */
  protected penalty_of(group: ParamGroup<AdamOptions>): number {
    return group.weight_decay;
  }
}
