import { option_table } from "../../option_table.ts";
import { FormulaLR } from "./formula_lr.ts";
import {
  factor_of,
  LR_LAMBDA,
  type LRLambda,
  type LRLambdaOptions,
  lambda_state,
} from "./lr_lambda.ts";
import type { Resolved } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";

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
export class MultiplicativeLR extends FormulaLR<MultiplicativeLROptions> {
  static override readonly option_table = option_table<Resolved<MultiplicativeLROptions>>(
    "MultiplicativeLR",
    LR_LAMBDA,
  );

  static override readonly formula = (scheduler: MultiplicativeLR) =>
    new MultiplicativeMotion(scheduler);

  declare lr_lambda: LRLambda | readonly LRLambda[];
}

class MultiplicativeMotion extends Motion<MultiplicativeLR> {
  override is_relative(): boolean {
    return true;
  }

  /** Alone it begins where the lr is. */
  override begin(lrs: LRs): LRs {
    return this.moved(0, [...lrs]);
  }

  /** As a later phase it multiplies the lr in force at once. */
  override enter(lrs: LRs): LRs {
    return this.advance(lrs, 0);
  }

  override advance(lrs: LRs, epoch: number): LRs {
    const { next } = this;
    const { lr_lambda } = this.scheduler;
    for (let g = 0; g < next.length; g++) {
      next[g] = lrs[g] * factor_of("MultiplicativeLR", lr_lambda, epoch, g);
    }
    return this.moved(epoch, next);
  }

  override option_state(): object {
    return lambda_state(this.scheduler);
  }

  override options_in(): object {
    return this.scheduler.options;
  }
}
