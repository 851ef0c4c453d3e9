import { checked, list_of, whole_number } from "../../fields.ts";
import { lrs_of, type ScheduledMomenta } from "../param_group.ts";
import { family_of } from "./family.ts";
import { is_scheduler, LRScheduler } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";
import type { StateReader } from "./scheduler_state.ts";

/** The schedulers that a composite is made of. */
export const SCHEDULERS = list_of<LRScheduler>("scheduler", is_scheduler);

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
  override readonly takes: "metric" | "nothing";
  #epoch = 0;
  #lrs: LRs = [];

  constructor(scheduler: S) {
    super(scheduler);
    const { schedulers } = scheduler.options;
    this.children = checked(`${name_of(scheduler)}: schedulers`, SCHEDULERS, schedulers);
    const takes_metrics = this.children.some((child) => child.takes_metrics);
    this.takes = takes_metrics ? "metric" : "nothing";
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
    return this.takes === "metric" && this.moving.some((child) => child.motion.needs_metric);
  }

  override get momenta(): ScheduledMomenta | undefined {
    const { children } = this;
    let momenta: ScheduledMomenta | undefined;
    for (let i = 0; i < children.length && !momenta; i++) ({ momenta } = children[i].motion);
    return momenta;
  }

  /** That of the last scheduler that cycles it now, whatever was in force before. */
  override momentum(g: number): number {
    const { moving } = this;
    let momentum = Number.NaN;
    for (let i = moving.length - 1; i >= 0 && Number.isNaN(momentum); i--) {
      momentum = moving[i].motion.momentum(g);
    }
    return momentum;
  }

  override get has_own_curve(): boolean {
    return true;
  }

  override admit(g: number): () => void {
    const undo = [super.admit(g), ...this.children.map((child) => child.motion.admit(g))];
    return () => {
      for (const take_back of undo.reverse()) take_back();
    };
  }

  override prepare(): void {
    const { scheduler } = this;
    const seen = new Set<LRScheduler>();
    for (const member of this.children.flatMap(family_of)) {
      const is_foreign = member.optimizer !== scheduler.optimizer;
      if (is_foreign || seen.has(member)) {
        const name = name_of(member);
        throw new Error(
          `${name_of(scheduler)}: schedulers must ${
            is_foreign
              ? `have its own optimizer, got a ${name} of another`
              : `stand in it once each, got the same ${name} twice`
          }`,
        );
      }
      seen.add(member);
    }
  }

  override options_in(reader: StateReader): object {
    return { ...super.options_in(reader), schedulers: this.children };
  }

  override state(): object {
    const _schedulers = this.children.map((child) => child.motion.state());
    return { ...super.state(), _schedulers };
  }

  override load(reader: StateReader): void {
    const { children } = this;
    const states = reader.children("_schedulers", children.length);
    for (const [i, { motion }] of children.entries()) motion.load(states[i]);
    // PyTorch's states leave out what the schedulers inside say as well.
    const { last_epoch } = children[0];
    const base_lrs = children.find(({ motion }) => !motion.own_base_lr)?.base_lrs;
    const whole = reader.or(base_lrs ? { last_epoch, base_lrs } : { last_epoch });
    whole.checked("last_epoch", LAST_EPOCH);
    super.load(whole);
  }
}
