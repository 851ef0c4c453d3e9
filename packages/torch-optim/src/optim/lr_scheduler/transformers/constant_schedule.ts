import { option_table } from "../../../option_table.ts";
import { lambda_state } from "../lr_lambda.ts";
import { OutrightLR } from "../outright_lr.ts";

/**
 * Keeps the base lr.
 *
 * Source: `transformers.get_constant_schedule`.
 *
 * @example
 * ```ts
 * const scheduler = new torch.optim.ConstantSchedule(optimizer);
 * ```
 */
export class ConstantSchedule extends OutrightLR<object> {
  /** @internal */
  static override readonly option_table = option_table<object>("ConstantSchedule", {});

  /** @internal */
  override _closed_form(_step: number, g: number): number {
    return this.base_lrs[g];
  }

  /** @internal */
  override _option_state(): object {
    return lambda_state(this.base_lrs.length);
  }
}
