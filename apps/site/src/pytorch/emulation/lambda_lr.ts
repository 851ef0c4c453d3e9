import { from_spec, type SchedulerSpec } from "torch-optim/lr_scheduler";
import { LRScheduler } from "./lr_scheduler.ts";
import type { Optimizer } from "./optimizer.ts";
import type { Options } from "./options.ts";
import { BeyondPyTorch, divide } from "./python_error.ts";

const NO_DECAY =
  "transformers divides by the number of steps after the warm-up: by 0 here, where the warm-up ends. " +
  "Ours is at its last lr at once.";

/**
 * A `LambdaLR`: what the schedules of `transformers` are in Python, and what stands there in place of
 * the library's own schedulers. Its factor is the same function of the epoch on both sides.
 */
export class LambdaLR extends LRScheduler {
  readonly #options: Options;
  readonly #factor: (epoch: number) => number;

  constructor(optimizer: Optimizer, options: Options, spec: object) {
    super(optimizer);
    this.#options = options;
    // In transformers a lowest lr is a share of the lr that the optimizer was built with.
    this.#factor = factorOf(spec, optimizer.defaultLr);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    this.#refuseNoDecay();
    const factor = this.#factor(this.lastEpoch);
    return this.baseLrs.map((base) => base * factor);
  }

  #refuseNoDecay(): void {
    if (this.#options.type !== "PolynomialDecayScheduleWithWarmup") return;
    const warmup = this.#options.number("num_warmup_steps");
    const steps = this.#options.number("num_training_steps");
    if (this.lastEpoch < warmup || this.lastEpoch > steps) return;
    divide(this.lastEpoch - warmup, steps - warmup, NO_DECAY);
  }
}

function factorOf(spec: object, lr: number): (epoch: number) => number {
  if (!(lr > 0)) throw new BeyondPyTorch("an lr of 0 has no factor");
  const scheduler = from_spec({ param_groups: [{ lr }] }, spec as SchedulerSpec);
  return (epoch) => {
    if (epoch < 0) throw new BeyondPyTorch("an epoch before the first");
    return scheduler.lr_at(epoch)[0] / lr;
  };
}
