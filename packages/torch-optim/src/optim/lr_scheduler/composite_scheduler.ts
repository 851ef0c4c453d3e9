import { list_of } from "../../fields.ts";
import { refusal } from "../../refusal.ts";
import { lrs_of, type SchedulableOptimizer } from "../param_group.ts";
import { LAST_EPOCH, LRScheduler } from "./lr_scheduler.ts";
import type { StateReader } from "./scheduler_state.ts";

/** The schedulers that a composite is made of. */
export const SCHEDULERS = list_of<LRScheduler>(
  "scheduler",
  (value) => value instanceof LRScheduler,
);

/** What a composite moves in place of a scheduler: the scheduler, or something around it. */
export type Member = Pick<
  LRScheduler,
  "_begin" | "_advance" | "_seek" | "_settle" | "_add_groups" | "_join" | "_state" | "_load"
>;

/** A scheduler made of others, which it drives from its own epoch 0 on. */
export abstract class CompositeScheduler<
  Options extends { schedulers: readonly LRScheduler[] },
> extends LRScheduler<Options> {
  /** What moves in place of the schedulers. @internal */
  abstract readonly _members: readonly Member[];

  /** The schedulers this one is made of. */
  declare readonly schedulers: readonly LRScheduler[];
  /**
   * Moves to the next epoch.
   *
   * @param metric - The value that a `ReduceLROnPlateau` in force before this step judges;
   *   required exactly when there is one.
   * @throws TypeError if a metric is missing, or given and no scheduler inside takes any; nothing
   *   has moved then.
   */
  override step(metric?: number): void {
    this.#check_metric(metric);
    this._check_epoch(this.last_epoch + 1);
    this._prepare_step();
    this._advance(metric);
  }

  /** The lr in force: the schedulers inside have set it. */
  override get_lr(): number[] {
    return lrs_of(this.optimizer.param_groups);
  }

  #check_metric(metric: unknown): void {
    if (
      metric === undefined ? this._needs_metric : !this._takes_metrics || typeof metric !== "number"
    ) {
      const expected = this._takes_metrics ? "a number" : "left out, as no scheduler takes one";
      throw new TypeError(`${this._name}: metric ${refusal(expected, metric)}`);
    }
  }

  /** @internal */
  override _set_up(): void {
    const [, ...members] = this._family;
    const seen = new Set<LRScheduler>();
    for (const member of members) {
      if (member.optimizer !== this.optimizer) {
        throw new Error(
          `${this._name}: schedulers must have its own optimizer, got a ${member._name} of another`,
        );
      }
      if (seen.has(member)) {
        throw new Error(
          `${this._name}: schedulers must stand in it once each, got the same ${member._name} twice`,
        );
      }
      seen.add(member);
    }
  }

  /** Building the children left its traces in the groups: a composite begins from the base. @internal */
  override _start(): void {
    this._enter();
  }

  /** Notes the epoch that the children have reached. @internal */
  _arrive(epoch: number): void {
    const groups = this.optimizer.param_groups;
    this.last_epoch = epoch;
    for (let g = 0; g < this._last_lr.length; g++) this._last_lr[g] = groups[g].lr;
  }

  /** @internal */
  override get _family(): LRScheduler[] {
    return [this, ...this.schedulers.flatMap((scheduler) => scheduler._family)];
  }

  /** @internal */
  override get _takes_metrics(): boolean {
    return this.schedulers.some((scheduler) => scheduler._takes_metrics);
  }

  /** @internal */
  override _add_groups(): void {
    super._add_groups();
    for (const member of this._members) member._add_groups();
  }

  /** @internal */
  override _twin(optimizer: SchedulableOptimizer): LRScheduler {
    const schedulers = this.schedulers.map((scheduler) => scheduler._twin(optimizer));
    return super._twin(optimizer, { ...this.options, schedulers });
  }

  /** @internal */
  override _state(): object {
    const _schedulers = this._members.map((member) => member._state());
    return { ...super._state(), _schedulers };
  }

  /** @internal */
  override _load(reader: StateReader): void {
    reader.checked("last_epoch", LAST_EPOCH);
    const states = reader.children("_schedulers", this._members.length);
    for (const [i, member] of this._members.entries()) member._load(states[i]);
    super._load(reader);
  }
}
