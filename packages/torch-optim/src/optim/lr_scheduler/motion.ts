import { base_lr_of, keep_own_lr, note_base_lr, type ScheduledMomenta } from "../param_group.ts";
import { family_of } from "./family.ts";
import type { LRScheduler } from "./lr_scheduler.ts";
import { current_options, name_of, take_options } from "./options.ts";
import { load_own_state, options_like, own_state } from "./own_state.ts";
import { plan_of } from "./plan.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Epochs, times schedulers, that a plan replays at most: about a second of work. */
const MOST_REPLAYED = 1e7;

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
  /** What `step` takes: an epoch, as PyTorch's deprecated form has it, which may have a fraction, or a metric. */
  readonly takes: "epoch" | "fraction" | "metric" | "nothing" = "epoch";
  /** Whether, as a later phase, it goes on from the lrs in force and not from the base lrs. */
  readonly is_relative: boolean = false;

  /** Where the last replay of a plan has come to. */
  #stop = -1;
  #lrs_there: LRs = [];

  constructor(
    /** The scheduler that moves so. */
    readonly scheduler: S,
  ) {}

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
    const name = name_of(this.scheduler);
    let stop = this.#stop > epoch ? -1 : this.#stop;
    let lrs = this.#lrs_there;
    const steps = (epoch - stop) * family_of(this.scheduler).length;
    if (steps > MOST_REPLAYED) {
      throw new RangeError(
        `${name}: epoch ${epoch} takes ${steps} steps to replay, more than ${MOST_REPLAYED}; ` +
          "load a state that was saved there",
      );
    }
    this.#stop = -1;
    if (stop < 0) {
      lrs = begin();
      this.commit();
      stop = 0;
    }
    for (; stop < epoch; this.commit()) {
      if (this.needs_metric) {
        throw new Error(
          `${name}: metrics decide the lr after epoch ${stop}, so only a state from there can resume it`,
        );
      }
      stop += 1;
      lrs = this.advance(lrs, stop);
    }
    this.#stop = stop;
    this.#lrs_there = lrs;
    return lrs;
  }

  // What others ask.

  /** Whether the next step needs a metric. */
  get needs_metric(): boolean {
    return false;
  }

  /** What writes the momentum, if it ever moves it. */
  get momenta(): ScheduledMomenta | undefined {
    return undefined;
  }

  /** The momentum of a group at the epoch computed last; NaN where it leaves the group its own. */
  momentum(_g: number): number {
    return Number.NaN;
  }

  /** Whether `at` answers by a closed form, and replays nothing. */
  get is_closed(): boolean {
    return false;
  }

  // As a member of a chain.

  /** Whether it moves on a curve of its own, by whose ratio to the base lr it scales the chain's lr. */
  get has_own_curve(): boolean {
    return false;
  }

  /** Whether its chainable form is a factor, that of its closed form, but for its returns. */
  get is_factor(): boolean {
    return false;
  }

  /** The last epoch up to this one at which, after a 0, it added to the lr; -1 if there is none. */
  last_return(_epoch: number): number {
    return -1;
  }

  // Parameter groups.

  /** The base lr of a group, if that is an option and not the group's own. */
  own_base_lr?(g: number): number;

  /** Notes a group's own lr for schedulers that are built later; gives what takes that back. */
  note_own_lr(g: number): () => void {
    const group = this.scheduler.optimizer.param_groups[g];
    const note = this.own_base_lr ? keep_own_lr : note_base_lr;
    return note(group, base_lr_of(group));
  }

  /** Knows a group from now on, by its place; gives what takes back its note in the group. */
  admit(g: number): () => void {
    const { scheduler } = this;
    const group = scheduler.optimizer.param_groups[g];
    // New lists, since a composite shares them.
    scheduler.base_lrs = [...scheduler.base_lrs, this.own_base_lr?.(g) ?? base_lr_of(group)];
    scheduler._last_lr = [...scheduler._last_lr, group.lr];
    return this.note_own_lr(g);
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
    take_options(this.scheduler, this.options_in(reader), reader.path);
    load_own_state(this.scheduler, reader);
    this.prepare();
  }

  /** Whether the schedulers inside stand where the epoch of this one says. */
  is_lawful(): boolean {
    return true;
  }
}
