import { option_table } from "../../option_table.ts";
import {
  factor_of,
  LR_LAMBDA,
  type LRLambda,
  type LRLambdaOptions,
  lambda_state,
} from "./lr_lambda.ts";
import type { Resolved } from "./lr_scheduler.ts";
import { OutrightLR } from "./outright_lr.ts";

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
export class LambdaLR extends OutrightLR<LambdaLROptions> {
  /** @internal */
  static override readonly option_table = option_table<Resolved<LambdaLROptions>>(
    "LambdaLR",
    LR_LAMBDA,
  );

  declare readonly lr_lambda: LRLambda | readonly LRLambda[];

  /** @internal */
  override _closed_form(epoch: number, g: number): number {
    return this.base_lrs[g] * factor_of("LambdaLR", this.lr_lambda, epoch, g);
  }

  /** @internal */
  override _option_state(): object {
    return lambda_state(this.base_lrs.length);
  }
}
