import { lrs_of } from "../param_group.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import type { StateReader } from "./scheduler_state.ts";

/**
 * A member of a chain that has a curve of its own: it scales the lr in force by the ratio of that
 * curve from epoch to epoch, so that its neighbours' factors survive where the curve starts anew.
 *
 * To move its scheduler it lends the groups the curve's lr, and takes them back.
 */
export class ScaledCurve {
  /** The curve's own lr at the epoch in force. */
  #lrs: number[] = [];
  /** What the neighbours made of the lr at the last epoch at which the curve was not 0. */
  #neighbours: number[] = [];
  /** The chain's lr while the groups are lent. */
  readonly #chain_lrs: number[] = [];

  constructor(readonly scheduler: LRScheduler) {}

  _begin(): void {
    const { base_lrs } = this.scheduler;
    this.#lrs = [...base_lrs];
    this.#neighbours = base_lrs.map(() => 1);
    this.#lend();
    this.scheduler._begin();
    this.#take_back();
  }

  _advance(metric?: number): void {
    this.#lend();
    this.scheduler._advance(metric);
    this.#take_back();
  }

  /** To an epoch up to which the curve is never 0, so that `_settle` knows the neighbours. */
  _seek(epoch: number): void {
    const { base_lrs, optimizer } = this.scheduler;
    this.scheduler._seek(epoch);
    this.#lrs = lrs_of(optimizer.param_groups);
    this.#neighbours = base_lrs.map(() => 1);
  }

  /** Notes the neighbours' factors once all of them have moved. */
  _settle(): void {
    const groups = this.scheduler.optimizer.param_groups;
    for (let g = 0; g < this.#lrs.length; g++) {
      if (this.#lrs[g] !== 0) this.#neighbours[g] = groups[g].lr / this.#lrs[g];
    }
  }

  _add_groups(): void {
    const { base_lrs } = this.scheduler;
    this.scheduler._add_groups();
    for (let g = this.#lrs.length; g < base_lrs.length; g++) {
      this.#lrs.push(this.scheduler._joining_lr(g));
      this.#neighbours.push(1);
    }
  }

  _join(g: number, lr: number): void {
    if (this.#lrs[g] !== 0) this.#neighbours[g] = lr / this.#lrs[g];
  }

  _state(): object {
    return { ...this.scheduler._state(), _curve: this.#lrs, _neighbours: this.#neighbours };
  }

  /** A state from PyTorch knows no own curve: it is where the plan says. */
  _load(reader: StateReader): void {
    const { scheduler } = this;
    scheduler._load(reader);
    const count = scheduler.base_lrs.length;
    const is_known = reader.has("_curve");
    this.#lrs = is_known ? reader.numbers("_curve", count) : scheduler.lr_at(scheduler.last_epoch);
    this.#neighbours = is_known ? reader.numbers("_neighbours", count) : this.#lrs.map(() => 1);
  }

  #lend(): void {
    const groups = this.scheduler.optimizer.param_groups;
    for (let g = 0; g < this.#lrs.length; g++) {
      this.#chain_lrs[g] = groups[g].lr;
      groups[g].lr = this.#lrs[g];
    }
  }

  #take_back(): void {
    const groups = this.scheduler.optimizer.param_groups;
    for (let g = 0; g < this.#lrs.length; g++) {
      const before = this.#lrs[g];
      const now = groups[g].lr;
      groups[g].lr = before === 0 ? now * this.#neighbours[g] : this.#chain_lrs[g] * (now / before);
      this.#lrs[g] = now;
    }
  }
}
