import { option_table } from "../option_table.ts";
import type { Numbers, ParameterLike } from "../parameter.ts";
import { Adam, type AdamOptions, type AdamState, adam_fields, update_by_adam } from "./adam.ts";
import type { ParamGroup } from "./params.ts";

/** Options of `AdamW`. */
export interface AdamWOptions extends AdamOptions {
  /** How much of a parameter every step takes off, times lr; at least 0. Default 0.01. */
  weight_decay?: number;
}

/**
 * Adam with weight decay apart from the gradient: `p ← p · (1 - lr · weight_decay)`, then Adam's
 * step without a penalty.
 *
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization"
 * (https://arxiv.org/abs/1711.05101); `torch.optim.AdamW`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * const optimizer = new torch.optim.AdamW(params, { lr: 1e-3, weight_decay: 0.05 });
 * ```
 */
export class AdamW extends Adam {
  static override readonly option_table = option_table<Required<AdamWOptions>>(
    "AdamW",
    adam_fields(1e-2),
  );

  protected override update(
    param: ParameterLike,
    grad: Numbers,
    group: ParamGroup<AdamWOptions>,
    state: AdamState,
  ): void {
    update_by_adam(param, grad, group, state, 1 - group.lr * group.weight_decay, 0);
  }
}
