import { number, one_of, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { FormulaLR, type Scaling, ScalingMotion } from "./formula_lr.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";

/** How a ramp goes from its start to its end. */
export type RampShape = "linear" | "cosine" | "sqrt" | "square" | "log" | "exponential";

/** Options of `RampLR`. */
export interface RampLROptions extends LRSchedulerOptions {
  /** How many epochs the way takes, a whole number of at least 0; with `shape: "log"`, not 1. */
  total_iters: number;
  /** The factor from epoch `total_iters` on, at least 0; with `shape: "exponential"`, above 0. */
  end_factor: number;
  /** The factor at epoch 0, at least 0; with `shape: "exponential"`, above 0. Default 1. */
  start_factor?: number;
  /** How it goes from the one to the other. Default "linear". */
  shape?: RampShape;
}

/**
 * Takes the lr from one factor to another in `total_iters` epochs, and holds it there: a warm-up
 * from 0, a cool-down, a floor as a share of each group's own lr.
 *
 * `lr(t) = base_lr · (start_factor + (end_factor - start_factor) · s(u))` with
 * `u = min(t / total_iters, 1)` (1 at once if `total_iters` is 0), and by `shape`
 *
 * - `linear`: `s = u`
 * - `cosine`: `s = (1 - cos(π · u)) / 2`
 * - `sqrt`: `s = √u`, the 1-sqrt cool-down from 1 to 0
 * - `square`: `s = u²`
 * - `log`: `s = min(1, ln(t + 1) / ln(total_iters))`, so the end is reached at `total_iters - 1`
 * - `exponential`: `lr(t) = base_lr · start_factor · (end_factor / start_factor)^u`
 *
 * Source: Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations"
 * (https://arxiv.org/abs/2405.18392), for `sqrt`; DeepSpeed's `WarmupLR` for `log`.
 *
 * @throws RangeError or TypeError that names the option.
 * @example
 * ```ts
 * // lr 1: 1 0.5 0.293 0.134 0 0 …
 * const scheduler = new torch.optim.RampLR(optimizer, {
 *   total_iters: 4,
 *   end_factor: 0,
 *   shape: "sqrt",
 * });
 * ```
 */
export class RampLR extends FormulaLR<RampLROptions> {
  static override readonly option_table = option_table<Resolved<RampLROptions>>("RampLR", {
    total_iters: whole_number({ min: 0 }),
    end_factor: number({ min: 0 }),
    start_factor: number({ min: 0, default: 1 }),
    shape: one_of<RampShape>(
      ["linear", "cosine", "sqrt", "square", "log", "exponential"],
      "linear",
    ),
  });

  static override readonly formula = (scheduler: RampLR) => new RampMotion(scheduler);

  declare total_iters: number;
  declare end_factor: number;
  declare start_factor: number;
  declare shape: RampShape;
}

const FORMULA: Scaling<RampLR> = {
  factor: factor_at,
  ratio(scheduler, epoch) {
    const before = factor_at(scheduler, epoch - 1);
    const now = factor_at(scheduler, epoch);
    return now === before ? 1 : now / before;
  },
};

class RampMotion extends ScalingMotion<RampLR> {
  constructor(scheduler: RampLR) {
    super(scheduler, FORMULA);
  }

  /** No ratio leads through a 0. */
  override has_own_curve(): boolean {
    const { start_factor, end_factor, total_iters } = this.scheduler;
    return end_factor === 0 || (start_factor === 0 && total_iters > 0);
  }

  override prepare(): void {
    const { shape, total_iters } = this.scheduler;
    if (shape === "log" && total_iters === 1) {
      throw new RangeError(`RampLR: total_iters must be 0 or at least 2 with shape "log", got 1`);
    }
    if (shape !== "exponential") return;
    for (const option of ["end_factor", "start_factor"] as const) {
      if (this.scheduler[option] > 0) continue;
      throw new RangeError(`RampLR: ${option} must be above 0 with shape "exponential", got 0`);
    }
  }
}

function factor_at(scheduler: RampLR, epoch: number): number {
  const { start_factor, end_factor, shape } = scheduler;
  const share = share_at(scheduler, epoch);
  if (share === 1) return end_factor;
  // As powers of both, since their quotient may be no finite number.
  if (shape === "exponential") return start_factor ** (1 - share) * end_factor ** share;
  return start_factor + (end_factor - start_factor) * share;
}

/** The share of the way that is done. */
function share_at({ shape, total_iters }: RampLR, epoch: number): number {
  if (epoch >= total_iters) return 1;
  const done = epoch / total_iters;
  switch (shape) {
    case "cosine":
      return (1 - Math.cos(Math.PI * done)) / 2;
    case "sqrt":
      return Math.sqrt(done);
    case "square":
      return done * done;
    case "log":
      return Math.min(1, Math.log(epoch + 1) / Math.log(total_iters));
    default:
      return done;
  }
}
