import { lambda_state } from "../lr_lambda.ts";
import type { LRSchedulerOptions } from "../lr_scheduler.ts";
import { OutrightLR } from "../outright_lr.ts";
import type { StateReader } from "../scheduler_state.ts";

/** Options of `Warmup`. */
export interface WarmupOptions extends LRSchedulerOptions {
  /** How many steps the lr takes to rise from 0 to the base lr, a whole number of at least 0. */
  num_warmup_steps: number;
}

/**
 * A schedule of Hugging Face's `transformers`: a linear warm-up, `base_lr · t / num_warmup_steps`,
 * and then whatever the subclass says. There it is a `LambdaLR`; like one it sets the lr outright.
 */
export abstract class WarmupSchedule<
  Options extends { num_warmup_steps: number },
> extends OutrightLR<Options> {
  /** The lr from the end of the warm-up on. @internal */
  abstract _after_warmup(step: number, base_lr: number): number;

  declare readonly num_warmup_steps: number;

  /** @internal */
  override _closed_form(step: number, g: number): number {
    const base_lr = this.base_lrs[g];
    const { num_warmup_steps } = this;
    return step < num_warmup_steps
      ? this._in_warmup(step / num_warmup_steps, base_lr)
      : this._after_warmup(step, base_lr);
  }

  /** @internal */
  _in_warmup(progress: number, base_lr: number): number {
    return base_lr * progress;
  }

  /** PyTorch's key as well, so that a state can go there. @internal */
  override _option_state(): object {
    return { ...this.options, ...lambda_state(this.base_lrs.length) };
  }

  /** A state from Python holds no options: they stay what the constructor was given. @internal */
  override _options_in(reader: StateReader): object {
    const options = Object.entries(this.options);
    return Object.fromEntries(
      options.map(([option, own]) => [option, reader.has(option) ? reader.value(option) : own]),
    );
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
