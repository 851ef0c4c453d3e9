import { func, per_group } from "../../fields.ts";
import { show } from "../../refusal.ts";
import { OutrightMotion } from "./formula_lr.ts";
import type { LRScheduler, LRSchedulerOptions } from "./lr_scheduler.ts";

/** Gives the factor of an epoch. */
export type LRLambda = (epoch: number) => number;

/** Options of `LRLambda`. */
export interface LRLambdaOptions extends LRSchedulerOptions {
  /** A function from the epoch to a factor, or a list with one for each parameter group. */
  lr_lambda: LRLambda | readonly LRLambda[];
}

export const LR_LAMBDA = { lr_lambda: per_group(func<LRLambda>()) };

/** The factor of group `g` at `epoch`. */
export function factor_of(
  owner: string,
  lr_lambda: LRLambda | readonly LRLambda[],
  epoch: number,
  g: number,
): number {
  const factor = (typeof lr_lambda === "function" ? lr_lambda : lr_lambda[g])(epoch);
  if (typeof factor !== "number" || Number.isNaN(factor)) {
    throw new TypeError(`${owner}: lr_lambda(${epoch}) must return a number, got ${show(factor)}`);
  }
  return factor;
}

/** The functions under PyTorch's key: a state cannot hold them. */
export function lambda_state({ base_lrs }: LRScheduler): object {
  return { lr_lambdas: base_lrs.map(() => null) };
}

/** The motion of what is a `LambdaLR` in Python: its state has no options. */
export class LambdaMotion<S extends LRScheduler> extends OutrightMotion<S> {
  override option_state(): object {
    return lambda_state(this.scheduler);
  }

  override options_in(): object {
    return this.scheduler.options;
  }
}
