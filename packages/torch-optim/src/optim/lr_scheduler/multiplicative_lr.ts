import { option_table } from "../../option_table.ts";
import { restore_momentum } from "../param_group.ts";
import {
  factor_of,
  LR_LAMBDA,
  type LRLambda,
  type LRLambdaOptions,
  lambda_state,
} from "./lr_lambda.ts";
import { LRScheduler, type Resolved } from "./lr_scheduler.ts";

/** Options of `MultiplicativeLR`. */
export interface MultiplicativeLROptions extends LRLambdaOptions {}

/**
 * Multiplies the lr by a function of the epoch, at every epoch from 1 on.
 *
 * `lr(t) = lr(t - 1) · lr_lambda(t)`, `lr(0) = base_lr`
 *
 * As a later phase of a `SequentialLR` it goes on from the lr in force, with
 * `lr · lr_lambda(0)` at the milestone.
 *
 * Source: `torch.optim.lr_scheduler.MultiplicativeLR`.
 *
 * @throws TypeError if `lr_lambda` is no function, or returns no number.
 * @example
 * ```ts
 * // lr 1: 1 0.5 0.25 0.125 …
 * const scheduler = new torch.optim.MultiplicativeLR(optimizer, { lr_lambda: () => 0.5 });
 * ```
 */
export class MultiplicativeLR extends LRScheduler<MultiplicativeLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<MultiplicativeLROptions>>(
    "MultiplicativeLR",
    LR_LAMBDA,
  );

  declare readonly lr_lambda: LRLambda | readonly LRLambda[];

  override get_lr(lrs: number[] = []): number[] {
    const groups = this.optimizer.param_groups;
    const { lr_lambda } = this;
    const epoch = this.last_epoch;
    for (let g = 0; g < this.base_lrs.length; g++) {
      lrs[g] = groups[g].lr * factor_of("MultiplicativeLR", lr_lambda, epoch, g);
    }
    return lrs;
  }

  /** @internal */
  override _begin(): void {
    this.last_epoch = 0;
    for (let g = 0; g < this._last_lr.length; g++) {
      this._last_lr[g] = this.optimizer.param_groups[g].lr;
    }
  }

  /** @internal */
  override _enter(): void {
    for (const group of this.optimizer.param_groups) restore_momentum(group);
    this.last_epoch = 0;
    this._apply();
  }

  /** @internal */
  override get _is_relative(): boolean {
    return true;
  }

  /** @internal */
  override _option_state(): object {
    return lambda_state(this.base_lrs.length);
  }
}
