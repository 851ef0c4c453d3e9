import { momentum_of, own_momentum_of, set_momentum } from "../param_group.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import type { SchedulerState, StateReader } from "./state.ts";

/**
 * A member of a chain that has a curve of its own: it scales the lr in force by the ratio of that
 * curve from epoch to epoch, so that its neighbours' factors survive where the curve starts anew.
 *
 * To move its scheduler it lends the groups the curve's lr and momentum, and takes them back.
 */
export class ScaledCurve {
  /** The curve's own lr, and momentum, at the epoch in force. */
  #lrs: number[] = [];
  #momenta: number[] = [];
  /** What the neighbours made of the lr at the last epoch at which the curve was not 0. */
  #neighbours: number[] = [];
  /** The chain's lr and momentum while the groups are lent. */
  readonly #chain_lrs: number[] = [];
  readonly #chain_momenta: number[] = [];

  constructor(readonly scheduler: LRScheduler) {}

  _begin(): void {
    const { base_lrs, optimizer } = this.scheduler;
    this.#lrs = [...base_lrs];
    this.#momenta = optimizer.param_groups.map((group) => own_momentum_of(group) ?? 0);
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
    this.#lrs = optimizer.param_groups.map((group) => group.lr);
    this.#momenta = optimizer.param_groups.map((group) => momentum_of(group) ?? 0);
    this.#neighbours = base_lrs.map(() => 1);
  }

  /** Notes the neighbours' factors once all of them have moved. */
  _settle(): void {
    const groups = this.scheduler.optimizer.param_groups;
    for (let g = 0; g < this.#lrs.length; g++) {
      if (this.#lrs[g] !== 0) this.#neighbours[g] = groups[g].lr / this.#lrs[g];
    }
  }

  _apply_momentum(): void {
    const groups = this.scheduler.optimizer.param_groups;
    this.#momenta = groups.map((group) => own_momentum_of(group) ?? 0);
    for (let g = 0; g < groups.length; g++) this.#lend_momentum(g);
    this.scheduler._apply_momentum();
    for (let g = 0; g < groups.length; g++) this.#take_back_momentum(g);
  }

  _add_groups(): void {
    this.scheduler._add_groups();
    const groups = this.scheduler.optimizer.param_groups;
    for (let g = this.#lrs.length; g < groups.length; g++) {
      this.#lrs.push(this.scheduler._joining_lr(g));
      this.#momenta.push(momentum_of(groups[g]) ?? 0);
      this.#neighbours.push(1);
    }
  }

  _state(): SchedulerState {
    return {
      ...this.scheduler._state(),
      _curve: [...this.#lrs],
      _neighbours: [...this.#neighbours],
    };
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
      this.#lend_momentum(g);
    }
  }

  #take_back(): void {
    const groups = this.scheduler.optimizer.param_groups;
    for (let g = 0; g < this.#lrs.length; g++) {
      const before = this.#lrs[g];
      const now = groups[g].lr;
      groups[g].lr = before === 0 ? now * this.#neighbours[g] : this.#chain_lrs[g] * (now / before);
      this.#lrs[g] = now;
      this.#take_back_momentum(g);
    }
  }

  #lend_momentum(g: number): void {
    const group = this.scheduler.optimizer.param_groups[g];
    if (own_momentum_of(group) === undefined) return;
    this.#chain_momenta[g] = momentum_of(group) as number;
    set_momentum(group, this.#momenta[g]);
  }

  #take_back_momentum(g: number): void {
    const group = this.scheduler.optimizer.param_groups[g];
    if (own_momentum_of(group) === undefined) return;
    const momentum = momentum_of(group) as number;
    // A curve that leaves momentum alone leaves it to its neighbours.
    if (momentum === this.#momenta[g]) set_momentum(group, this.#chain_momenta[g]);
    this.#momenta[g] = momentum;
  }
}
