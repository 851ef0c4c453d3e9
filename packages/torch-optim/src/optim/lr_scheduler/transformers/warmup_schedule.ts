import { type Formula, FormulaLR, OutrightMotion } from "../formula_lr.ts";
import { lambda_state } from "../lr_lambda.ts";
import type { LRSchedulerOptions } from "../lr_scheduler.ts";
import type { StateReader } from "../scheduler_state.ts";

/** Options of `Warmup`. */
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

export function warmup<S extends WarmupSchedule<{ num_warmup_steps: number }>>(
  says: Warmup<S>,
): Formula<S> {
  return (schedule) => new WarmupMotion(schedule, says);
}

class WarmupMotion<
  S extends WarmupSchedule<{ num_warmup_steps: number }>,
> extends OutrightMotion<S> {
  constructor(
    schedule: S,
    private readonly says: Warmup<S>,
  ) {
    super(schedule, ({ base_lrs, num_warmup_steps }, step, g) => {
      const base_lr = base_lrs[g];
      if (step >= num_warmup_steps) return says.after(schedule, step, base_lr);
      const progress = step / num_warmup_steps;
      return says.rise?.(schedule, progress, base_lr) ?? base_lr * progress;
    });
  }

  override prepare(): void {
    this.says.prepare?.(this.scheduler);
  }

  /** PyTorch's key as well, so that a state can go there. */
  override option_state(): object {
    return { ...super.option_state(), ...lambda_state(this.scheduler) };
  }

  /** A state from Python holds no options: they stay what the constructor was given. */
  override options_in(reader: StateReader): object {
    return super.options_in(reader.or(this.scheduler.options));
  }
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
