import type { Scheduler } from "./lr_scheduler.ts";
import { NO_METRIC, ReduceLROnPlateau } from "./metric_schedulers.ts";
import type { Optimizer } from "./optimizer.ts";
import { PythonError } from "./python_error.ts";

const NO_PLATEAU =
  "PyTorch refuses a ReduceLROnPlateau inside another scheduler, as it passes no metric on. " +
  "Here step takes the metric, and hands it to the phase in force.";
const NO_PHASES = "PyTorch refuses a composite without schedulers, as we do.";
const MILESTONES = "PyTorch wants one milestone fewer than there are schedulers, as we do.";
const NOT_AS_PHASE =
  "PyTorch cannot begin a SequentialLR or ChainedScheduler at a milestone, and stops there. " +
  "Here anything can be a phase, and runs as it would alone.";

/** A scheduler of others. */
abstract class Composite implements Scheduler {
  constructor(
    kind: string,
    protected readonly schedulers: readonly Scheduler[],
  ) {
    if (schedulers.length === 0) throw new PythonError("ValueError", "no schedulers", NO_PHASES);
    if (schedulers.some((scheduler) => scheduler instanceof ReduceLROnPlateau)) {
      throw new PythonError("ValueError", `${kind} takes no ReduceLROnPlateau`, NO_PLATEAU);
    }
  }

  abstract step(): void;

  /** For a composite that is no more than a step: it is one epoch ahead from then on. */
  initialStep(): void {
    this.step();
  }

  begin(): void {
    throw new PythonError(
      "NotImplementedError",
      "a composite cannot begin as a phase",
      NOT_AS_PHASE,
    );
  }

  undo(): void {
    for (const scheduler of this.schedulers) scheduler.undo();
  }
}

export class ChainedScheduler extends Composite {
  constructor(schedulers: readonly Scheduler[]) {
    super("ChainedScheduler", schedulers);
  }

  override step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
  }
}

export class SequentialLR extends Composite {
  readonly #milestones: readonly number[];
  #lastEpoch = 0;

  constructor(
    optimizer: Optimizer,
    schedulers: readonly Scheduler[],
    milestones: readonly number[],
  ) {
    super("SequentialLR", schedulers);
    if (milestones.length !== schedulers.length - 1) {
      throw new PythonError("ValueError", "a wrong number of milestones", MILESTONES);
    }
    this.#milestones = milestones;
    for (const group of optimizer.groups) {
      // No scheduler of PyTorch's was built, which would have noted it.
      if (group.initialLr === undefined) {
        throw new PythonError("KeyError", "the optimizer has no initial_lr", NO_METRIC);
      }
      group.lr = group.initialLr;
    }
    this.undo();
    this.schedulers[this.#phase()].initialStep();
  }

  override step(): void {
    this.#lastEpoch += 1;
    const phase = this.#phase();
    const isMilestone = phase > 0 && this.#milestones[phase - 1] === this.#lastEpoch;
    if (isMilestone) this.schedulers[phase].begin();
    else this.schedulers[phase].step();
  }

  /** By bisection, so that milestones that are not sorted have the phases they have in Python. */
  #phase(): number {
    let low = 0;
    let high = this.#milestones.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lastEpoch < this.#milestones[middle]) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
