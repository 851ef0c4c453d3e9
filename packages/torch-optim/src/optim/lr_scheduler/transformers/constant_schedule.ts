import { option_table } from "../../../option_table.ts";
import { FormulaLR } from "../formula_lr.ts";
import { LambdaMotion } from "../lr_lambda.ts";

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
export class ConstantSchedule extends FormulaLR<object> {
  static override readonly option_table = option_table<object>("ConstantSchedule", {});

  static override readonly formula = (scheduler: ConstantSchedule) =>
    new LambdaMotion(scheduler, ({ base_lrs }, _step, g) => base_lrs[g]);
}
