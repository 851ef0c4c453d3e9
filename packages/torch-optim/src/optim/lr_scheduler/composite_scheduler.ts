import { other, refusal } from "../../fields.ts";
import type { SchedulableOptimizer } from "../param_group.ts";
import { LRScheduler, type Restoration } from "./lr_scheduler.ts";
import type { SchedulerState, StateReader } from "./state.ts";

/** The schedulers that a composite is made of. */
export const SCHEDULERS = other<readonly LRScheduler[]>(
  "a list of at least one scheduler",
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((scheduler) => scheduler instanceof LRScheduler),
);

/** What a composite moves in place of a scheduler: the scheduler, or something around it. */
export type Member = Pick<
  LRScheduler,
  | "_begin"
  | "_advance"
  | "_seek"
  | "_settle"
  | "_apply_momentum"
  | "_add_groups"
  | "_state"
  | "_restore"
>;

/** A scheduler made of others, which it drives from its own epoch 0 on. */
export abstract class CompositeScheduler<
  Options extends { schedulers: readonly LRScheduler[] },
> extends LRScheduler<Options> {
  /** What moves in place of the schedulers. @internal */
  abstract readonly _members: readonly Member[];

  /** The schedulers this one is made of. */
  get schedulers(): readonly LRScheduler[] {
    return this.options.schedulers;
  }

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
    this._prepare_step();
    this._check_advance();
    this._advance(metric);
  }

  /** The lr in force: the schedulers inside have set it. */
  override get_lr(): number[] {
    return this.optimizer.param_groups.map((group) => group.lr);
  }

  #check_metric(metric: unknown): void {
    if (metric === undefined) {
      if (!this._needs_metric) return;
      throw new TypeError(`${this._name}: step() needs a metric in this phase, got none`);
    }
    if (!this._takes_metrics) {
      throw new TypeError(
        `${this._name}: step() takes no argument, as no scheduler inside takes a metric, got ${metric}`,
      );
    }
    if (typeof metric !== "number") {
      throw new TypeError(`${this._name}: metric ${refusal("a number", metric)}`);
    }
  }

  /** @internal */
  override _check_options(): void {
    const seen = new Set<LRScheduler>();
    for (const [i, scheduler] of this.schedulers.entries()) {
      if (scheduler.optimizer !== this.optimizer) {
        throw new Error(
          `${this._name}: all schedulers must belong to its own optimizer, ` +
            `but schedulers[${i}] (${scheduler._name}) belongs to another`,
        );
      }
      for (const member of family(scheduler)) {
        if (seen.has(member)) {
          throw new Error(
            `${this._name}: each scheduler must stand in it only once, ` +
              `but schedulers[${i}] brings one ${member._name} for the second time`,
          );
        }
        seen.add(member);
      }
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
  override get _children(): readonly LRScheduler[] {
    return this.schedulers;
  }

  /** @internal */
  override get _takes_metrics(): boolean {
    return this.schedulers.some((scheduler) => scheduler._takes_metrics);
  }

  /** @internal */
  override _check_new_groups(): void {
    for (const scheduler of this.schedulers) scheduler._check_new_groups();
  }

  /** @internal */
  override _add_groups(): void {
    super._add_groups();
    for (const member of this._members) member._add_groups();
  }

  /** @internal */
  override _twin(optimizer: SchedulableOptimizer): LRScheduler {
    const schedulers = this.schedulers.map((scheduler) => scheduler._twin(optimizer));
    return this._built(optimizer, { ...this.options, schedulers });
  }

  /** @internal */
  override _adopt(twin: LRScheduler): void {
    const { schedulers } = this;
    super._adopt(twin);
    this.options = { ...this.options, schedulers };
  }

  /** The base lrs that the children's states brought. */
  #inner_base_lrs(): number[] | undefined {
    return this.schedulers.map((scheduler) => scheduler._plan_base_lrs).find(Boolean);
  }

  /** @internal */
  override _state(): SchedulerState {
    return {
      ...super._state(),
      _schedulers: this._members.map((member) => member._state()),
    };
  }

  /** The epoch of a state. @internal */
  _epoch_in(reader: StateReader, _children: readonly Restoration[]): number {
    return reader.epoch("last_epoch");
  }

  /** Whether the children of a state stand where its epoch says. @internal */
  abstract _is_lawful(
    twin: LRScheduler,
    last_epoch: number,
    children: readonly Restoration[],
  ): boolean;

  /** @internal */
  override _restore(reader: StateReader, optimizer: SchedulableOptimizer): Restoration {
    const groups = this.optimizer.param_groups.length;
    const owners = this.schedulers.map((scheduler) => scheduler._name);
    const children = reader
      .children("_schedulers", owners)
      .map((state, i) => this._members[i]._restore(state, optimizer));
    const schedulers = children.map(({ twin }) => twin);
    const last_lr = reader.numbers("_last_lr", groups, 1);
    const last_epoch = this._epoch_in(reader, children);
    // PyTorch's composites keep no base lrs: their children do.
    const base_lrs = reader.has("base_lrs") ? reader.numbers("base_lrs", groups, 1) : undefined;
    const twin = this._built(optimizer, { ...this._options_in(reader), schedulers });
    return {
      twin,
      last_epoch,
      lawful: this._is_lawful(twin, last_epoch, children),
      apply: () => {
        for (const child of children) child.apply();
        this._adopt(twin);
        this.base_lrs = base_lrs ?? [...(this.#inner_base_lrs() ?? this.base_lrs)];
        this._last_lr = last_lr;
        this.last_epoch = last_epoch;
      },
    };
  }
}

/** A scheduler and all that is inside it. */
function family(scheduler: LRScheduler): LRScheduler[] {
  return [scheduler, ...scheduler._children.flatMap(family)];
}
