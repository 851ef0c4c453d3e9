import { checked, NOT_NEGATIVE, number } from "../../fields.ts";
import { warn_once } from "../../warn_once.ts";
import { base_lr_of, lrs_of, type ScheduledMomenta } from "../param_group.ts";
import { family_of } from "./family.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { current_options, name_of, type OptionValues, take_options } from "./options.ts";
import { plan_of } from "./plan.ts";
import { type StateReader, to_data } from "./scheduler_state.ts";

/** Epochs, times schedulers, that a plan replays at most: about a second of work. */
const MOST_REPLAYED = 1e7;
/** PyTorch gives a child that has not yet begun the epoch -1; warm restarts go to any between. */
const EPOCH_IN_STATE = number({ min: -1 });

/** The lr of every parameter group. A motion that gives a list may write it again two epochs later. */
export type LRs = readonly number[];

/**
 * How a scheduler moves: what schedulers ask of one another, and all by which they compose.
 *
 * A step is computed before anything is written. `begin`, `enter`, `advance`, `jump` and `at` take
 * lrs and give those of an epoch; they touch neither the optimizer nor what the scheduler remembers,
 * so that any of them may throw, or be asked again. Only when the whole tree has answered is it told
 * to `commit` to what it computed last, which must not throw.
 *
 * A scheduler of one's own needs none of this but `get_lr()`. One that is made of others has a static
 * `motion` that gives a motion derived from `CompositeMotion`.
 */
export abstract class Motion<S extends LRScheduler = LRScheduler> {
  /** The scheduler that moves so. */
  readonly scheduler: S;
  /** The schedulers inside. */
  readonly children: readonly LRScheduler[] = [];
  /** Those of them that have moved, and are to commit. */
  declare readonly moving?: readonly LRScheduler[];
  /** Whether `step` ever takes a metric. */
  readonly takes_metrics: boolean = false;
  /** What writes the momentum, if it ever moves it. */
  declare momenta?: ScheduledMomenta;
  /** The epoch computed last. */
  epoch = 0;
  /** Its lrs. */
  lrs: LRs = [];

  /** The list for the lrs of the next epoch. */
  #next: number[] = [];
  /** Where the last replay of a plan has come to. */
  #stop = -1;

  constructor(scheduler: S) {
    this.scheduler = scheduler;
  }

  // Moving.

  /** Epoch 0, from the lrs given. */
  abstract begin(lrs: LRs): LRs;

  /** The next epoch, from the lrs in force. */
  abstract advance(lrs: LRs, epoch: number, metric?: number): LRs;

  /** Epoch 0 as a later phase of a sequence, where `lrs` are in force: from the base lrs. */
  enter(_lrs: LRs): LRs {
    return this.begin(this.scheduler.base_lrs);
  }

  /** Any epoch, as PyTorch's deprecated `step(epoch)` takes it. */
  jump(lrs: LRs, epoch: number): LRs {
    const name = name_of(this.scheduler);
    checked(`${name}: epoch`, NOT_NEGATIVE, epoch);
    if (!Number.isInteger(epoch)) {
      warn_once(this, "epoch", `${name}: step(${epoch}) takes an epoch, and no metric`);
    }
    return this.is_closed(epoch) ? this.at(epoch) : this.advance(lrs, epoch);
  }

  /**
   * The planned lrs of an epoch, from the base lrs and the options alone. By default by replaying all
   * epochs up to it, which moves the scheduler: only a plan is asked then. `begin` gives epoch 0.
   */
  at(epoch: number, begin = (): LRs => this.begin(this.scheduler.base_lrs)): LRs {
    const name = name_of(this.scheduler);
    let stop = this.#stop > epoch ? -1 : this.#stop;
    const steps = (epoch - stop) * family_of(this.scheduler).length;
    if (steps > MOST_REPLAYED) {
      throw new RangeError(
        `${name}: epoch ${epoch} takes ${steps} steps to replay, more than ${MOST_REPLAYED}; ` +
          "load a state that was saved there",
      );
    }
    this.#stop = -1;
    if (stop < 0) {
      begin();
      this.commit();
      stop = 0;
    }
    for (; stop < epoch; this.commit()) {
      stop += 1;
      this.advance(this.lrs, stop);
    }
    this.#stop = stop;
    return this.lrs;
  }

