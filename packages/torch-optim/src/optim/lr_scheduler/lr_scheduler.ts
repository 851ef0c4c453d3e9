import { type Fields, refusal, whole } from "../../fields.ts";
import {
  base_lr_of,
  restore_base,
  type SchedulableGroup,
  type SchedulableOptimizer,
} from "../param_group.ts";
import { type SchedulerState, StateReader, to_data } from "./state.ts";

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

/** What a scheduler makes of a state before anything changes. */
export interface Restoration {
  /** A scheduler with the state's options, so that they went through the constructor's checks. */
  readonly twin: LRScheduler;
  readonly last_epoch: number;
  /** Whether the state's children stand where its own epoch says. */
  readonly lawful: boolean;
  apply(): void;
}

type SchedulerClass = new (optimizer: SchedulableOptimizer, options: object) => LRScheduler;

const LAST_EPOCH = whole({ min: -1, default: -1 });
const EPOCH = whole({ min: 0 });

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
  static readonly fields?: Fields<object>;

  /** The optimizer whose parameter groups are scheduled. */
  readonly optimizer: SchedulableOptimizer;
  /** The options, defaults filled in. */
  options: Readonly<Options>;
  /** The base lr of every parameter group. */
  base_lrs: number[];
  /** The epoch in force: the number of `step()`s since epoch 0. */
  last_epoch = 0;
  /** @internal */
  _last_lr: number[];
  /** Where `get_lr()` of the library's own schedulers puts its result. @internal */
  readonly _lrs: number[];

  #plan: LRScheduler | undefined;
  #replayed = false;
  /** Whether the first step is still to come, and epoch 0 with it. */
  #is_fresh = true;

  constructor(optimizer: SchedulableOptimizer, options: Options & LRSchedulerOptions) {
    const { last_epoch = -1, ...given } = options ?? {};
    this.optimizer = optimizer;
    this.#check_optimizer();
    if (!LAST_EPOCH.valid(last_epoch)) {
      throw new RangeError(`${this._name}: last_epoch ${refusal(LAST_EPOCH.expected, last_epoch)}`);
    }
    const groups = optimizer.param_groups;
    this.options = (new.target.fields?.resolve(given, groups.length) ?? given) as Options;
    this._check_options();
    this.base_lrs = groups.map((group, g) => this._read_base_lr(group, g));
    this._last_lr = groups.map((group) => group.lr);
    this._lrs = [...this._last_lr];
    this._set_up();
    if (last_epoch === -1) this._start();
    else this.#resume(last_epoch + 1);
  }

  /**
   * Moves to the next epoch.
   *
   * @param epoch - Deprecated, as in PyTorch: the epoch to move to, by the closed form if there
   *   is one.
   */
  step(epoch?: number): void {
    this._prepare_step();
    if (epoch === undefined) {
      this._check_advance();
      this._advance();
    } else {
      this._check_epoch(epoch);
      this._jump(epoch);
    }
  }

  /** The lr of every group at `last_epoch`, from the lr in force. */
  abstract get_lr(): number[];

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
    if (!EPOCH.valid(epoch)) {
      throw new RangeError(`${this._name}: epoch ${refusal(EPOCH.expected, epoch)}`);
    }
    const plan = this.#planned();
    plan._seek(epoch);
    return plan.optimizer.param_groups.map((group) => group.lr);
  }

  /**
   * The state as a plain object that survives JSON, under PyTorch's keys. `_last_lr` is the lr in
   * force now.
   */
  state_dict(): SchedulerState {
    return { ...this._state(), _last_lr: this.optimizer.param_groups.map((group) => group.lr) };
  }

  /**
   * Takes up a state: the options, the epoch, and the optimizer's lr and momentum. Everything is
   * checked before anything changes.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state: object): void {
    const groups = this.optimizer.param_groups;
    const reader = new StateReader(this._name, state);
    const lrs = reader.numbers("_last_lr", groups.length);
    const { apply, lawful, last_epoch, twin } = this._restore(reader, this._virtual_optimizer());
    if (!lawful) twin._seek(last_epoch);
    apply();
    this.#is_fresh = false;
    if (lawful) {
      for (let g = 0; g < groups.length; g++) restore_base(groups[g], lrs[g]);
      this._apply_momentum();
      for (let g = 0; g < groups.length; g++) groups[g].lr = lrs[g];
    } else {
      this._seek(last_epoch);
    }
  }

  /** @internal */
  get _name(): string {
    const { fields, name } = this.constructor as typeof LRScheduler;
    return fields?.owner ?? name;
  }

  // Construction.

  /** Refuses options that contradict each other or the optimizer. @internal */
  _check_options(): void {}

  /** @internal */
  _read_base_lr(group: SchedulableGroup, _g: number): number {
    return base_lr_of(group);
  }

  /** Prepares what `_begin` works on. @internal */
  _set_up(): void {}

  /** A plain scheduler applies its epoch 0 to the lr in force, so that several of them chain. @internal */
  _start(): void {
    this._begin();
  }

  #check_optimizer(): void {
    const groups = this.optimizer?.param_groups;
    if (!Array.isArray(groups)) {
      const wanted = refusal("an object with param_groups", this.optimizer);
      throw new TypeError(`${this._name}: optimizer ${wanted}`);
    }
    for (const [g, { lr }] of groups.entries()) {
      if (!Number.isFinite(lr) || lr < 0) {
        const error = typeof lr === "number" ? RangeError : TypeError;
        const wanted = refusal("a finite number of at least 0", lr);
        throw new error(`${this._name}: lr of parameter group ${g} ${wanted}`);
      }
    }
  }

  #resume(epoch: number): void {
    this.#is_fresh = false;
    const groups = this.optimizer.param_groups;
    const before = groups.map((group) => ({ ...group, ...copied_betas(group) }));
    try {
      this._seek(epoch);
    } catch (error) {
      for (const [g, group] of groups.entries()) Object.assign(group, before[g]);
      throw error;
    }
  }

  // Moving. Every scheduler answers these calls, and composites are built from nothing else.

  /** Epoch 0, applied to the lr in force. @internal */
  _begin(): void {
    this.last_epoch = 0;
    this._apply();
  }

  /** Epoch 0 as a later phase of a sequence: from the base lr. @internal */
  _enter(): void {
    this._reset();
    this._begin();
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

  /** Refuses a step before it moves anything. @internal */
  _check_advance(): void {}

  /** The given epoch, from the base lr; by default by replaying all epochs up to it. @internal */
  _seek(epoch: number): void {
    this._replay(epoch, () => {
      this._reset();
      this._begin();
    });
  }

  /** PyTorch's `step(epoch)`. @internal */
  _jump(epoch: number): void {
    this.last_epoch = epoch;
    this._apply();
  }

  /**
   * Steps to `epoch` after `begin`, or from where an earlier replay left off: epoch and lr in
   * force are all that decides what follows, so it goes on if they are still its own.
   *
   * @internal
   */
  _replay(epoch: number, begin: () => void): void {
    if (!(this.#replayed && this.last_epoch <= epoch && this.#is_in_force())) {
      begin();
      this.#replayed = true;
    }
    while (this.last_epoch < epoch) {
      if (this._needs_metric) {
        throw new Error(
          `${this._name}: the lr after epoch ${this.last_epoch} depends on metrics; ` +
            "load_state_dict() resumes such a schedule, an epoch alone cannot",
        );
      }
      this._check_advance();
      this._advance();
    }
  }

  #is_in_force(): boolean {
    return this.optimizer.param_groups.every((group, g) => group.lr === this._last_lr[g]);
  }

  /** Puts lr and momentum to their base values. @internal */
  _reset(): void {
    const groups = this.optimizer.param_groups;
    for (let g = 0; g < this.base_lrs.length; g++) restore_base(groups[g], this.base_lrs[g]);
  }

  /** Sets the lr that `get_lr()` returns. @internal */
  _apply(): void {
    const groups = this.optimizer.param_groups;
    const lrs = this.get_lr();
    const count = this.base_lrs.length;
    let sound = lrs.length === count;
    for (let g = 0; g < count; g++) sound &&= typeof lrs[g] === "number" && !Number.isNaN(lrs[g]);
    if (!sound) {
      const wanted = refusal(`${count} numbers, one for each parameter group`, lrs);
      throw new TypeError(`${this._name}: get_lr() at epoch ${this.last_epoch} ${wanted}`);
    }
    for (let g = 0; g < count; g++) {
      groups[g].lr = lrs[g];
      this._last_lr[g] = lrs[g];
    }
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

  /** The schedulers inside this one. @internal */
  get _children(): readonly LRScheduler[] {
    return [];
  }

  /**
   * The lr at an epoch as a multiple of any lr it started from; NaN if the lr is no such multiple.
   * Where it is not 0, it was not 0 at any epoch before.
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
        `${this._name}: scheduler.step() was called before optimizer.step(), so the lr of epoch 0 ` +
          "is never used; call optimizer.step() first",
      );
    }
    this.#is_fresh = false;
    const groups = this.optimizer.param_groups;
    if (groups.length !== this.base_lrs.length) this.#take_in(groups);
  }

  #take_in(groups: readonly SchedulableGroup[]): void {
    const known = this.base_lrs.length;
    if (groups.length < known) {
      throw new Error(
        `${this._name}: the optimizer's param_groups must not shrink, got ${groups.length} after ${known}`,
      );
    }
    this._check_new_groups();
    this._add_groups();
    for (let g = known; g < groups.length; g++) groups[g].lr = this._joining_lr(g);
  }

  /** Refuses new groups where options are lists with one value for each group. @internal */
  _check_new_groups(): void {
    for (const [option, field] of Object.entries(
      (this.constructor as typeof LRScheduler).fields?.table ?? {},
    ) as [keyof Options & string, { per_group?: boolean }][]) {
      if (field.per_group && Array.isArray(this.options[option])) {
        throw new Error(
          `${this._name}: ${option} is a list with one value for each parameter group, ` +
            "so no group can be added in mid-run",
        );
      }
    }
  }

  /** Reads the base lr of the groups that are new. @internal */
  _add_groups(): void {
    const groups = this.optimizer.param_groups;
    for (let g = this.base_lrs.length; g < groups.length; g++) {
      this.base_lrs.push(this._read_base_lr(groups[g], g));
      this._last_lr.push(groups[g].lr);
      this._lrs.push(groups[g].lr);
    }
    this.#plan = undefined;
  }

  /** The lr with which a new group joins at the epoch in force. @internal */
  _joining_lr(g: number): number {
    return this.lr_at(this.last_epoch)[g];
  }

  // Plans: the same scheduler on parameter groups of its own.

  #planned(): LRScheduler {
    const count = this.optimizer.param_groups.length;
    if (this.#plan?.base_lrs.length !== count) this.#plan = this._twin(this._virtual_optimizer());
    return this.#plan as LRScheduler;
  }

  /** Parameter groups like the optimizer's, at their base values. @internal */
  _virtual_optimizer(): SchedulableOptimizer {
    const param_groups = this.optimizer.param_groups.map((group, g) => {
      const base_lr = this._plan_base_lrs?.[g] ?? group.initial_lr ?? group.lr;
      const copy = { ...group, ...copied_betas(group), initial_lr: base_lr };
      restore_base(copy, base_lr);
      return copy;
    });
    return { param_groups };
  }

  /** The groups' base lr, as far as this scheduler knows it. @internal */
  get _plan_base_lrs(): number[] | undefined {
    return this.base_lrs;
  }

  /** A scheduler like this one at epoch 0 of another optimizer. @internal */
  _twin(optimizer: SchedulableOptimizer): LRScheduler {
    return this._built(optimizer, this.options);
  }

  /** @internal */
  _built(optimizer: SchedulableOptimizer, options: object): LRScheduler {
    return new (this.constructor as SchedulerClass)(optimizer, options);
  }

  // State.

  /** The state with `_last_lr` as this scheduler last set it. @internal */
  _state(): SchedulerState {
    const state: SchedulerState = {};
    for (const [key, value] of [...Object.entries(this._option_state()), ...this.#own_fields()]) {
      const data = to_data(value);
      if (data !== undefined) state[key] = data;
    }
    return {
      ...state,
      base_lrs: [...this.base_lrs],
      last_epoch: this.last_epoch,
      _step_count: Math.floor(this.last_epoch) + 1,
      _last_lr: [...this._last_lr],
    };
  }

  /** The options under their keys in a state. @internal */
  _option_state(): object {
    return this.options;
  }

  /** The options in a state. @internal */
  _options_in(reader: StateReader): object {
    const { fields } = this.constructor as typeof LRScheduler;
    const found: Record<string, unknown> = {};
    for (const [option, value] of Object.entries(this.options)) {
      // Functions are no data: they stay what the constructor was given.
      if (to_data(value) === undefined) found[option] = value;
      else found[option] = fields ? reader.value(option) : reader.like(option, value);
    }
    return found;
  }

  /** @internal */
  _base_lrs_in(reader: StateReader): number[] {
    return reader.numbers("base_lrs", this.optimizer.param_groups.length, 1);
  }

  /** @internal */
  _restore(reader: StateReader, optimizer: SchedulableOptimizer): Restoration {
    const groups = this.optimizer.param_groups.length;
    const base_lrs = this._base_lrs_in(reader);
    const last_lr = reader.numbers("_last_lr", groups, 1);
    const last_epoch = reader.epoch("last_epoch");
    const twin = this._built(optimizer, this._options_in(reader));
    const own = this.#own_fields().flatMap(([key, value]) =>
      to_data(value) === undefined ? [] : [[key, reader.like(key, value)] as const],
    );
    return {
      twin,
      last_epoch,
      lawful: true,
      apply: () => {
        this._adopt(twin);
        this.base_lrs = base_lrs;
        fill(this._last_lr, last_lr);
        this.last_epoch = last_epoch;
        Object.assign(this, Object.fromEntries(own));
      },
    };
  }

  /** Takes over the options of a twin. @internal */
  _adopt(twin: LRScheduler): void {
    this.options = twin.options as Options;
    this.#plan = undefined;
    this.#replayed = false;
  }

  /** What a subclass keeps beside options and the fields above. */
  #own_fields(): [string, unknown][] {
    return Object.entries(this).filter(([key]) => !key.startsWith("_") && !COMMON.has(key));
  }

  /** @internal */
  _check_epoch(epoch: unknown): void {
    if (typeof epoch !== "number" || !(epoch >= 0 && epoch < Infinity)) {
      const error = typeof epoch === "number" ? RangeError : TypeError;
      throw new error(`${this._name}: epoch ${refusal("a finite number of at least 0", epoch)}`);
    }
  }
}

const COMMON = new Set(["optimizer", "options", "base_lrs", "last_epoch"]);

function copied_betas(group: SchedulableGroup): Partial<SchedulableGroup> {
  return group.betas ? { betas: [...group.betas] } : {};
}

function fill(target: number[], source: readonly number[]): void {
  target.length = 0;
  target.push(...source);
}
