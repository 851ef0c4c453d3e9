import { LRScheduler } from "./lr_scheduler.ts";
import type { Optimizer } from "./optimizer.ts";
import type { Options } from "./options.ts";

export class SWALR extends LRScheduler {
  readonly #epochs: number;
  readonly #isLinear: boolean;

  constructor(optimizer: Optimizer, options: Options) {
    const lrs = options.perGroup("swa_lr", optimizer.groups.length);
    // All schedulers of this class read the lr to anneal to here: the last one's is everybody's.
    for (const [g, group] of optimizer.groups.entries()) group.swaLr = lrs[g];
    super(optimizer);
    this.#epochs = options.number("anneal_epochs", 10);
    this.#isLinear = options.text("anneal_strategy", "cos") === "linear";
    this.initialStep();
  }

  /** It goes by the steps that it has taken, whatever the epoch. */
  protected override getLrs(): number[] {
    const taken = this.stepCount - 1;
    const step = this.#epochs === 0 ? Math.max(1, taken) : taken;
    const before = this.#share(step - 1);
    const now = this.#share(step);
    return this.optimizer.groups.map(({ lr, swaLr = 0 }) => {
      const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + start * (1 - now);
    });
  }

  #share(step: number): number {
    const done = Math.max(0, Math.min(1, step / Math.max(1, this.#epochs)));
    return this.#isLinear ? done : (1 - Math.cos(Math.PI * done)) / 2;
  }
}
