import { lrsOf, type Optimizer, writeLrs } from "./optimizer.ts";

/** A scheduler of PyTorch's, with what others call on it. */
export interface Scheduler {
  /** Goes on to the next epoch. */
  step(): void;
  /** What the constructor does last, and a sequence once more with its first phase. */
  initialStep(): void;
  /** How a sequence begins one of its later phases: at epoch 0, without counting a step. */
  begin(): void;
  /** How a sequence takes back the step that its phases' constructors took. */
  undo(): void;
}

/** A scheduler without others inside. A class calls `initialStep` when its fields are there. */
export abstract class LRScheduler implements Scheduler {
  protected lastEpoch = -1;
  protected stepCount = 0;
  protected isInitial = false;
  protected baseLrs: readonly number[];

  constructor(protected readonly optimizer: Optimizer) {
    this.baseLrs = optimizer.groups.map((group) => {
      group.initialLr ??= group.lr;
      return group.initialLr;
    });
  }

  /** The lrs of the epoch, from those in force if it has a chainable form. */
  protected abstract getLrs(): number[];

  /** The lrs of the epoch from the base lr; none for a class that has no such form. */
  protected closedForm?(): number[];

  initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    this.step();
    this.isInitial = false;
  }

  step(): void {
    this.stepCount += 1;
    this.lastEpoch += 1;
    writeLrs(this.optimizer, this.getLrs());
  }

  begin(): void {
    this.lastEpoch = 0;
    writeLrs(this.optimizer, this.closedForm?.() ?? this.getLrs());
  }

  undo(): void {
    this.lastEpoch -= 1;
  }

  /** The lrs in force, each times a factor. */
  protected scaled(factor: number): number[] {
    return lrsOf(this.optimizer).map((lr) => lr * factor);
  }

  protected get lrsInForce(): number[] {
    return lrsOf(this.optimizer);
  }
}
