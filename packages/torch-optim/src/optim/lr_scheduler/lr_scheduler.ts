import { checked, number, whole_number } from "../../fields.ts";
import type { OptionTable } from "../../option_table.ts";
import { is_object, refusal, refuse } from "../../refusal.ts";
import { warn_once } from "../../warn_once.ts";
import {
  base_lr_of,
  lrs_of,
  note_base_lr,
  type SchedulableOptimizer,
  ScheduledGroups,
} from "../param_group.ts";
import { family_of } from "./family.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import type { LRs, Motion } from "./motion.ts";
import {
  current_options,
  name_of,
  note_given,
  options_changed,
  read_options,
  take_options,
} from "./options.ts";
import { plan_of, twin_of } from "./plan.ts";
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

const NOT_NEGATIVE = number({ min: 0 });
const EPOCH = whole_number({ min: 0 });
const LAST_EPOCH = whole_number({ min: -1 });

/**
 * The base of all schedulers. It moves the learning rate of an optimizer's parameter groups, one
 * epoch with each `step()`.
 *
 * A scheduler of your own is a subclass with a `get_lr()` that returns the lr of every group at
 * `this.last_epoch`, from `this.options`, `this.base_lrs` and the groups' lr in force. With that
 * alone it composes, resumes and answers `lr_at()`. Read options from `this.options`: fields of a
 * subclass do not exist yet when the constructor here asks for epoch 0.
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
  /** The table of the options; without one, options are taken as they are given. */
  static readonly option_table?: OptionTable<object>;

  /** Gives the motion of a scheduler of this class: by default, what its `get_lr()` says. */
  static motion(scheduler: LRScheduler): Motion {
    return new GetLRMotion(scheduler);
  }

  /** The optimizer whose parameter groups are scheduled. */
  readonly optimizer: SchedulableOptimizer;
  /** The options, defaults filled in. */
  declare options: Readonly<Options>;
  /** The base lr of every parameter group. */
  base_lrs: number[] = [];
  /** The epoch in force: the number of `step()`s since epoch 0. */
  last_epoch = 0;
  /** The lr of every group as the last step set it, under the key that PyTorch's states have. */
  _last_lr: number[] = [];

  readonly #motion: Motion;
  readonly #groups: ScheduledGroups;
  /** Whether the first step is still to come, and epoch 0 with it. */
  #is_fresh = true;
  /** The lrs of a state that was taken up with others: an optimizer restored after it has them still. */
  #foreign_lrs: LRs | undefined;

  constructor(optimizer: SchedulableOptimizer, ...[options]: Arguments<Options>) {
    const name = name_of(this);
    const { last_epoch = -1, ...given } = read_options(this, options);
    const groups = optimizer?.param_groups;
    if (!Array.isArray(groups)) {
      refuse(`${name}: optimizer`, "an object with param_groups", optimizer);
    }
    for (const [g, group] of groups.entries()) {
      checked(`${name}: lr of parameter group ${g}`, NOT_NEGATIVE, group?.lr);
      checked(`${name}: initial_lr of parameter group ${g}`, NOT_NEGATIVE, base_lr_of(group));
    }
    const done = checked(`${name}: last_epoch`, LAST_EPOCH, last_epoch);
    this.optimizer = optimizer;
    this.#groups = new ScheduledGroups(name, optimizer);
    take_options(this, given);
    note_given(this, given);
    this.#motion = (this.constructor as typeof LRScheduler).motion(this);
    this.base_lrs = groups.map((group, g) => this.#motion.base_lr(group, g));
    this._last_lr = lrs_of(groups);
    this.#motion.prepare();
    this.#begin(done);
  }

  /** How it moves, and all by which schedulers compose. */
  get motion(): Motion {
    return this.#motion;
  }

  /** Whether `step` ever takes a metric. */
  get takes_metrics(): boolean {
    return this.#motion.takes_metrics;
  }

  /**
   * Moves to the next epoch. If it cannot, nothing has changed.
   *
   * @param epoch - Deprecated, as in PyTorch: the epoch to move to, by the closed form if there
   *   is one.
   */
  step(epoch?: number): void {
    const motion = this.#motion;
    if (motion.counts_epochs) {
      if (epoch !== undefined) this.#check_epoch(epoch);
    } else this.#check_metric(epoch);
    if (this.#is_fresh) this.#welcome();
    const known = this.base_lrs.length;
    if (this.optimizer.param_groups.length !== known) this.#take_up_groups(known, epoch);
    else this.#move(this.#groups.read(), epoch);
  }

  /**
   * The lr of every group at `last_epoch`, from the lr in force. It is for `step` to call: what is in
   * force stands in `get_last_lr()`.
   */
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
    checked(`${name_of(this)}: epoch`, EPOCH, epoch);
    return [...plan_of(this).at(epoch)];
  }

  /**
   * The state as a plain object that survives JSON, under PyTorch's keys. `_last_lr` is the lr in
   * force now.
   */
  state_dict(): SchedulerState {
    return to_data({ ...this.#motion.state(), _last_lr: lrs_of(this.optimizer.param_groups) });
  }

  /**
   * Takes up a state: the options, the epoch, and the optimizer's lr and momentum. Everything is
   * checked before anything changes.
   *
   * @throws Error, TypeError or RangeError that names the key.
   */
  load_state_dict(state: object): void {
    // Read once, to judge it, where nothing can be damaged: in a twin. What the twin makes of it is
    // plain and sound, and is what is taken up; `state` itself may say something else a second time.
    const twin = twin_of(this);
    twin.#take_up(state);
    const lrs = lrs_of(twin.optimizer.param_groups);
    const { motion, last_epoch } = twin;
    const sound = motion.is_lawful() ? twin.state_dict() : plan_of(twin).state_at(last_epoch);
    twin.#take_up(sound);
    const before = family_of(this).map(current_options);
    this.#take_up(sound);
    this.#foreign_lrs = lrs;
    this.#warn_of_options_put_back(before);
  }

  /** Puts the optimizer at epoch 0, or at the one after `last_epoch`; if it cannot, it is as it was. */
  #begin(last_epoch: number): void {
    const undo: (() => void)[] = [];
    try {
      const lrs = this.#motion.start(this.#groups.read());
      for (const [g] of this.optimizer.param_groups.entries()) this.#note_own_lr(g, undo);
      if (last_epoch === -1) this.#write(lrs);
      this.#motion.commit();
      if (last_epoch >= 0) this.#take_up(plan_of(this).state_at(last_epoch + 1));
    } catch (error) {
      for (const take_back of undo) take_back();
      throw error;
    }
  }

  #note_own_lr(g: number, undo: (() => void)[]): void {
    const group = this.optimizer.param_groups[g];
    undo.push(this.#motion.note_own_lr(group, base_lr_of(group)));
  }

  #move(lrs: number[], argument: number | undefined): void {
    const motion = this.#motion;
    if (this.#foreign_lrs) this.#pass_over(this.#foreign_lrs, lrs);
    const is_jump = argument !== undefined && motion.counts_epochs;
    const next = is_jump
      ? motion.jump(lrs, argument)
      : motion.advance(lrs, this.last_epoch + 1, argument);
    this.#write(next);
    motion.commit();
    this.#foreign_lrs = undefined;
  }

  /** An lr that is not the one taken up, but the state's own, was set by no hand. */
  #pass_over(foreign_lrs: LRs, lrs: number[]): void {
    for (let g = 0; g < this._last_lr.length; g++) {
      if (lrs[g] === foreign_lrs[g]) lrs[g] = this._last_lr[g];
    }
  }

  #write(lrs: LRs): void {
    this.#groups.write(lrs, this.#motion.cycles_momentum ? this.#motion : undefined);
  }

  #check_epoch(epoch: unknown): void {
    const name = name_of(this);
    checked(`${name}: epoch`, NOT_NEGATIVE, epoch);
    if (Number.isInteger(epoch) || this.#motion.counts_fractions) return;
    warn_once(
      this,
      "epoch",
      `${name}: step(${epoch}) moves to epoch ${epoch}, as it takes no metric; step() moves to the next one`,
    );
  }

  #check_metric(metric: unknown): void {
    const { needs_metric, takes_metrics } = this.#motion;
    if (metric === undefined ? !needs_metric : takes_metrics && typeof metric === "number") return;
    const expected = takes_metrics ? "a number" : "left out, as no scheduler takes one";
    throw new TypeError(`${name_of(this)}: metric ${refusal(expected, metric)}`);
  }

  /** What is said, if there is reason to, at the first step. */
  #welcome(): void {
    this.#is_fresh = false;
    const name = name_of(this);
    const { param_groups, stepped } = this.optimizer;
    if (stepped === false) {
      console.warn(
        `${name}: step() came before optimizer.step(), so the lr of epoch 0 was never used`,
      );
    }
    const stuck = param_groups.findIndex(({ lr }, g) => lr === 0 && this.base_lrs[g] > 0);
    if (stuck >= 0 && this.lr_at(0)[stuck] !== 0) {
      console.warn(
        `${name}: the lr of parameter group ${stuck} is 0, where an earlier scheduler may have left it, ` +
          `and its base lr is ${this.base_lrs[stuck]}; set the group's lr before you build the scheduler`,
      );
    }
  }

  /** A step at which groups that were added since join at the epoch in force. */
  #take_up_groups(known: number, argument: number | undefined): void {
    const { length } = this.optimizer.param_groups;
    if (length < known) {
      const name = name_of(this);
      throw new Error(`${name}: optimizer must keep its ${known} parameter groups, got ${length}`);
    }
    const undo = family_of(this).map((member) => member.motion.remember());
    try {
      // The plan is built anew, which refuses options that are lists with one value for each group.
      twin_of(this);
      const lrs = [...this.#groups.read()];
      for (let g = known; g < length; g++) {
        checked(`${name_of(this)}: lr of parameter group ${g}`, NOT_NEGATIVE, lrs[g]);
        this.#motion.admit(g, undo);
      }
      for (let g = known; g < length; g++) lrs[g] = this.#motion.join(g);
      this.#move(lrs, argument);
    } catch (error) {
      for (const take_back of undo) take_back();
      throw error;
    }
  }

  #take_up(state: object): void {
    const name = name_of(this);
    const groups = this.optimizer.param_groups;
    const reader = new StateReader(`${name}: state_dict`, state);
    const lrs = reader.numbers("_last_lr", groups.length);
    const undo = family_of(this).map((member) => member.motion.remember());
    try {
      this.#motion.load(reader);
      checked(`${reader.path}.last_epoch`, NOT_NEGATIVE, this.last_epoch);
      // A group that has yet to join will do so with the lr that it had then.
      for (let g = this.base_lrs.length; g < groups.length; g++) {
        undo.push(
          note_base_lr(groups[g], checked(`${reader.path}._last_lr[${g}]`, NOT_NEGATIVE, lrs[g])),
        );
      }
      this.#groups.read();
      this.#write(lrs);
    } catch (error) {
      for (const take_back of undo) take_back();
      throw error;
    }
    this.#is_fresh = false;
  }

  #warn_of_options_put_back(before: readonly object[]): void {
    for (const [i, member] of family_of(this).entries()) {
      const names = options_changed(member, before[i]);
      if (names.length === 0) continue;
      warn_once(
        member,
        "load_state_dict",
        `${name_of(member)}: load_state_dict puts ${names.join(", ")} back to what the state says; ` +
          "to keep what the constructor was given, build it with last_epoch instead",
      );
    }
  }
}

/** Whether it is a scheduler, of this copy of the library or another. */
export function is_scheduler(value: unknown): value is LRScheduler {
  const { motion, optimizer } = (is_object(value) ? value : {}) as Partial<LRScheduler>;
  return is_object(motion) && typeof motion.advance === "function" && is_object(optimizer);
}
