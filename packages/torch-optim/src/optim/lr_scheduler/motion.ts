import { base_lr_of, note_base_lr, type SchedulableGroup } from "../param_group.ts";
import { family_of } from "./family.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { current_options, name_of } from "./options.ts";
import { load_own_state, options_like, own_state } from "./own_state.ts";
import { plan_of } from "./plan.ts";
import type { StateReader } from "./scheduler_state.ts";

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
  /** The schedulers inside. */
  readonly children: readonly LRScheduler[] = [];
  /** What a chain moves in its place. */
  readonly members: readonly Motion[] = [this];
  /** Whether a step ever takes a metric. */
  readonly takes_metrics: boolean = false;

  /** Where the last replay of a plan has come to. */
  #replayed_to = -1;
  #replayed_lrs: LRs = [];

  constructor(readonly scheduler: S) {}

  // Moving.

  /** Epoch 0, from the lrs given. */
  abstract begin(lrs: LRs): LRs;

  /** The next epoch, from the lrs in force. */
  abstract advance(lrs: LRs, epoch: number, metric?: number): LRs;

  /** What was computed last is in force now. */
  abstract commit(): void;

  /** Epoch 0 when it is built: a plain scheduler goes on from the lrs in force, so that several chain. */
  start(lrs: LRs): LRs {
    return this.begin(lrs);
  }

  /** Epoch 0 as a later phase of a sequence, where `lrs` are in force: from the base lrs. */
  enter(_lrs: LRs): LRs {
    return this.begin(this.scheduler.base_lrs);
  }

  /** Any epoch, as PyTorch's `step(epoch)` takes it. */
  jump(lrs: LRs, epoch: number): LRs {
    return this.advance(lrs, epoch);
  }

  /**
   * The planned lrs of an epoch, from the base lrs and the options alone. By default by replaying all
   * epochs up to it, which moves the scheduler: only a plan is asked then. `begin` gives epoch 0.
   */
  at(epoch: number, begin = (): LRs => this.begin(this.scheduler.base_lrs)): LRs {
    const from = this.#replayed_to;
    this.#replayed_to = -1;
    let lrs = this.#replayed_lrs;
    let stop = from;
    if (from < 0 || from > epoch) {
      lrs = begin();
      this.commit();
      stop = 0;
    }
    while (stop < epoch) {
      if (this.needs_metric) {
        throw new Error(
          `${name_of(this.scheduler)}: metrics decide the lr after epoch ${stop}, ` +
            "so only a state from there can resume it",
        );
      }
      stop += 1;
      lrs = this.advance(lrs, stop);
      this.commit();
    }
    this.#replayed_to = stop;
    this.#replayed_lrs = lrs;
    return lrs;
  }

  /** How many steps, times schedulers, `at` would replay; 0 where a closed form answers at once. */
  replay_length(epoch: number): number {
    const from = this.#replayed_to;
    const steps = from < 0 || from > epoch ? epoch + 1 : epoch - from + 1;
    return steps * family_of(this.scheduler).length;
  }

  // What others ask.

  /** The epochs at which the next phase begins, if it has phases. */
  get milestones(): readonly number[] {
    return [];
  }

  /** Whether the next step needs one. */
  get needs_metric(): boolean {
    return false;
  }

  /** Whether the argument of `step` is an epoch, as PyTorch's deprecated form has it. */
  get counts_epochs(): boolean {
    return !this.takes_metrics;
  }

  /** Whether that may have a fraction. */
  get counts_fractions(): boolean {
    return false;
  }

  /** Whether it ever moves the momentum. */
  get cycles_momentum(): boolean {
    return false;
  }

  /** The momentum of a group at the epoch computed last; NaN where it leaves the group its own. */
  momentum(_g: number): number {
    return Number.NaN;
  }

  /** Whether, as a later phase, it goes on from the lrs in force and not from the base lrs. */
  get is_relative(): boolean {
    return false;
  }

  // As a member of a chain.

  /** Told of an epoch that a chain around it has computed for its members. */
  accompany(_epoch: number, _lrs: LRs): void {}

  /** Whether it moves on a curve of its own, by whose ratio to the base lr it scales the chain's lr. */
  get has_own_curve(): boolean {
    return false;
  }

  /**
   * The factor by which it moves the lr from one epoch to another (from before epoch 0, if that is -1);
   * NaN if its chainable form is no factor.
   */
  growth(_from: number, _to: number): number {
    return Number.NaN;
  }

  /** The last epoch up to this one at which it added to the lr, and did not scale it; -1 if there is none. */
  last_return(_epoch: number): number {
    return -1;
  }

  /** What it added to the lr of a group there. */
  gain(_g: number): number {
    return 0;
  }

  // Parameter groups.

  /** The base lr of a group, which may be an option. */
  base_lr(group: SchedulableGroup, _g: number): number {
    return base_lr_of(group);
  }

  /** Whether its base lr is an option, and not that of the groups. */
  get brings_base_lr(): boolean {
    return false;
  }

  /** Notes a group's own lr for schedulers that are built later; gives what takes that back. */
  note_own_lr(group: SchedulableGroup, own_lr: number): () => void {
    return note_base_lr(group, own_lr);
  }

  /** Knows a group that was added, from now on; `undo` gains what takes that back. */
  admit(g: number, undo: (() => void)[]): void {
    const { scheduler } = this;
    const group = scheduler.optimizer.param_groups[g];
    const own_lr = base_lr_of(group);
    // New lists, since a composite shares them.
    scheduler.base_lrs = [...scheduler.base_lrs, this.base_lr(group, g)];
    scheduler._last_lr = [...scheduler._last_lr, group.lr];
    undo.push(this.note_own_lr(group, own_lr));
  }

  /** The lr with which a group that was admitted joins at the epoch in force. */
  join(g: number): number {
    return plan_of(this.scheduler).at(this.scheduler.last_epoch)[g];
  }

  // State.

  /** Refuses options that contradict each other or the optimizer, and prepares what formulas need. */
  prepare(): void {}

  /** The options under their keys in a state. */
  option_state(): object {
    return current_options(this.scheduler);
  }

  /** The options in a state. */
  options_in(reader: StateReader): object {
    return options_like(this.scheduler, reader);
  }

  /** The state, with `_last_lr` as this scheduler last set it. */
  state(): object {
    return own_state(this.scheduler, this.option_state());
  }

  /** Takes over a state: options, epoch, lr. */
  load(reader: StateReader): void {
    load_own_state(this.scheduler, this.options_in(reader), reader);
    this.prepare();
  }

  /** Whether the schedulers inside stand where the epoch of this one says. */
  is_lawful(): boolean {
    return true;
  }

  /** What brings back what is remembered now. */
  remember(): () => void {
    const { scheduler } = this;
    const own = { ...scheduler };
    return () => {
      for (const key of Object.keys(scheduler)) {
        if (!Object.hasOwn(own, key)) delete (scheduler as Record<string, unknown>)[key];
      }
      Object.assign(scheduler, own);
    };
  }
}
