import { option_table } from "../../../option_table.ts";
import { FormulaLR, outright } from "../formula_lr.ts";
import { lambda_state } from "../lr_lambda.ts";

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

  static override readonly formula = outright<ConstantSchedule>({
    lr: ({ base_lrs }, _step, g) => base_lrs[g],
    option_state: lambda_state,
  });
}
