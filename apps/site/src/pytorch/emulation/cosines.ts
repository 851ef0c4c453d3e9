import { LRScheduler } from "./lr_scheduler.ts";
import type { Optimizer } from "./optimizer.ts";
import type { Options } from "./options.ts";
import { divide, PythonError } from "./python_error.ts";

const NO_LENGTH =
  "PyTorch takes a T_max of 0, and divides by it at the first step. " +
  "Here it is refused when the scheduler is built.";
const NO_LIST =
  "PyTorch takes one eta_min for all parameter groups, and stops at a list. " +
  "Here each group may have its own.";
const NO_PERIOD = "PyTorch refuses a period that is no whole number of epochs, as we do.";

export class CosineAnnealingLR extends LRScheduler {
  readonly #length: number;
  readonly #lowest: number | undefined;

  constructor(optimizer: Optimizer, options: Options) {
    super(optimizer);
    this.#length = options.number("T_max");
    this.#lowest = options.isList("eta_min") ? undefined : options.number("eta_min", 0);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    if (this.isInitial) return this.lrsInForce;
    const epoch = this.lastEpoch;
    if (this.stepCount === 1 && epoch > 0) return this.closedForm();
    divide(epoch, this.#length, NO_LENGTH);
    if ((epoch - 1 - this.#length) % (2 * this.#length) === 0) {
      const rise = (1 - Math.cos(Math.PI / this.#length)) / 2;
      const lrs = this.lrsInForce;
      return this.baseLrs.map((base, g) => lrs[g] + (base - this.lowest) * rise);
    }
    const factor = divide(this.#height(epoch), this.#height(epoch - 1), NO_LENGTH);
    return this.lrsInForce.map((lr) => factor * (lr - this.lowest) + this.lowest);
  }

  protected override closedForm(): number[] {
    divide(this.lastEpoch, this.#length, NO_LENGTH);
    const height = this.#height(this.lastEpoch) / 2;
    return this.baseLrs.map((base) => this.lowest + (base - this.lowest) * height);
  }

  private get lowest(): number {
    if (this.#lowest !== undefined) return this.#lowest;
    throw new PythonError("TypeError", "eta_min is a list", NO_LIST);
  }

  #height(epoch: number): number {
    return 1 + Math.cos((Math.PI * epoch) / this.#length);
  }
}

export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly #firstLength: number;
  readonly #mult: number;
  readonly #lowest: number;
  #length: number;
  #epochInPeriod = -1;

  constructor(optimizer: Optimizer, options: Options) {
    const length = options.number("T_0");
    const mult = options.number("T_mult", 1);
    if (options.isList("eta_min")) {
      throw new PythonError("ValueError", "eta_min is a list", NO_LIST);
    }
    if (!isPositive(length) || !isPositive(mult)) {
      throw new PythonError("ValueError", "T_0 or T_mult is no whole number", NO_PERIOD);
    }
    super(optimizer);
    this.#firstLength = length;
    this.#length = length;
    this.#mult = mult;
    this.#lowest = options.number("eta_min", 0);
    this.initialStep();
  }

  /** It counts its epochs itself, and counts no steps. */
  override step(): void {
    if (this.lastEpoch < 0) {
      this.#length = this.#firstLength;
      this.#epochInPeriod = 0;
      this.begin();
      return;
    }
    this.#epochInPeriod += 1;
    if (this.#epochInPeriod >= this.#length) {
      this.#epochInPeriod %= this.#length;
      this.#length *= this.#mult;
    }
    this.stepCount -= 1;
    super.step();
  }

  protected override getLrs(): number[] {
    const height = (1 + Math.cos((Math.PI * this.#epochInPeriod) / this.#length)) / 2;
    return this.baseLrs.map((base) => this.#lowest + (base - this.#lowest) * height);
  }
}

function isPositive(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
