import { option_table } from "../../option_table.ts";
import { FormulaLR } from "./formula_lr.ts";
import {
  factor_of,
  LambdaMotion,
  LR_LAMBDA,
  type LRLambda,
  type LRLambdaOptions,
} from "./lr_lambda.ts";
import type { Resolved } from "./lr_scheduler.ts";

/** Options of `LambdaLR`. */
export interface LambdaLROptions extends LRLambdaOptions {}

/**
 * Sets the lr to a function of the epoch.
 *
 * `lr(t) = base_lr · lr_lambda(t)`
 *
 * A state holds no functions: a scheduler that loads one keeps those it was built with.
 *
 * Source: `torch.optim.lr_scheduler.LambdaLR`.
 *
 * @throws TypeError if `lr_lambda` is no function, or returns no number.
 * @example
 * ```ts
 * // lr 1: 1 0.5 0.333… 0.25 …
 * const scheduler = new torch.optim.LambdaLR(optimizer, { lr_lambda: (t) => 1 / (1 + t) });
 * ```
 */
export class LambdaLR extends FormulaLR<LambdaLROptions> {
  static override readonly option_table = option_table<Resolved<LambdaLROptions>>(
    "LambdaLR",
    LR_LAMBDA,
  );

  static override readonly formula = (scheduler: LambdaLR) =>
    new LambdaMotion(
      scheduler,
      ({ base_lrs, lr_lambda }, epoch, g) =>
        base_lrs[g] * factor_of("LambdaLR", lr_lambda, epoch, g),
    );

  declare lr_lambda: LRLambda | readonly LRLambda[];
}
