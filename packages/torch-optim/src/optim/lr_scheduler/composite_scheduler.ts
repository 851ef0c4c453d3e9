import { checked, custom, type Field } from "../../fields.ts";
import { is_list, refuse } from "../../refusal.ts";
import { family_of } from "./family.ts";
import { is_scheduler, LRScheduler } from "./lr_scheduler.ts";
import { type LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";
import { LAST_EPOCH, type StateReader } from "./scheduler_state.ts";

/** The schedulers that a composite is made of. */
export const SCHEDULERS: Field<readonly LRScheduler[]> = {
  ...custom("a list of at least one scheduler", (list) => is_list(list, is_scheduler, 1)),
  of_kind: (list) => is_list(list, is_scheduler),
};

/** What every composite takes. */
export interface CompositeOptions {
  /** The schedulers that it is made of. */
  schedulers: readonly LRScheduler[];
}

/** A scheduler made of others, which it drives from its own epoch 0 on. */
export abstract class CompositeScheduler<
  Options extends CompositeOptions,
> extends LRScheduler<Options> {
  /** The schedulers this one is made of. */
  declare readonly schedulers: Options["schedulers"];

  /** The lr of every group at `last_epoch`: the schedulers inside have set it. */
  override get_lr(): number[] {
    return this.get_last_lr();
  }
}

/**
 * The motion of a scheduler that is made of others, its option `schedulers`. A composite of one's own
 * says `begin` and `advance`, from what the motions of `children` give, and passes each result through
 * `moved`; the tree is then stepped, saved, resumed and planned by what is here.
 */
export abstract class CompositeMotion<
  S extends CompositeScheduler<CompositeOptions>,
> extends Motion<S> {
  override readonly children: readonly LRScheduler[];
  override readonly takes_metrics: boolean;
  override readonly moving: readonly LRScheduler[];

  constructor(scheduler: S) {
    super(scheduler);
    const { schedulers } = scheduler.options;
    this.children = checked(`${name_of(scheduler)}: schedulers`, SCHEDULERS, schedulers);
    this.moving = this.children;
    // Without a table, options do not stand on the scheduler by their names.
    Object.assign(scheduler, { schedulers: this.children });
    this.takes_metrics = this.children.some((child) => child.takes_metrics);
  }

  override jump(_lrs: LRs, metric: number): LRs {
    refuse(`${name_of(this.scheduler)}: metric`, "left out, as no scheduler takes one", metric);
  }

  override commit(): void {
    const { moving } = this;
    for (let i = 0; i < moving.length; i++) moving[i].motion.commit();
    super.commit();
  }

  override is_closed(epoch: number): boolean {
    return super.is_closed(epoch) && this.children.every(({ motion }) => motion.is_closed(epoch));
  }

  override needs_metric(): boolean {
    return this.moving.some(({ motion }) => motion.needs_metric?.());
  }

  override has_own_curve(): boolean {
    return true;
  }

  /** As planned, the members too; where metrics decide, a composite of one's own has to say. */
  override join(g: number): number {
    for (const { motion, _last_lr } of this.children) _last_lr[g] = motion.join(g);
    return super.join(g);
  }

  override prepare(): void {
    const { scheduler, children } = this;
    this.momenta = children.map(({ motion }) => motion.momenta).find(Boolean);
    const seen = new Set<LRScheduler>();
    for (const member of children.flatMap(family_of)) {
      if (member.optimizer === scheduler.optimizer && seen.size < seen.add(member).size) continue;
      const name = name_of(member);
      const sentence = seen.has(member)
        ? `stand in it once each, got the same ${name} twice`
        : `have its own optimizer, got a ${name} of another`;
      throw new Error(`${name_of(scheduler)}: schedulers must ${sentence}`);
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
    const { base_lrs } = children.find(({ motion }) => !motion.own_base_lr) ?? this.scheduler;
    const whole = reader.or({ last_epoch: children[0].last_epoch, base_lrs });
    whole.checked("last_epoch", LAST_EPOCH);
    super.load(whole);
    const { length } = this.scheduler.base_lrs;
    // They know as many groups as this one does.
    for (const [i, child] of children.entries()) states[i].or(child).numbers("base_lrs", length);
  }
}
