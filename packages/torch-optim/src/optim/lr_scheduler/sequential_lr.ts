import { custom } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { is_list } from "../../refusal.ts";
import { CompositeMotion, CompositeScheduler, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import type { LRs, Motion } from "./motion.ts";
import { name_of } from "./options.ts";
import { phase_at } from "./phase_at.ts";
import { plan_of } from "./plan.ts";
import { StateReader } from "./scheduler_state.ts";

/** Options of `SequentialLR`. */
export interface SequentialLROptions extends LRSchedulerOptions {
  /** The schedulers of the phases, in their order: of any kind, in any number from 1 on. */
  schedulers: readonly LRScheduler[];
  /**
   * The epochs at which the second, third, … phase begins: strictly increasing whole numbers from
   * 0 on, one fewer than there are schedulers.
   */
  milestones: readonly number[];
  /**
   * The local epoch at which each phase begins, a whole number from 0 on for each scheduler: above 0,
   * in the middle of its own curve. It must be 0 where metrics decide, and for `MultiplicativeLR` and
   * `SWALR`, which go on from the lr in force. Default: all 0.
   */
  starts?: readonly number[] | null;
}

/**
 * Runs schedulers one after another: phase `i` is in force while
 * `milestones[i - 1] <= epoch < milestones[i]`, the last one without end.
 *
 * `lr(t) = lr_i(t - milestones[i - 1] + starts[i])`: during phase `i` the lr is exactly what scheduler `i`
 * would give at that local epoch if it were alone on a fresh optimizer with the same base lr,
 * whatever that scheduler is: another `SequentialLR`, a `ChainedScheduler`, a
 * `ReduceLROnPlateau`, one of your own. (`MultiplicativeLR`, relative by nature, goes on from the
 * lr in force.) Momentum obeys the same law.
 *
 * Source: `torch.optim.lr_scheduler.SequentialLR`; docs/from-pytorch.md lists where this one leaves it.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const warmup = new torch.optim.LinearLR(optimizer, { total_iters: 10 });
 * const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 90 });
 * const scheduler = new torch.optim.SequentialLR(optimizer, {
 *   schedulers: [warmup, cosine],
 *   milestones: [10],
 * });
 * ```
 */
export class SequentialLR extends CompositeScheduler<SequentialLROptions> {
  static override readonly option_table = option_table<Resolved<SequentialLROptions>>(
    "SequentialLR",
    {
      schedulers: SCHEDULERS,
      milestones: custom("strictly increasing whole numbers from 0 on", is_increasing),
      starts: custom<readonly number[] | null>(
        "a list of whole numbers from 0 on",
        (value) => value === null || are_epochs(value),
        null,
      ),
    },
  );

  static override motion(scheduler: SequentialLR): SequenceMotion {
    return new SequenceMotion(scheduler);
  }

  /** The epochs at which the second, third, … phase begins. */
  declare readonly milestones: readonly number[];
  /** The local epoch at which each phase begins. */
  declare starts: readonly number[];
}

class SequenceMotion extends CompositeMotion<SequentialLR> {
  /** The scheduler of the phase that was turned to last, or a plan that is to begin it. */
  override readonly moving = [this.children[0]];
  /** The local epoch at which that phase begins. */
  #start = 0;

  override begin(lrs: LRs): LRs {
    for (const [phase, { motion }] of this.children.entries()) {
      const start = this.scheduler.starts[phase];
      // Where a phase cannot begin, it is refused now, and not when its time has come.
      if (start > 0 && motion.is_closed(start)) motion.at(start);
    }
    const start = this.#turn_to(0);
    const motion = this.#motion;
    return super.moved(0, start === 0 ? motion.begin(lrs) : motion.at(start));
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    const local_epoch = this.#turn_to(epoch);
    const motion = this.#motion;
    return super.moved(
      epoch,
      local_epoch > this.#start
        ? motion.advance(lrs, local_epoch, metric)
        : this.#enter(lrs, motion, local_epoch),
    );
  }

  override at(epoch: number): LRs {
    const local_epoch = this.#turn_to(epoch);
    const motion = this.#motion;
    const begin = epoch - local_epoch;
    const enter = () => motion.enter(this.at(begin - 1));
    const goes_on = begin > 0 && motion.is_relative?.();
    return this.moved(epoch, motion.at(local_epoch, goes_on ? enter : undefined));
  }

  protected override moved(epoch: number, lrs: LRs): LRs {
    this.#turn_to(epoch);
    return super.moved(epoch, lrs);
  }

  override commit(): void {
    super.commit();
    const [moved] = this.moving;
    this.#turn_to(this.epoch);
    // What a plan has done in its place, the phase takes up.
    if (moved !== this.moving[0]) {
      this.#motion.load(new StateReader("SequentialLR", moved.motion.state()));
    }
  }

  override is_closed(epoch: number): boolean {
    const { milestones, starts } = this.scheduler;
    const phase = phase_at(milestones, epoch);
    const { motion } = this.children[phase];
    const begin = phase === 0 ? 0 : milestones[phase - 1];
    return (
      motion.is_closed(epoch - begin + starts[phase]) && !(begin > 0 && motion.is_relative?.())
    );
  }

  override needs_metric(): boolean {
    this.#turn_to(this.scheduler.last_epoch);
    return super.needs_metric();
  }

  /** Where metrics have decided the lr that a relative phase went on from, it joins alone. */
  override join(g: number): number {
    const { scheduler } = this;
    this.#turn_to(scheduler.last_epoch);
    const motion = this.#motion;
    return motion.is_relative?.() && !this.takes_metrics
      ? plan_of(scheduler).at(scheduler.last_epoch)[g]
      : motion.join(g);
  }

  override prepare(): void {
    super.prepare();
    const { scheduler, children } = this;
    const count = children.length;
    scheduler.starts ??= children.map(() => 0);
    const lengths = [
      ["milestones", count - 1],
      ["starts", count],
    ] as const;
    for (const [option, wanted] of lengths) {
      const { length } = scheduler[option];
      if (length === wanted) continue;
      throw new Error(
        `SequentialLR: ${option} must be ${wanted} for ${count} schedulers, got ${length}`,
      );
    }
    for (const [phase, start] of scheduler.starts.entries()) {
      const { motion } = children[phase];
      if (start === 0 || !(motion.takes_metrics || motion.is_relative?.())) continue;
      const name = name_of(motion.scheduler);
      throw new Error(`SequentialLR: starts[${phase}] must be 0 for ${name}, got ${start}`);
    }
  }

  override option_state(): object {
    const { milestones, starts } = this.scheduler;
    return { _milestones: milestones, ...(starts.some(Boolean) && { _starts: starts }) };
  }

  override options_in(reader: StateReader): object {
    return {
      schedulers: this.children,
      milestones: reader.value("_milestones"),
      starts: reader.or({ _starts: null }).value("_starts"),
    };
  }

  override is_astray(): boolean {
    const local_epoch = this.#turn_to(this.scheduler.last_epoch);
    const motion = this.#motion;
    return motion.scheduler.last_epoch !== local_epoch || !!motion.is_astray?.();
  }

  /** The motion of the phase that was turned to last. */
  get #motion(): Motion {
    return this.moving[0].motion;
  }

  /** Turns to the phase of an epoch, and gives its local epoch. */
  #turn_to(epoch: number): number {
    const { milestones, starts } = this.scheduler;
    const phase = phase_at(milestones, epoch);
    this.moving[0] = this.children[phase];
    this.#start = starts[phase];
    return epoch + this.#start - (phase === 0 ? 0 : milestones[phase - 1]);
  }

  /** The first epoch of a later phase. */
  #enter(lrs: LRs, motion: Motion, start: number): LRs {
    if (start === 0) return motion.enter(lrs);
    if (motion.is_closed(start)) return motion.at(start);
    // A replay moves what is replayed: a plan goes there in its place.
    const plan = plan_of(motion.scheduler);
    this.moving[0] = plan.scheduler;
    return plan.at(start);
  }
}

function are_epochs(value: unknown): boolean {
  return is_list(value, (n) => Number.isSafeInteger(n) && (n as number) >= 0);
}

function is_increasing(value: unknown): boolean {
  return are_epochs(value) && (value as number[]).every((n, i, list) => i === 0 || n > list[i - 1]);
}
