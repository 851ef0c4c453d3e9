import { boolean, fields, number } from "../fields.ts";
import { type FloatArray, type ParameterLike, zeros_like } from "../parameter.ts";
import { Optimizer, type OptimizerOptions, type ParamGroup, type Params } from "./optimizer.ts";

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

const FIELDS = fields<Options>("SGD", {
  lr: number({ min: 0, default: 1e-3 }),
  momentum: number({ min: 0, default: 0 }),
  dampening: number({ default: 0 }),
  weight_decay: number({ min: 0, default: 0 }),
  nesterov: boolean(false),
  maximize: boolean(false),
});

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
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, options: SGDOptions = {}) {
    super(params, options, FIELDS);
  }

  protected override check_options({ momentum, dampening, nesterov }: Options): void {
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new Error(
        "SGD: nesterov must be false without momentum or with dampening, " +
          `got true with momentum ${momentum} and dampening ${dampening}`,
      );
    }
  }

  protected override state_kinds(group: ParamGroup<SGDOptions>): Record<string, "count" | "array"> {
    return group.momentum === 0 ? {} : { momentum_buffer: "array" };
  }

  protected override update(
    param: ParameterLike,
    grad: FloatArray | number[],
    group: ParamGroup<SGDOptions>,
  ): void {
    if (group.momentum === 0) {
      descend(param.data, grad, group);
      return;
    }
    let state = this.state.get(param);
    if (state?.momentum_buffer === undefined) {
      state = { momentum_buffer: zeros_like(param.data) };
      this.state.set(param, state);
      // The first step takes the gradient as it is, whatever the dampening.
      descend_with_momentum(param.data, grad, state.momentum_buffer as FloatArray, group, 1);
    } else {
      const share = 1 - group.dampening;
      descend_with_momentum(param.data, grad, state.momentum_buffer as FloatArray, group, share);
    }
  }
}

function descend(
  data: FloatArray | number[],
  grad: FloatArray | number[],
  { lr, weight_decay, maximize }: Options,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < data.length; i++) {
    data[i] -= lr * (sign * grad[i] + weight_decay * data[i]);
  }
}

function descend_with_momentum(
  data: FloatArray | number[],
  grad: FloatArray | number[],
  buffer: FloatArray,
  { lr, momentum, weight_decay, nesterov, maximize }: Options,
  share: number,
): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < data.length; i++) {
    const g = sign * grad[i] + weight_decay * data[i];
    const b = momentum * buffer[i] + share * g;
    buffer[i] = b;
    data[i] -= lr * (nesterov ? g + momentum * b : b);
  }
}
