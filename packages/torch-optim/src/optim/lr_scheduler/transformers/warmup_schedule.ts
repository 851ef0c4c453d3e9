import { type Formula, FormulaLR, outright } from "../formula_lr.ts";
import { lambda_state } from "../lr_lambda.ts";
import type { LRSchedulerOptions } from "../lr_scheduler.ts";
import type { OptionValues } from "../options.ts";
import type { StateReader } from "../scheduler_state.ts";

export interface WarmupOptions extends LRSchedulerOptions {
  /** How many steps the lr takes to rise from 0 to the base lr, a whole number of at least 0. */
  num_warmup_steps: number;
}

/**
 * A schedule of Hugging Face's `transformers`: a linear warm-up, `base_lr · t / num_warmup_steps`,
 * and then whatever the class says. There it is a `LambdaLR`; like one it sets the lr outright.
 */
export abstract class WarmupSchedule<
  Options extends { num_warmup_steps: number },
> extends FormulaLR<Options> {
  declare num_warmup_steps: number;
}

/** What a schedule says of itself. */
interface Warmup<S> {
  /** The lr from the end of the warm-up on. */
  after(schedule: S, step: number, base_lr: number): number;
  /** The lr in the warm-up, of which `progress` is done; by default linear from 0. */
  rise?(schedule: S, progress: number, base_lr: number): number;
  /** Refuses options that contradict each other, and derives what they leave open. */
  prepare?(schedule: S): void;
}

export function warmup<S extends WarmupSchedule<{ num_warmup_steps: number }>>({
  after,
  rise = (_, progress, base_lr) => base_lr * progress,
  prepare,
}: Warmup<S>): Formula<S> {
  return outright<S>({
    lr(schedule, step, g) {
      const base_lr = schedule.base_lrs[g];
      const { num_warmup_steps } = schedule;
      if (step >= num_warmup_steps) return after(schedule, step, base_lr);
      return rise(schedule, step / num_warmup_steps, base_lr);
    },
    // PyTorch's key as well, so that a state can go there.
    option_state: (schedule) => ({ ...schedule.options, ...lambda_state(schedule) }),
    options_in,
    prepare,
  });
}

/** A state from Python holds no options: they stay what the constructor was given. */
function options_in({ options }: FormulaLR<object>, reader: StateReader): OptionValues {
  return Object.fromEntries(
    Object.entries(options).map(([key, own]) => [key, reader.has(key) ? reader.value(key) : own]),
  );
}

/** How much of the way from the warm-up to the end of training is done, beyond 1 after it. */
export function progress_of(
  step: number,
  {
    num_warmup_steps,
    num_training_steps,
  }: { num_warmup_steps: number; num_training_steps: number },
): number {
  return (step - num_warmup_steps) / Math.max(1, num_training_steps - num_warmup_steps);
}
