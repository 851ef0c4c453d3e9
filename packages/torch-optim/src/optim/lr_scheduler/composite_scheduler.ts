import { checked, custom, whole_number } from "../../fields.ts";
import { lrs_of } from "../param_group.ts";
import { family_of } from "./family.ts";
import { is_scheduler, LRScheduler } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { name_of, type OptionValues } from "./options.ts";
import { load_own_state, options_like } from "./own_state.ts";
import type { StateReader } from "./scheduler_state.ts";

/** The schedulers that a composite is made of. */
export const SCHEDULERS = custom<readonly LRScheduler[]>(
  "a list of at least one scheduler",
  (value) => Array.isArray(value) && value.length > 0 && value.every(is_scheduler),
);

/** PyTorch gives a child that has not yet begun the epoch -1. */
const LAST_EPOCH = whole_number({ min: -1 });

/** A scheduler made of others, which it drives from its own epoch 0 on. */
export abstract class CompositeScheduler<
  Options extends { schedulers: readonly LRScheduler[] },
> extends LRScheduler<Options> {
  /** The schedulers this one is made of. */
  declare readonly schedulers: Options["schedulers"];

  /**
   * Moves to the next epoch. If it cannot, nothing has changed.
   *
   * @param metric - The value that a `ReduceLROnPlateau` in force before this step judges;
   *   required exactly when there is one.
   * @throws TypeError if a metric is missing, or given and no scheduler inside takes any.
   */
  override step(metric?: number): void {
    super.step(metric);
  }

  /** The lr in force: the schedulers inside have set it. */
  override get_lr(): number[] {
    return lrs_of(this.optimizer.param_groups);
  }
}

/**
 * The motion of a scheduler that is made of others, its option `schedulers`. A composite of one's own
 * says `begin` and `advance`, from what the motions of `children` give, and passes each result through
 * `moved`; the tree is then stepped, saved, resumed and planned by what is here.
 */
export abstract class CompositeMotion<
  S extends CompositeScheduler<{ schedulers: readonly LRScheduler[] }>,
> extends Motion<S> {
  override readonly children: readonly LRScheduler[];
  override readonly takes_metrics: boolean;
  #epoch = 0;
  #lrs: LRs = [];

  constructor(scheduler: S) {
    super(scheduler);
    this.children = checked(
      `${name_of(scheduler)}: schedulers`,
      SCHEDULERS,
      scheduler.options.schedulers,
    );
    this.takes_metrics = this.children.some((child) => child.motion.takes_metrics);
  }

  /** The schedulers inside that have moved and are to commit: by default, all. */
  get moving(): readonly LRScheduler[] {
    return this.children;
  }

  /** Notes what was computed for an epoch, and gives the lrs. */
  protected moved(epoch: number, lrs: LRs): LRs {
    this.#epoch = epoch;
    this.#lrs = lrs;
    return lrs;
  }

  override commit(): void {
    const { scheduler, moving } = this;
    for (let i = 0; i < moving.length; i++) moving[i].motion.commit();
    scheduler.last_epoch = this.#epoch;
    scheduler._last_lr = this.#lrs as number[];
  }

  /** Building the schedulers inside left its traces in the groups: a composite begins from the base. */
  override start(): LRs {
    return this.begin(this.scheduler.base_lrs);
  }

  override get needs_metric(): boolean {
    const { moving } = this;
    for (let i = 0; i < moving.length; i++) if (moving[i].motion.needs_metric) return true;
    return false;
  }

  override get counts_epochs(): boolean {
    return false;
  }

  override get cycles_momentum(): boolean {
    const { children } = this;
    for (let i = 0; i < children.length; i++) if (children[i].motion.cycles_momentum) return true;
    return false;
  }

  /** That of the last scheduler that cycles it now, whatever was in force before. */
  override momentum(g: number): number {
    const { moving } = this;
    for (let i = moving.length - 1; i >= 0; i--) {
      const momentum = moving[i].motion.momentum(g);
      if (!Number.isNaN(momentum)) return momentum;
    }
    return Number.NaN;
  }

  override get has_own_curve(): boolean {
    return true;
  }

  override get brings_base_lr(): boolean {
    return this.children.every((child) => child.motion.brings_base_lr);
  }

  override admit(g: number, undo: (() => void)[]): void {
    super.admit(g, undo);
    for (const child of this.children) child.motion.admit(g, undo);
  }

  override prepare(): void {
    const name = name_of(this.scheduler);
    const seen = new Set<LRScheduler>();
    for (const member of this.children.flatMap(family_of)) {
      if (member.optimizer !== this.scheduler.optimizer) {
        throw new Error(
          `${name}: schedulers must have its own optimizer, got a ${name_of(member)} of another`,
        );
      }
      if (seen.has(member)) {
        throw new Error(
          `${name}: schedulers must stand in it once each, got the same ${name_of(member)} twice`,
        );
      }
      seen.add(member);
    }
  }

  override option_state(): object {
    const { schedulers, ...options } = super.option_state() as OptionValues;
    return options;
  }

  override options_in(reader: StateReader): object {
    const { children, scheduler } = this;
    return { ...options_like(scheduler, reader, ["schedulers"]), schedulers: children };
  }

  override state(): object {
    const _schedulers = this.children.map((child) => child.motion.state());
    return { ...super.state(), _schedulers };
  }

  override load(reader: StateReader): void {
    const states = reader.children("_schedulers", this.children.length);
    for (const [i, child] of this.children.entries()) child.motion.load(states[i]);
    if (reader.has("last_epoch")) reader.checked("last_epoch", LAST_EPOCH);
    const [first] = this.children;
    const base = this.children.find((child) => !child.motion.brings_base_lr);
    // PyTorch's states leave out what the schedulers inside say as well.
    load_own_state(this.scheduler, this.options_in(reader), reader, {
      last_epoch: first.last_epoch,
      base_lrs: base?.base_lrs ?? this.scheduler.base_lrs,
    });
    this.prepare();
  }
}
