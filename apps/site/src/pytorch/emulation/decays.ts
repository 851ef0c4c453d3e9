import { LRScheduler } from "./lr_scheduler.ts";
import type { Optimizer } from "./optimizer.ts";
import type { Options } from "./options.ts";
import { divide, power } from "./python_error.ts";

const NO_STEP =
  "PyTorch takes a step_size of 0 and divides by it at the first step. " +
  "Here it is refused when the scheduler is built.";
const NO_EPOCHS =
  "PyTorch takes a total_iters of 0, and is no schedule at all then, or divides by it. " +
  "Here it is refused when the scheduler is built.";

export class StepLR extends LRScheduler {
  readonly #stepSize: number;
  readonly #gamma: number;

  constructor(optimizer: Optimizer, options: Options) {
    super(optimizer);
    this.#stepSize = options.number("step_size");
    this.#gamma = options.number("gamma", 0.1);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    if (this.lastEpoch === 0) return this.lrsInForce;
    divide(this.lastEpoch, this.#stepSize, NO_STEP);
    return this.lastEpoch % this.#stepSize === 0 ? this.scaled(this.#gamma) : this.lrsInForce;
  }

  protected override closedForm(): number[] {
    const steps = Math.floor(divide(this.lastEpoch, this.#stepSize, NO_STEP));
    const factor = power(this.#gamma, steps);
    return this.baseLrs.map((lr) => lr * factor);
  }
}

export class MultiStepLR extends LRScheduler {
  readonly #milestones: readonly number[];
  readonly #gamma: number;

  constructor(optimizer: Optimizer, options: Options) {
    super(optimizer);
    this.#milestones = options.numbers("milestones");
    this.#gamma = options.number("gamma", 0.1);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    const count = this.#milestones.filter((milestone) => milestone === this.lastEpoch).length;
    return count === 0 ? this.lrsInForce : this.scaled(power(this.#gamma, count));
  }

  protected override closedForm(): number[] {
    const passed = this.#milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const factor = power(this.#gamma, passed);
    return this.baseLrs.map((lr) => lr * factor);
  }
}

export class ExponentialLR extends LRScheduler {
  readonly #gamma: number;

  constructor(optimizer: Optimizer, options: Options) {
    super(optimizer);
    this.#gamma = options.number("gamma");
    this.initialStep();
  }

  protected override getLrs(): number[] {
    return this.isInitial ? this.lrsInForce : this.scaled(this.#gamma);
  }

  protected override closedForm(): number[] {
    const factor = power(this.#gamma, this.lastEpoch);
    return this.baseLrs.map((lr) => lr * factor);
  }
}

export class PolynomialLR extends LRScheduler {
  readonly #totalIters: number;
  readonly #power: number;

  constructor(optimizer: Optimizer, options: Options) {
    super(optimizer);
    this.#totalIters = options.number("total_iters", 5);
    this.#power = options.number("power", 1);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    if (this.isInitial || this.lastEpoch > this.#totalIters) return this.lrsInForce;
    const left = 1 - divide(this.lastEpoch, this.#totalIters, NO_EPOCHS);
    const leftBefore = 1 - (this.lastEpoch - 1) / this.#totalIters;
    return this.scaled(power(divide(left, leftBefore, NO_EPOCHS), this.#power));
  }

  protected override closedForm(): number[] {
    const done = divide(Math.min(this.#totalIters, this.lastEpoch), this.#totalIters, NO_EPOCHS);
    const factor = power(1 - done, this.#power);
    return this.baseLrs.map((lr) => lr * factor);
  }
}
