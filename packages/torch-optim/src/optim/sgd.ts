import { boolean, number } from "../fields.ts";
import { option_table } from "../option_table.ts";
import {
  type FloatArray,
  type Numbers,
  type ParameterLike,
  place_of,
  zeros_like,
} from "../parameter.ts";
import { sgd, sgd_momentum } from "./compiled_kernels/sgd.ts";
import { like_param, or_null, when } from "./entry.ts";
import { ARRAYS, list, SCALARS } from "./kernel_call.ts";
import type { OptimizerOptions, ParamGroup } from "./params.ts";
import { PerParameterOptimizer } from "./per_parameter_optimizer.ts";
import type { StateTable } from "./state_table.ts";

/** Options of `SGD`. */
export interface SGDOptions extends OptimizerOptions {
  /** The learning rate, at least 0. Default 1e-3. */
  lr?: number;
  /** How much of the last step's direction is kept, at least 0. Default 0. */
  momentum?: number;
  /** How much of the gradient momentum leaves out. Default 0. */
  dampening?: number;
  /** The L2 penalty, at least 0. Default 0. */
  weight_decay?: number;
  /** Whether to look ahead along the momentum; needs momentum and no dampening. Default false. */
  nesterov?: boolean;
  /** Whether to go up the gradient. Default false. */
  maximize?: boolean;
}

type Options = Required<SGDOptions>;

/** What SGD remembers of a parameter if it has momentum. */
interface SGDState {
  /** Nothing until the first step. */
  momentum_buffer?: FloatArray | null;
}

/**
 * Stochastic gradient descent, with momentum.
 *
 * With the gradient `g` (`-g` if `maximize`) and `g ← g + weight_decay · p`:
 * `b ← momentum · b + (1 - dampening) · g` (`b = g` at first),
 * `p ← p - lr · b`, or with `nesterov` `p ← p - lr · (g + momentum · b)`.
 *
 * Source: Sutskever et al., "On the importance of initialization and momentum in deep learning"
 * (https://proceedings.mlr.press/v28/sutskever13.html); `torch.optim.SGD`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.SGD(params, { lr: 0.1, momentum: 0.9 });
 * ```
 */
export class SGD extends PerParameterOptimizer<SGDOptions, SGDState> {
  static override readonly option_table = option_table<Options>("SGD", {
    lr: number({ min: 0, default: 1e-3 }),
    momentum: number({ min: 0, default: 0 }),
    dampening: number({ default: 0 }),
    weight_decay: number({ min: 0, default: 0 }),
    nesterov: boolean(false),
    maximize: boolean(false),
  });

  static override readonly state_table: StateTable<SGDState, SGDOptions> = {
    momentum_buffer: when(({ momentum }) => momentum !== 0, or_null(like_param())),
  };

  protected override check_options({ momentum, dampening, nesterov }: Options): void {
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new Error(
        "SGD: nesterov must be false without momentum or with dampening, " +
          `got true with momentum ${momentum} and dampening ${dampening}`,
      );
    }
  }

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    { lr, momentum, dampening, weight_decay, nesterov, maximize }: ParamGroup<SGDOptions>,
    state: SGDState,
  ): void {
    const has_momentum = momentum !== 0;
    // The first step takes the gradient as it is, whatever the dampening.
    const share = state.momentum_buffer ? 1 - dampening : 1;
    if (has_momentum) state.momentum_buffer ??= zeros_like(param);
    place_of(param).run(
      has_momentum ? sgd_momentum : sgd,
      list(ARRAYS, param.data, grad, state.momentum_buffer ?? grad),
      list(SCALARS, lr, weight_decay, maximize ? -1 : 1, momentum, share, Number(nesterov)),
    );
  }
}
