import { checked, number, whole_number } from "../../fields.ts";
import type { OptionTable } from "../../option_table.ts";
import { is_number, is_object, refuse, refuse_numbers } from "../../refusal.ts";
import {
  base_lr_of,
  lrs_of,
  restore_base,
  type SchedulableGroup,
  type SchedulableOptimizer,
} from "../param_group.ts";
import { type SchedulerState, StateReader, to_data } from "./scheduler_state.ts";

/** Options that every scheduler takes. */
export interface LRSchedulerOptions {
  /**
   * The last epoch that was done, a whole number of at least -1. Default -1: a fresh start.
   * With `last_epoch: N` the scheduler stands at epoch N + 1.
   */
  last_epoch?: number;
}

/** Options as a scheduler keeps them: complete, and without `last_epoch`, which is state. */
export type Resolved<Options> = Required<Omit<Options, keyof LRSchedulerOptions>>;

/** A constructor's options, which may be left out if each of them may. */
type Arguments<Options> =
  Partial<Options> extends Options
    ? [options?: Options & LRSchedulerOptions]
    : [options: Options & LRSchedulerOptions];

type SchedulerClass = new (optimizer: SchedulableOptimizer, options: object) => LRScheduler;

const NOT_NEGATIVE = number({ min: 0 });
const EPOCH = whole_number({ min: 0 });
/** PyTorch gives a child that has not yet begun the epoch -1. */
export const LAST_EPOCH = whole_number({ min: -1 });
/** Seconds of work: what asks for more is no run but a mistake. */
const MOST_REPLAYED = 1e8;
const EPOCH_IN_STATE = number({ min: -1 });

/**
 * The base of all schedulers. It moves the learning rate of an optimizer's parameter groups, one
 * epoch with each `step()`.
 *
 * A scheduler of your own is a subclass with a `get_lr()` that returns the lr of every group at
 * `this.last_epoch`, from `this.options`, `this.base_lrs` and the groups' lr in force. With that
 * alone it composes, resumes and answers `lr_at()`. Read options from `this.options`: fields of a
 * subclass do not exist yet when the constructor here asks for epoch 0.
 *
 * The methods with a leading underscore are the calls by which schedulers compose; a scheduler
 * with a closed form answers some of them faster than by replaying its epochs.
 *
 * @example
 * ```ts
 * class InverseSqrtLR extends torch.optim.LRScheduler<{ offset: number }> {
 *   get_lr() {
 *     const { offset } = this.options;
 *     return this.base_lrs.map((base) => base * Math.sqrt(offset / (offset + this.last_epoch)));
 *   }
 * }
 * const scheduler = new InverseSqrtLR(optimizer, { offset: 10 });
 * ```
 */
export abstract class LRScheduler<Options extends object = object> {
  /** The table of options; without one, options are taken as they are given. @internal */
  static readonly option_table?: OptionTable<object>;

  /** The optimizer whose parameter groups are scheduled. */
  readonly optimizer: SchedulableOptimizer;
  /** The options, defaults filled in. */
  declare options: Readonly<Options>;
  /** The base lr of every parameter group. */
  base_lrs: number[];
  /** The epoch in force: the number of `step()`s since epoch 0. */
  last_epoch = 0;
  /** @internal */
  _last_lr: number[];

  /** Where `get_lr()` puts its result at every step. */
  #lrs: number[] = [];
  #plan: LRScheduler | undefined;
  #replayed = false;
  /** Whether the first step is still to come, and epoch 0 with it. */
  #is_fresh = true;

  constructor(optimizer: SchedulableOptimizer, ...[options]: Arguments<Options>) {
    if (options !== undefined && !is_object(options)) {
      refuse(`${this._name}: options`, "an object", options);
    }
    const { last_epoch = -1, ...given }: LRSchedulerOptions = { ...options };
    const groups = optimizer?.param_groups;
    if (!Array.isArray(groups)) {
      refuse(`${this._name}: optimizer`, "an object with param_groups", optimizer);
    }
    for (const [g, group] of groups.entries()) {
      checked(`${this._name}: lr of parameter group ${g}`, NOT_NEGATIVE, group?.lr);
      checked(`${this._name}: initial_lr of parameter group ${g}`, NOT_NEGATIVE, base_lr_of(group));
    }
    checked(`${this._name}: last_epoch`, LAST_EPOCH, last_epoch);
    this.optimizer = optimizer;
    this._take_options(given);
    const own_lrs = groups.map(base_lr_of);
    this.base_lrs = groups.map(this._read_base_lr, this);
    this._last_lr = lrs_of(groups);
    const resumed = last_epoch === -1 ? undefined : this.#plan_at(last_epoch + 1).state_dict();
    this._start();
    for (const [g, group] of groups.entries()) this._note_own_lr(group, own_lrs[g]);
    if (resumed) this.#take_up(resumed);
  }

