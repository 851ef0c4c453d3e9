import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import { type FloatArray, type Numbers, type ParameterLike, zeros_like } from "../parameter.ts";
import { Optimizer, type OptimizerOptions, type ParamGroup, type Params } from "./optimizer.ts";
import { count, like_param, type StateFields } from "./optimizer_state.ts";
import { rmsprop } from "./simd/rmsprop.ts";

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

const STATE = { step: count, square_avg: like_param() };

const FIELDS = option_table<Required<RMSpropOptions>>("RMSprop", {
  lr: number({ min: 0, default: 1e-2 }),
  alpha: number({ min: 0, default: 0.99 }),
  eps: number({ min: 0, default: 1e-8 }),
  weight_decay: number({ min: 0, default: 0 }),
  momentum: number({ min: 0, default: 0 }),
  centered: boolean(false),
  maximize: boolean(false),
});

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
export class RMSprop extends Optimizer<RMSpropOptions, RMSpropState> {
  constructor(params: Params<RMSpropOptions>, options: RMSpropOptions = {}) {
    super(params, options, FIELDS);
  }

  protected override state_fields({
    momentum,
    centered,
  }: ParamGroup<RMSpropOptions>): Partial<StateFields<RMSpropState>> {
    return {
      ...STATE,
      ...(momentum > 0 && { momentum_buffer: like_param() }),
      ...(centered && { grad_avg: like_param() }),
    };
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<RMSpropOptions>,
  ): void {
    const state = this.state.get(param) ?? this.begin(param, group);
    const { data } = param;
    const { lr, alpha, eps, weight_decay, momentum, centered, maximize } = group;
    // Either may have been turned on since the state began.
    if (momentum > 0) state.momentum_buffer ??= zeros_like(param);
    if (centered) state.grad_avg ??= zeros_like(param);
    state.step++;
    rmsprop(
      data.length,
      data,
      grad,
      state.square_avg,
      state.grad_avg ?? state.square_avg,
      state.momentum_buffer ?? state.square_avg,
      lr,
      alpha,
      eps,
      weight_decay,
      momentum,
      centered,
      maximize ? -1 : 1,
    );
  }
}
