import { COUNT, checked, NOT_NEGATIVE } from "../../fields.ts";
import type { OptionTable } from "../../option_table.ts";
import { as_object, refuse } from "../../refusal.ts";
import { warn_once } from "../../warn_once.ts";
import {
  check_lrs,
  lrs_of,
  name_of_lr,
  type SchedulableOptimizer,
  ScheduledGroups,
} from "../param_group.ts";
import { family_of } from "./family.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import type { LRs, Motion } from "./motion.ts";
import { name_of, take_options } from "./options.ts";
import { plan_of, planned_state, twin_of } from "./plan.ts";
import { LAST_EPOCH, type SchedulerState, StateReader, to_data } from "./scheduler_state.ts";

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

const NONE: LRs = [];

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
  declare static readonly option_table?: OptionTable<object>;

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
  /** The options that the constructor was given. */
  readonly #given: object;
  /** Whether the first step is still to come, and epoch 0 with it. */
  #is_fresh = true;
  /** The lrs of a state that was taken up with others: an optimizer restored after it has them still. */
  #foreign_lrs: LRs = NONE;

  /**
   * @param optimizer - The optimizer whose parameter groups are scheduled.
   * @param options - What its schedule is made of.
   */
  constructor(optimizer: SchedulableOptimizer, ...[options = {} as Options]: Arguments<Options>) {
    const name = name_of(this);
    const { last_epoch = -1, ...given } = as_object(`${name}: options`, options);
    const groups = optimizer?.param_groups;
    if (!Array.isArray(groups)) {
      refuse(`${name}: optimizer`, "an object with param_groups", optimizer);
    }
    check_lrs(name, groups, 0);
    const done = checked(`${name}: last_epoch`, LAST_EPOCH, last_epoch);
    this.optimizer = optimizer;
    this.#groups = new ScheduledGroups(name, optimizer);
    this.#given = given;
    take_options(this, given);
    const motion = (this.constructor as typeof LRScheduler).motion(this);
    this.#motion = motion;
    motion.admit();
    motion.prepare?.();
    // Building the schedulers inside left its traces in the groups, so a composite begins from the
    // base; a plain scheduler goes on from the lrs in force, so that several chain.
    const lrs = motion.begin(motion.children.length > 0 ? this.base_lrs : lrs_of(groups));
    const from = motion.own_base_lr ? groups.length : 0;
    if (done < 0) this.#groups.write(lrs, motion, this.base_lrs, from);
    motion.commit();
    if (done >= 0) this.#take_up(planned_state(this, done + 1), from);
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
   * @param argument - Where a `ReduceLROnPlateau` in force judges it, the metric. Otherwise, for a
   *   scheduler that is not made of others and deprecated, as in PyTorch: the epoch to move to, by the
   *   closed form if there is one.
   * @throws TypeError if a metric is missing, or given and no scheduler inside takes any.
   */
  step(argument?: number): void {
    const motion = this.#motion;
    const is_judged = this.takes_metrics && (argument !== undefined || motion.needs_metric?.());
    if (is_judged && typeof argument !== "number") {
      refuse(`${name_of(this)}: metric`, "a number", argument);
    }
    const lrs = this.#groups.read();
    if (this.#is_fresh) this.#welcome(lrs);
    if (lrs.length === this.base_lrs.length) this.#move(lrs, argument);
    else this.#move_with_new_groups(lrs, argument);
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
    checked(`${name_of(this)}: epoch`, COUNT, epoch);
    // Closed forms compute and note nothing; what has to be replayed is replayed elsewhere.
    const motion = this.#motion.is_closed(epoch) ? this.#motion : plan_of(this);
    return [...motion.at(epoch)];
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
    const is_astray = twin.#motion.is_astray?.();
    const before = family_of(this).map(({ motion }) => to_data(motion.option_state()));
    this.#take_up(is_astray ? planned_state(twin, twin.last_epoch) : twin.state_dict());
    this.#foreign_lrs = lrs_of(twin.optimizer.param_groups);
    for (const [i, member] of family_of(this).entries()) {
      // Those of another copy of the library do not say what they were given.
      if (#given in member) warn_of_changes(member, member.#given, before[i]);
    }
  }

  #move(lrs: number[], argument: number | undefined, known = lrs.length): void {
    const motion = this.#motion;
    // An lr that is not the one taken up, but the state's own, was set by no hand.
    for (let g = 0; g < this.#foreign_lrs.length; g++) {
      if (lrs[g] === this.#foreign_lrs[g]) lrs[g] = this._last_lr[g];
    }
    const next =
      argument === undefined || this.takes_metrics
        ? motion.advance(lrs, this.last_epoch + 1, argument)
        : motion.jump(lrs, argument);
    this.#groups.write(next, motion, this.base_lrs, known);
    motion.commit();
    this.#foreign_lrs = NONE;
  }

  /** A step at which groups that were added since join at the epoch in force. */
  #move_with_new_groups(lrs: number[], argument: number | undefined): void {
    const name = name_of(this);
    const { length } = lrs;
    const known = this.base_lrs.length;
    if (length < known) {
      throw new Error(`${name}: optimizer must keep its ${known} parameter groups, got ${length}`);
    }
    check_lrs(name, this.optimizer.param_groups, known);
    // The plan is built anew, which refuses options that are lists with one value for each group.
    twin_of(this);
    this.#attempt(() => {
      for (const member of family_of(this)) member.motion.admit();
      for (let g = known; g < length; g++) lrs[g] = this.#motion.join(g);
      this.#move(lrs, argument, this.#motion.own_base_lr ? length : known);
    });
  }

  /** Takes up a state, and notes the base lr of the groups from number `from` on. */
  #take_up(state: object, from?: number): void {
    const reader = new StateReader(`${name_of(this)}: state_dict`, state);
    this.#attempt(() => {
      const motion = this.#motion;
      motion.load(reader);
      checked(`${reader.path}.last_epoch`, NOT_NEGATIVE, this.last_epoch);
      const { length } = this.optimizer.param_groups;
      const known = this.base_lrs.length;
      const lrs = reader.numbers("_last_lr", length);
      // A group that has yet to join will do so with the lr that it had then.
      for (let g = known; g < length; g++) {
        checked(`${reader.path}._last_lr[${g}]`, NOT_NEGATIVE, lrs[g]);
      }
      const base_lrs = lrs.map((lr, g) => this.base_lrs[g] ?? lr);
      this.#groups.write(lrs, motion, base_lrs, from ?? known);
    });
    this.#is_fresh = false;
  }

  /** Does something that, if it throws, leaves what the tree remembers as it was. */
  #attempt(act: () => void): void {
    const before = this.#motion.state();
    try {
      act();
    } catch (error) {
      this.#motion.load(new StateReader(name_of(this), before));
      throw error;
    }
  }

  /** What is said, if there is reason to, at the first step. */
  #welcome(lrs: LRs): void {
    this.#is_fresh = false;
    if (this.optimizer.stepped === false) {
      console.warn(`${name_of(this)}: step() came before optimizer.step()`);
    }
    const g = lrs.findIndex((lr, g) => lr === 0 && this.base_lrs[g] > 0 && this.lr_at(0)[g] !== 0);
    if (g >= 0) {
      console.warn(
        `${name_of_lr(name_of(this), g)} is 0 and stays 0; set it before you build a scheduler`,
      );
    }
  }
}

/** Says which of the options that a constructor was given a state has put back. */
function warn_of_changes(scheduler: LRScheduler, given: object, was: SchedulerState): void {
  const is = to_data(scheduler.motion.option_state());
  const names = Object.keys({ ...was, ...is }).filter(
    (key) =>
      JSON.stringify(was[key]) !== JSON.stringify(is[key]) &&
      // Under a name of the state's own, an option may have been given in another form.
      (key in given || !(key in scheduler.options)),
  );
  if (names.length === 0) return;
  warn_once(
    scheduler,
    "load_state_dict",
    `${name_of(scheduler)}: load_state_dict puts ${names.join(", ")} back; to keep it, resume by last_epoch`,
  );
}

/** Whether it is a scheduler, of this copy of the library or another. */
export function is_scheduler(value: unknown): value is LRScheduler {
  return typeof (value as Partial<LRScheduler> | null)?.motion?.advance === "function";
}