  /**
   * Moves to the next epoch.
   *
   * @param epoch - Deprecated, as in PyTorch: the epoch to move to, by the closed form if there
   *   is one.
   */
  step(epoch?: number): void {
    if (epoch !== undefined) checked(`${this._name}: epoch`, NOT_NEGATIVE, epoch);
    this._check_epoch(epoch ?? this.last_epoch + 1);
    this._prepare_step();
    if (epoch === undefined) this._advance();
    else this._set(epoch);
  }

  /**
   * The lr of every group at `last_epoch`, from the lr in force.
   *
   * @param lrs - A list to put it into; by default a new one.
   */
  abstract get_lr(lrs?: number[]): number[];

  /** The lr of every group as the last step set it. */
  get_last_lr(): number[] {
    return [...this._last_lr];
  }

  /**
   * The planned lr of every group at an epoch, from base lr and options alone. It touches nothing,
   * whatever was set by hand.
   *
   * @throws RangeError unless `epoch` is a whole number from 0 on; Error where metrics decide.
   */
  lr_at(epoch: number): number[] {
    checked(`${this._name}: epoch`, EPOCH, epoch);
    return lrs_of(this.#plan_at(epoch).optimizer.param_groups);
  }

  /**
   * The state as a plain object that survives JSON, under PyTorch's keys. `_last_lr` is the lr in
   * force now.
   */
  state_dict(): SchedulerState {
    return to_data({ ...this._state(), _last_lr: lrs_of(this.optimizer.param_groups) });
  }

  /**
   * Takes up a state: the options, the epoch, and the optimizer's lr and momentum. Everything is
   * checked before anything changes.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state: object): void {
    // What is wrong with the state comes to light where nothing can be damaged.
    const twin = this._fresh();
    twin.#take_up(state);
    const lawful = (twin._is_lawful() ? twin : twin.#plan_at(twin.last_epoch)).state_dict();
    twin.#take_up(lawful);
    this.#take_up(lawful);
  }

  /** @internal */
  get _name(): string {
    const { option_table, name } = this.constructor as typeof LRScheduler;
    return option_table?.owner ?? name;
  }

  // Construction.

  /** Checks the options and keeps them, defaults filled in. @internal */
  _take_options(given: object, path?: string): void {
    const { option_table } = this.constructor as typeof LRScheduler;
    const options = option_table?.resolve(given, this.optimizer.param_groups.length, path);
    this.options = (options ?? given) as Options;
    Object.assign(this, options);
    this.#plan = undefined;
    this._set_up();
  }

  /**
   * Refuses options that contradict each other or the optimizer, and prepares what formulas need
   * of them.
   *
   * @internal
   */
  _set_up(): void {}

  /** @internal */
  _read_base_lr(group: SchedulableGroup, _g: number): number {
    return base_lr_of(group);
  }

  /** Lets schedulers that are built later find the group's own lr. @internal */
  _note_own_lr(group: SchedulableGroup, own_lr: number): void {
    group.initial_lr = own_lr;
  }

  /** A plain scheduler applies its epoch 0 to the lr in force, so that several of them chain. @internal */
  _start(): void {
    this._begin();
  }

  // Moving. Every scheduler answers these calls, and composites are built from nothing else.

  /** Epoch 0, applied to the lr in force. @internal */
  _begin(): void {
    this.last_epoch = 0;
    this._apply();
  }

  /** Epoch 0 as a later phase of a sequence: from the base lr. @internal */
  _enter(): void {
    this._restart();
  }

  /** The next epoch. @internal */
  _advance(_metric?: number): void {
    this.last_epoch += 1;
    try {
      this._apply();
    } catch (error) {
      this.last_epoch -= 1;
      throw error;
    }
  }

  /** Refuses an epoch before anything moves there. @internal */
  _check_epoch(_epoch: number): void {}

  /** The given epoch, as PyTorch's `step(epoch)` does it. @internal */
  _set(epoch: number): void {
    this.last_epoch = epoch;
    this._apply();
  }

  /**
   * The given epoch of a plan, after `begin`: by default from the base lr, and by replaying all
   * epochs up to it. It goes on from where an earlier replay left off if epoch and lr in force,
   * which are all that decides what follows, are still its own.
   *
   * @internal
   */
  _seek(epoch: number, begin = () => this._restart()): void {
    const groups = this.optimizer.param_groups;
    const is_in_force = this._last_lr.every((lr, g) => lr === groups[g].lr);
    if (!(this.#replayed && this.last_epoch <= epoch && is_in_force)) begin();
    this.#replayed = false;
    if (epoch - this.last_epoch > MOST_REPLAYED) {
      throw new RangeError(`${this._name}: epoch ${epoch} is too far to replay`);
    }
    while (this.last_epoch < epoch) {
      if (this._needs_metric) {
        throw new Error(
          `${this._name}: metrics decide the lr after epoch ${this.last_epoch}, ` +
            "so only a state from there can resume it",
        );
      }
      this._check_epoch(this.last_epoch + 1);
      this._advance();
    }
    this.#replayed = true;
  }

  /** @internal */
  _restart(): void {
    this._reset();
    this._begin();
  }

  /** Puts lr and momentum to their base values. @internal */
  _reset(): void {
    const groups = this.optimizer.param_groups;
    for (let g = 0; g < this.base_lrs.length; g++) restore_base(groups[g], this.base_lrs[g]);
  }

  /** Sets the lr that `get_lr()` returns. @internal */
  _apply(): void {
    const groups = this.optimizer.param_groups;
    const count = this.base_lrs.length;
    const lrs = this.get_lr(this.#lrs);
    let sound = lrs?.length === count;
    for (let g = 0; g < count; g++) sound &&= is_number(lrs[g]);
    if (!sound) {
      const name = `${this._name}: get_lr() at epoch ${this.last_epoch}`;
      refuse_numbers(name, "numbers, one for each parameter group", lrs);
    }
    for (let g = 0; g < count; g++) groups[g].lr = this._last_lr[g] = lrs[g];
  }

  /** Sets the momentum of the epoch in force, if this scheduler cycles it. @internal */
  _apply_momentum(): void {}

  /** Called in a chain when all its members have moved. @internal */
  _settle(): void {}

  // What composites ask.

  /** Whether `step` needs a metric now. @internal */
  get _needs_metric(): boolean {
    return false;
  }

  /** Whether `step` ever takes a metric. @internal */
  get _takes_metrics(): boolean {
    return false;
  }

  /** Whether, as a later phase, it goes on from the lr in force and not from the base lr. @internal */
  get _is_relative(): boolean {
    return false;
  }

  /** Whether it keeps a curve of its own that a chain scales by. @internal */
  get _has_own_curve(): boolean {
    return false;
  }

  /** This scheduler and all that are inside it. @internal */
  get _family(): LRScheduler[] {
    return [this];
  }

  /**
   * The lr at an epoch as a multiple of any lr it started from; NaN if the lr is no such multiple.
   * Where it is not 0, it was not 0 at any epoch before; where it is 0, it stays 0.
   *
   * @internal
   */
  _scale_at(_epoch: number): number {
    return Number.NaN;
  }

  // Parameter groups added in mid-run.

  /** What every `step` begins with. @internal */
  _prepare_step(): void {
    if (this.#is_fresh && this.optimizer.stepped === false) {
      console.warn(
        `${this._name}: step() came before optimizer.step(), so the lr of epoch 0 was never used`,
      );
    }
    this.#is_fresh = false;
    const groups = this.optimizer.param_groups;
    const known = this.base_lrs.length;
    if (groups.length === known) return;
    if (groups.length < known) {
      throw new Error(
        `${this._name}: optimizer must keep its ${known} parameter groups, got ${groups.length}`,
      );
    }
    // The plan is built anew, which refuses options that are lists with one value for each group.
    this.#plan_at(0);
    this._add_groups();
    for (let g = known; g < groups.length; g++) groups[g].lr = this._joining_lr(g);
  }

  /** Reads the base lr of the groups that are new. @internal */
  _add_groups(): void {
    const groups = this.optimizer.param_groups;
    for (let g = this.base_lrs.length; g < groups.length; g++) {
      const group = groups[g];
      const own_lr = base_lr_of(group);
      this.base_lrs.push(this._read_base_lr(group, g));
      this._note_own_lr(group, own_lr);
      this._last_lr.push(group.lr);
    }
  }

  /** Called in a chain when all its members know group `g`, which joins with `lr`. @internal */
  _join(_g: number, _lr: number): void {}

  /** The lr with which a new group joins at the epoch in force. @internal */
  _joining_lr(g: number): number {
    return this.#plan_at(this.last_epoch).optimizer.param_groups[g].lr;
  }

  // Plans: the same scheduler on parameter groups of its own, at any epoch.

  #plan_at(epoch: number): LRScheduler {
    const count = this.optimizer.param_groups.length;
    if (this.#plan?.base_lrs.length !== count) this.#plan = undefined;
    this.#plan ??= this._fresh();
    this.#plan._seek(epoch);
    return this.#plan;
  }

  /** A scheduler like this one at epoch 0 of parameter groups of its own. @internal */
  _fresh(): LRScheduler {
    return this._twin(this.#virtual_optimizer());
  }

  /** Parameter groups like the optimizer's, at their base values. */
  #virtual_optimizer(): SchedulableOptimizer {
    const param_groups = this.optimizer.param_groups.map((group, g) => {
      const initial_lr = this.base_lrs[g] ?? base_lr_of(group);
      const copy: SchedulableGroup = { ...group, initial_lr };
      if (group.betas) copy.betas = [...group.betas];
      restore_base(copy, initial_lr);
      return copy;
    });
    return { param_groups };
  }

  /** A scheduler like this one at epoch 0 of another optimizer. @internal */
  _twin(optimizer: SchedulableOptimizer, options: object = this.options): LRScheduler {
    return new (this.constructor as SchedulerClass)(optimizer, options);
  }

  // State.

  /** The state with `_last_lr` as this scheduler last set it. @internal */
  _state(): object {
    const { base_lrs, last_epoch, _last_lr } = this;
    return {
      ...this._option_state(),
      ...this.#own_fields(),
      base_lrs,
      last_epoch,
      _step_count: Math.floor(last_epoch) + 1,
      _last_lr,
    };
  }

  /** The options under their keys in a state. @internal */
  _option_state(): object {
    return this.options;
  }

  /** What a subclass keeps beside its options and the fields above. */
  #own_fields(): object {
    const { optimizer, options, base_lrs, last_epoch, ...own } = this;
    return Object.fromEntries(
      Object.entries(own).filter(([key]) => !key.startsWith("_") && !(key in options)),
    );
  }

  #take_up(state: object): void {
    const groups = this.optimizer.param_groups;
    const reader = new StateReader(`${this._name}: state_dict`, state);
    const lrs = reader.numbers("_last_lr", groups.length);
    reader.checked("last_epoch", NOT_NEGATIVE);
    this._load(reader);
    this.#is_fresh = false;
    for (let g = 0; g < groups.length; g++) {
      restore_base(groups[g], lrs[g]);
      // A group that has yet to join will do so with the lr that it had then.
      if (g >= this.base_lrs.length) groups[g].initial_lr = lrs[g];
    }
    this._apply_momentum();
  }

  /** Takes over a state's options, epoch and lr, but does not touch the optimizer. @internal */
  _load(reader: StateReader): void {
    const count = this.optimizer.param_groups.length;
    const own = to_data(this.#own_fields());
    this._take_options(this._options_in(reader), `${reader.path}.`);
    this.base_lrs = reader.numbers("base_lrs", count, 1, NOT_NEGATIVE);
    this.last_epoch = reader.checked("last_epoch", EPOCH_IN_STATE);
    // Groups that have not joined yet are no concern of this scheduler.
    const known = this.base_lrs.length;
    this._last_lr = reader.numbers("_last_lr", count, known).slice(0, known);
    this.#lrs = [];
    for (const key of Object.keys(own)) {
      Object.assign(this, { [key]: reader.like(key, this[key as keyof this]) });
    }
  }

  /** The options in a state; functions are no data and stay what they are. @internal */
  _options_in(reader: StateReader): object {
    const { option_table } = this.constructor as typeof LRScheduler;
    const data = to_data(this.options);
    const options: Record<string, unknown> = { ...this.options };
    for (const key of Object.keys(data)) {
      options[key] = option_table ? reader.value(key) : reader.like(key, options[key]);
    }
    return options;
  }

  /** Whether the schedulers inside stand where the epoch of this one says. @internal */
  _is_lawful(): boolean {
    return true;
  }
}
