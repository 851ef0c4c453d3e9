import { LRScheduler } from "./lr_scheduler.ts";
import type { Group, Optimizer } from "./optimizer.ts";
import type { Options } from "./options.ts";
import { divide, PythonError, power } from "./python_error.ts";

const NO_CYCLE =
  "PyTorch takes a cycle without a step in it, and divides by its length. " +
  "Here it is refused when the scheduler is built.";
const NO_RISE =
  "PyTorch takes a cycle whose first part has no length, and divides by it. " +
  "Here it is refused when the scheduler is built.";
const NO_STEPS = "PyTorch refuses a cycle without a number of steps, as we do.";
const WHOLE_PCT =
  "PyTorch's OneCycleLR refuses a pct_start that Python takes for a whole number, such as 1. " +
  "Here every number from 0 to 1 will do.";
const PAST_END = "PyTorch refuses a step past the end of the cycle, as we do.";

export class CyclicLR extends LRScheduler {
  readonly #options: Options;
  readonly #highest: readonly number[];
  readonly #length: number;
  readonly #riseShare: number;

  constructor(optimizer: Optimizer, options: Options) {
    const { groups } = optimizer;
    const lowest = options.perGroup("base_lr", groups.length);
    // So an optimizer that has no base lr yet gets this one, and whatever is built later goes by it.
    for (const [g, group] of groups.entries()) group.lr = lowest[g];
    super(optimizer);
    this.#options = options;
    this.#highest = options.perGroup("max_lr", groups.length);
    const up = options.number("step_size_up", 2000);
    this.#length = up + (options.numberOrNone("step_size_down") ?? up);
    this.#riseShare = divide(up, this.#length, NO_CYCLE);
    this.initialStep();
    this.baseLrs = lowest;
  }

  protected override getLrs(): number[] {
    const cycle = Math.floor(1 + this.lastEpoch / this.#length);
    const x = 1 + this.lastEpoch / this.#length - cycle;
    const rise =
      x <= this.#riseShare
        ? divide(x, this.#riseShare, NO_CYCLE)
        : divide(x - 1, this.#riseShare - 1, NO_CYCLE);
    const scale = this.#scale(cycle);
    return this.baseLrs.map((base, g) => base + (this.#highest[g] - base) * rise * scale);
  }

  #scale(cycle: number): number {
    switch (this.#options.text("mode", "triangular")) {
      case "triangular2":
        return 1 / power(2, cycle - 1);
      case "exp_range":
        return power(this.#options.number("gamma", 1), this.lastEpoch);
      default:
        return 1;
    }
  }
}

type Height = "initialLr" | "maxLr" | "minLr";

interface Part {
  readonly end: number;
  readonly from: Height;
  readonly to: Height;
}

export class OneCycleLR extends LRScheduler {
  readonly #steps: number;
  readonly #parts: readonly Part[];
  readonly #isLinear: boolean;

  constructor(optimizer: Optimizer, options: Options) {
    const steps = stepsOf(options);
    const share = options.number("pct_start", 0.3);
    if (Number.isInteger(share) || share < 0 || share > 1) {
      throw new PythonError("ValueError", `pct_start is ${share}`, WHOLE_PCT);
    }
    const highest = options.perGroup("max_lr", optimizer.groups.length);
    // So every scheduler of the optimizer that reads them afterwards goes by this one's lrs.
    for (const [g, group] of optimizer.groups.entries()) {
      const first = divide(highest[g], options.number("div_factor", 25), NO_CYCLE);
      group.initialLr = first;
      group.maxLr = highest[g];
      group.minLr = divide(first, options.number("final_div_factor", 1e4), NO_CYCLE);
    }
    super(optimizer);
    this.#steps = steps;
    this.#parts = partsOf(share, steps, options.flag("three_phase", false));
    this.#isLinear = options.text("anneal_strategy", "cos") === "linear";
    this.initialStep();
  }

  protected override getLrs(): number[] {
    if (this.lastEpoch > this.#steps) {
      throw new PythonError("ValueError", `step ${this.lastEpoch} of ${this.#steps}`, PAST_END);
    }
    const isUnderWay = ({ end }: Part) => this.lastEpoch <= end;
    const found = this.#parts.findIndex(isUnderWay);
    const i = found < 0 ? this.#parts.length - 1 : found;
    const start = this.#parts[i - 1]?.end ?? 0;
    const part = this.#parts[i];
    const share = divide(this.lastEpoch - start, part.end - start, NO_RISE);
    return this.optimizer.groups.map((group) => this.#between(part, group, share));
  }

  #between({ from, to }: Part, group: Group, share: number): number {
    const start = group[from] ?? 0;
    const end = group[to] ?? 0;
    if (this.#isLinear) return (end - start) * share + start;
    return end + ((start - end) / 2) * (Math.cos(Math.PI * share) + 1);
  }
}

function stepsOf(options: Options): number {
  const epochs = options.numberOrNone("epochs");
  const perEpoch = options.numberOrNone("steps_per_epoch");
  const product = epochs === undefined || perEpoch === undefined ? undefined : epochs * perEpoch;
  const steps = options.numberOrNone("total_steps") ?? product;
  if (steps === undefined || !Number.isInteger(steps) || steps <= 0) {
    throw new PythonError("ValueError", `total_steps is ${steps ?? "not given"}`, NO_STEPS);
  }
  return steps;
}

function partsOf(share: number, steps: number, isThreePhase: boolean): readonly Part[] {
  const rise: Part = { end: share * steps - 1, from: "initialLr", to: "maxLr" };
  const end = steps - 1;
  if (!isThreePhase) return [rise, { end, from: "maxLr", to: "minLr" }];
  return [
    rise,
    { end: 2 * share * steps - 2, from: "maxLr", to: "initialLr" },
    { end, from: "initialLr", to: "minLr" },
  ];
}