  /** The list for the lrs of the next epoch, which is never the one in force. */
  protected get next(): number[] {
    const { base_lrs } = this.scheduler;
    // Made whole, as a list that is stretched has holes to V8, which then boxes every number.
    if (this.#next.length !== base_lrs.length) this.#next = [...base_lrs];
    return this.#next;
  }

  /** Notes what was computed for an epoch, and gives the lrs. */
  protected moved(epoch: number, lrs: LRs): LRs {
    this.epoch = epoch;
    this.lrs = lrs;
    return lrs;
  }

  /** What was computed last is in force now. */
  commit(): void {
    const { scheduler, lrs } = this;
    if (scheduler._last_lr !== lrs) this.#next = scheduler._last_lr;
    scheduler._last_lr = lrs as number[];
    scheduler.last_epoch = this.epoch;
  }

  // What others ask.

  /** Whether the next step needs a metric. */
  needs_metric?(): boolean;

  /** The momentum of a group at the epoch computed last; NaN where it leaves the group its own. */
  momentum?(g: number): number;

  /** Whether it answers `at` for an epoch by a closed form, and replays nothing. */
  is_closed(_epoch: number): boolean {
    return this.at !== Motion.prototype.at;
  }

  /** Whether, as a later phase, it goes on from the lrs in force and not from the base lrs. */
  is_relative?(): boolean;

  // As a member of a chain.

  /** What a chain moves in its place: itself, by default. */
  declare readonly members?: readonly Motion[];

  /** Whether it moves on a curve of its own, by whose ratio to the base lr it scales the chain's lr. */
  has_own_curve?(): boolean;

  /** Whether its chainable form is a factor, that of its closed form, but for its returns. */
  is_factor?(): boolean;

  /** The last epoch up to this one at which, after a 0, it added to the lr; -1 if there is none. */
  last_return?(epoch: number): number;

  // Parameter groups.

  /** The base lr of a group, if that is an option and not the group's own. */
  own_base_lr?(g: number): number;

  /** Takes in the groups that it does not know yet. */
  admit(): void {
    const { scheduler } = this;
    const { param_groups } = scheduler.optimizer;
    const { base_lrs, _last_lr } = scheduler;
    // New lists, since a composite shares them.
    scheduler.base_lrs = param_groups.map(
      (group, g) => base_lrs[g] ?? this.own_base_lr?.(g) ?? base_lr_of(group),
    );
    scheduler._last_lr = lrs_of(param_groups).map((lr, g) => _last_lr[g] ?? lr);
  }

  /** The lr with which a group that was admitted joins at the epoch in force. */
  join(g: number): number {
    return plan_of(this.scheduler).at(this.scheduler.last_epoch)[g];
  }

  // State.

  /** Refuses options that contradict each other or the optimizer, and prepares what formulas need. */
  prepare?(): void;

  /** The options under their keys in a state. */
  option_state(): object {
    return current_options(this.scheduler);
  }

  /** The options in a state; functions are no data and stay what they are. */
  options_in(reader: StateReader): object {
    const { option_table } = this.scheduler.constructor as typeof LRScheduler;
    const options = current_options(this.scheduler);
    for (const key of Object.keys(to_data(options))) {
      options[key] = option_table ? reader.value(key) : reader.like(key, options[key]);
    }
    return options;
  }

  /** The state, with `_last_lr` as this scheduler last set it. */
  state(): object {
    const { base_lrs, last_epoch, _last_lr } = this.scheduler;
    return {
      ...this.option_state(),
      ...own_fields(this.scheduler),
      base_lrs,
      last_epoch,
      _step_count: Math.floor(last_epoch) + 1,
      _last_lr,
    };
  }

  /** Takes over a state: options, epoch, lr. */
  load(reader: StateReader): void {
    const { scheduler } = this;
    const count = scheduler.optimizer.param_groups.length;
    take_options(scheduler, this.options_in(reader), reader.path);
    // PyTorch's states of plateaus and composites have no base lrs.
    scheduler.base_lrs = reader.or(scheduler).numbers("base_lrs", count, 1, NOT_NEGATIVE);
    scheduler.last_epoch = reader.checked("last_epoch", EPOCH_IN_STATE);
    // Groups that have not joined yet are no concern of this scheduler.
    const known = scheduler.base_lrs.length;
    scheduler._last_lr = reader.numbers("_last_lr", count, known).slice(0, known);
    const fields = scheduler as unknown as OptionValues;
    for (const key of Object.keys(to_data(own_fields(scheduler)))) {
      fields[key] = reader.like(key, fields[key]);
    }
    this.prepare?.();
    this.moved(scheduler.last_epoch, scheduler._last_lr);
  }

  /** Whether the schedulers inside stand elsewhere than the epoch of this one says. */
  is_astray?(): boolean;
}

/** What a class keeps beside its options and what every scheduler has. */
function own_fields(scheduler: LRScheduler): OptionValues {
  const { optimizer, options, base_lrs, last_epoch, _last_lr, ...own } = scheduler;
  const fields: OptionValues = own;
  for (const key of Object.keys(options)) delete fields[key];
  return fields;
}
