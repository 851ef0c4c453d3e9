import { LRScheduler } from "./lr_scheduler.ts";
import type { Optimizer } from "./optimizer.ts";
import type { Options } from "./options.ts";
import { divide, PythonError } from "./python_error.ts";

const FROM_ZERO =
  "PyTorch's LinearLR refuses to start at 0, as it multiplies its way up. " +
  "Here a warm-up may begin at nothing.";
const BEYOND_ONE =
  "PyTorch refuses factors below 0 and above 1, as it means them to be shares of the lr.";
const NO_WARMUP =
  "PyTorch divides by the total_iters of 0 where this phase begins. " +
  "Here a warm-up of no length is over at once.";
const FACTOR_ZERO =
  "PyTorch's ConstantLR multiplies by its factor, and divides by it when it is over: by 0 here. " +
  "Ours goes back to the base lr.";

export class ConstantLR extends LRScheduler {
  readonly #factor: number;
  readonly #totalIters: number;

  constructor(optimizer: Optimizer, options: Options) {
    const factor = options.number("factor", 1 / 3);
    refuseBeyondOne(factor, 0);
    super(optimizer);
    this.#factor = factor;
    this.#totalIters = options.number("total_iters", 5);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    if (this.lastEpoch === 0) return this.scaled(this.#factor);
    if (this.lastEpoch !== this.#totalIters) return this.lrsInForce;
    return this.scaled(divide(1, this.#factor, FACTOR_ZERO));
  }

  protected override closedForm(): number[] {
    const isOver = Number(this.lastEpoch >= this.#totalIters);
    return this.baseLrs.map((lr) => lr * (this.#factor + isOver * (1 - this.#factor)));
  }
}

export class LinearLR extends LRScheduler {
  readonly #start: number;
  readonly #end: number;
  readonly #totalIters: number;

  constructor(optimizer: Optimizer, options: Options) {
    const start = options.number("start_factor", 1 / 3);
    const end = options.number("end_factor", 1);
    if (start === 0) throw new PythonError("ValueError", "start_factor is 0", FROM_ZERO);
    refuseBeyondOne(start, 0);
    refuseBeyondOne(end, 0);
    super(optimizer);
    this.#start = start;
    this.#end = end;
    this.#totalIters = options.number("total_iters", 5);
    this.initialStep();
  }

  protected override getLrs(): number[] {
    if (this.lastEpoch === 0) return this.scaled(this.#start);
    if (this.isInitial || this.lastEpoch > this.#totalIters) return this.lrsInForce;
    const way = this.#end - this.#start;
    const before = this.#totalIters * this.#start + (this.lastEpoch - 1) * way;
    return this.scaled(1 + divide(way, before, NO_WARMUP));
  }

  protected override closedForm(): number[] {
    const way = this.#end - this.#start;
    const done = way * Math.min(this.#totalIters, this.lastEpoch);
    const factor = this.#start + divide(done, this.#totalIters, NO_WARMUP);
    return this.baseLrs.map((lr) => lr * factor);
  }
}

function refuseBeyondOne(factor: number, least: number): void {
  if (factor > 1 || factor < least) {
    throw new PythonError("ValueError", `a factor of ${factor}`, BEYOND_ONE);
  }
}
