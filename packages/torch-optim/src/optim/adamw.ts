import { option_table } from "../option_table.ts";
import { Adam, type AdamOptions, adam_fields } from "./adam.ts";
import type { ParamGroup, Params } from "./optimizer.ts";

/** Options of `AdamW`. */
export interface AdamWOptions extends AdamOptions {
  /** How much of a parameter every step takes off, times lr; at least 0. Default 0.01. */
  weight_decay?: number;
}

const FIELDS = option_table<Required<AdamWOptions>>("AdamW", adam_fields(1e-2));

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
  constructor(params: Params<AdamWOptions>, options: AdamWOptions = {}) {
    super(params, options, FIELDS);
  }

  protected override decay_of({ lr, weight_decay }: ParamGroup<AdamWOptions>): number {
    return 1 - lr * weight_decay;
  }

  protected override penalty_of(): number {
    return 0;
  }
}
