import { boolean, type FieldTable, fields, number, other } from "../fields.ts";
import { type FloatArray, type ParameterLike, zeros_like } from "../parameter.ts";
import {
  Optimizer,
  type OptimizerOptions,
  type ParameterState,
  type ParamGroup,
  type Params,
} from "./optimizer.ts";

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

/** The options of Adam and AdamW, which differ in the default of `weight_decay`. */
export function adam_fields(weight_decay: number): FieldTable<Options> {
  return {
    lr: number({ min: 0, default: 1e-3 }),
    betas: other<[number, number]>("two numbers from 0 to below 1", are_betas, [0.9, 0.999]),
    eps: number({ min: 0, default: 1e-8 }),
    weight_decay: number({ min: 0, default: weight_decay }),
    amsgrad: boolean(false),
    maximize: boolean(false),
  };
}

const FIELDS = fields<Options>("Adam", adam_fields(0));

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
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: Params<AdamOptions>, options: AdamOptions = {}, table = FIELDS) {
    super(params, options, table);
  }

  protected override state_kinds(
    group: ParamGroup<AdamOptions>,
  ): Record<string, "count" | "array"> {
    const kinds = { step: "count", exp_avg: "array", exp_avg_sq: "array" } as const;
    return group.amsgrad ? { ...kinds, max_exp_avg_sq: "array" } : kinds;
  }

  protected override update(
    param: ParameterLike,
    grad: FloatArray | number[],
    group: ParamGroup<AdamOptions>,
  ): void {
    const state = this.state.get(param) ?? this.#begin(param);
    if (group.amsgrad) state.max_exp_avg_sq ??= zeros_like(param.data);
    const step = (state.step as number) + 1;
    state.step = step;
    adapt(param.data, grad, state, group, step, this.decay_of(group), this.penalty_of(group));
  }

  /** What each step leaves of a parameter before it moves. */
  protected decay_of(_group: ParamGroup<AdamOptions>): number {
    return 1;
  }

  /** What each step adds of a parameter to its gradient. */
  protected penalty_of(group: ParamGroup<AdamOptions>): number {
    return group.weight_decay;
  }

  #begin(param: ParameterLike): ParameterState {
    const state = {
      step: 0,
      exp_avg: zeros_like(param.data),
      exp_avg_sq: zeros_like(param.data),
    };
    this.state.set(param, state);
    return state;
  }
}

function adapt(
  data: FloatArray | number[],
  grad: FloatArray | number[],
  state: ParameterState,
  { lr, betas, eps, amsgrad, maximize }: Options,
  step: number,
  decay: number,
  penalty: number,
): void {
  const exp_avg = state.exp_avg as FloatArray;
  const exp_avg_sq = state.exp_avg_sq as FloatArray;
  const largest = (amsgrad ? state.max_exp_avg_sq : exp_avg_sq) as FloatArray;
  const sign = maximize ? -1 : 1;
  const beta1 = betas[0];
  const beta2 = betas[1];
  const step_size = lr / (1 - beta1 ** step);
  const root_correction = Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < data.length; i++) {
    const p = data[i] * decay;
    const g = sign * grad[i] + penalty * p;
    const m = exp_avg[i] + (g - exp_avg[i]) * (1 - beta1);
    const v = beta2 * exp_avg_sq[i] + (1 - beta2) * g * g;
    exp_avg[i] = m;
    exp_avg_sq[i] = v;
    if (amsgrad) largest[i] = Math.max(largest[i], v);
    data[i] = p - (step_size * m) / (Math.sqrt(largest[i]) / root_correction + eps);
  }
}

function are_betas(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((beta) => beta >= 0 && beta < 1);
}
