import { checked, number, whole_number } from "../../fields.ts";
import type { OptionTable } from "../../option_table.ts";
import { is_object, refusal, refuse } from "../../refusal.ts";
import { warn_once } from "../../warn_once.ts";
import {
  base_lr_of,
  lrs_of,
  name_of_lr,
  note_base_lr,
  type SchedulableOptimizer,
  ScheduledGroups,
} from "../param_group.ts";
import { family_of } from "./family.ts";
import { GetLRMotion } from "./get_lr_motion.ts";
import type { LRs, Motion } from "./motion.ts";
import { current_options, name_of, read_options, take_options } from "./options.ts";
import { plan_of, planned_state, twin_of } from "./plan.ts";
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
const NONE: LRs = [];
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
  /** The names of the options that the constructor was given. */
  readonly #given: readonly string[];
  /** Whether the first step is still to come, and epoch 0 with it. */
  #is_fresh = true;
  /** The lrs of a state that was taken up with others: an optimizer restored after it has them still. */
  #foreign_lrs: LRs = NONE;

  constructor(optimizer: SchedulableOptimizer, ...[options]: Arguments<Options>) {
    const name = name_of(this);
    const { last_epoch = -1, ...given } = read_options(this, options);
    const groups = optimizer?.param_groups;
    if (!Array.isArray(groups)) {
      refuse(`${name}: optimizer`, "an object with param_groups", optimizer);
    }
    for (const [g, group] of groups.entries()) {
      checked(name_of_lr(name, g), NOT_NEGATIVE, group?.lr);
      checked(`${name}: initial_lr of parameter group ${g}`, NOT_NEGATIVE, base_lr_of(group));
    }
    const done = checked(`${name}: last_epoch`, LAST_EPOCH, last_epoch);
    this.optimizer = optimizer;
    this.#groups = new ScheduledGroups(name, optimizer);
    this.#given = Object.keys(given);
    take_options(this, given);
    this.#motion = (this.constructor as typeof LRScheduler).motion(this);
    this.base_lrs = groups.map((group, g) => this.#motion.own_base_lr?.(g) ?? base_lr_of(group));
    this._last_lr = lrs_of(groups);
    this.#motion.prepare();
    const lrs = this.#motion.start(this.#groups.read());
    all_or_nothing((undo) => {
      for (const g of groups.keys()) undo.push(this.#motion.note_own_lr(g));
      if (done < 0) this.#write(lrs);
      this.#motion.commit();
      if (done >= 0) this.#take_up(planned_state(this, done + 1));
    });
  }

  /** How it moves, and all by which schedulers compose. */
  get motion(): Motion {
    return this.#motion;
  }

  /** Whether `step` ever takes a metric. */
  get takes_metrics(): boolean {
    return this.#motion.takes === "metric";
  }

  /**
   * Moves to the next epoch. If it cannot, nothing has changed.
   *
   * @param epoch - Deprecated, as in PyTorch: the epoch to move to, by the closed form if there
   *   is one.
   */
  step(epoch?: number): void {
    this.#check_argument(epoch);
    if (this.#is_fresh) this.#welcome();
    const known = this.base_lrs.length;
    const lrs = this.#groups.read();
    if (lrs.length === known) this.#move(lrs, epoch);
    else this.#take_up_groups(known, lrs, epoch);
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
    return [...plan_of(this).at(checked(`${name_of(this)}: epoch`, EPOCH, epoch))];
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
    const foreign_lrs = lrs_of(twin.optimizer.param_groups);
    const { motion, last_epoch } = twin;
    const sound = motion.is_lawful() ? twin.state_dict() : planned_state(twin, last_epoch);
    twin.#take_up(sound);
    const before = family_of(this).map(current_options);
    this.#take_up(sound);
    this.#foreign_lrs = foreign_lrs;
    for (const [i, member] of family_of(this).entries())
      warn_of_changes(member, member.#given, before[i]);
  }

  #move(lrs: number[], argument: number | undefined): void {
    const motion = this.#motion;
    // An lr that is not the one taken up, but the state's own, was set by no hand.
    for (let g = 0; g < this.#foreign_lrs.length; g++) {
      if (lrs[g] === this.#foreign_lrs[g]) lrs[g] = this._last_lr[g] ?? lrs[g];
    }
    const is_jump = argument !== undefined && !this.takes_metrics;
    this.#write(
      is_jump ? motion.jump(lrs, argument) : motion.advance(lrs, this.last_epoch + 1, argument),
    );
    motion.commit();
    this.#foreign_lrs = NONE;
  }

  #write(lrs: LRs): void {
    this.#groups.write(lrs, this.#motion.momenta, this.#motion);
  }

  /** Refuses what `step` does not take. */
  #check_argument(argument: unknown): void {
    const { takes, needs_metric } = this.#motion;
    if (argument === undefined && !needs_metric) return;
    const name = name_of(this);
    if (takes === "metric" || takes === "nothing") {
      if (takes === "metric" && typeof argument === "number") return;
      const expected = takes === "metric" ? "a number" : "left out, as no scheduler takes one";
      throw new TypeError(`${name}: metric ${refusal(expected, argument)}`);
    }
    checked(`${name}: epoch`, NOT_NEGATIVE, argument);
    if (takes === "fraction" || Number.isInteger(argument)) return;
    warn_once(this, "epoch", `${name}: step(${argument}) takes an epoch, and no metric`);
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
    const g = param_groups.findIndex(({ lr }, g) => lr === 0 && this.base_lrs[g] > 0);
    if (g >= 0 && this.lr_at(0)[g] !== 0) {
      console.warn(
        `${name_of_lr(name, g)} is 0, as an earlier scheduler may have left it, and stays there; ` +
          "set it before you build the next one",
      );
    }
  }

  /** A step at which groups that were added since join at the epoch in force. */
  #take_up_groups(known: number, lrs: number[], argument: number | undefined): void {
    const name = name_of(this);
    const { length } = lrs;
    if (length < known) {
      throw new Error(`${name}: optimizer must keep its ${known} parameter groups, got ${length}`);
    }
    for (let g = known; g < length; g++) checked(name_of_lr(name, g), NOT_NEGATIVE, lrs[g]);
    // The plan is built anew, which refuses options that are lists with one value for each group.
    twin_of(this);
    all_or_nothing((undo) => {
      undo.push(this.#remember());
      for (let g = known; g < length; g++) undo.push(this.#motion.admit(g));
      for (let g = known; g < length; g++) lrs[g] = this.#motion.join(g);
      this.#move(lrs, argument);
    });
  }

  #take_up(state: object): void {
    const groups = this.optimizer.param_groups;
    const reader = new StateReader(`${name_of(this)}: state_dict`, state);
    const lrs = reader.numbers("_last_lr", groups.length);
    all_or_nothing((undo) => {
      undo.push(this.#remember());
      this.#motion.load(reader);
      checked(`${reader.path}.last_epoch`, NOT_NEGATIVE, this.last_epoch);
      // A group that has yet to join will do so with the lr that it had then.
      for (let g = this.base_lrs.length; g < groups.length; g++) {
        checked(`${reader.path}._last_lr[${g}]`, NOT_NEGATIVE, lrs[g]);
        undo.push(note_base_lr(groups[g], lrs[g]));
      }
      this.#groups.read();
      this.#write(lrs);
    });
    this.#is_fresh = false;
  }

  /** What brings back what the tree remembers now. */
  #remember(): () => void {
    const state = this.#motion.state();
    return () => this.#motion.load(new StateReader(name_of(this), state));
  }
}

/** Does something that, if it throws, is undone, from the end to the beginning. */
function all_or_nothing(act: (undo: (() => void)[]) => void): void {
  const undo: (() => void)[] = [];
  try {
    act(undo);
  } catch (error) {
    for (const take_back of undo.reverse()) take_back();
    throw error;
  }
}

/** Says which of the options that a constructor was given a state has put back. */
function warn_of_changes(scheduler: LRScheduler, given: readonly string[], before: object): void {
  const [was, is] = [before, current_options(scheduler)].map(to_data);
  const names = given.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]));
  if (names.length === 0) return;
  warn_once(
    scheduler,
    "load_state_dict",
    `${name_of(scheduler)}: load_state_dict puts ${names.join(", ")} back; ` +
      "to keep what the constructor was given, build it with last_epoch",
  );
}

/** Whether it is a scheduler, of this copy of the library or another. */
export function is_scheduler(value: unknown): value is LRScheduler {
  const { motion, optimizer } = (is_object(value) ? value : {}) as Partial<LRScheduler>;
  return is_object(motion) && typeof motion.advance === "function" && is_object(optimizer);
}
