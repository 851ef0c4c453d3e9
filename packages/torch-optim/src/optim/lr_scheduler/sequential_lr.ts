import { custom } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { is_list } from "../../refusal.ts";
import { CompositeMotion, CompositeScheduler, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import type { LRs, Motion } from "./motion.ts";
import { phase_at } from "./phase_at.ts";
import { plan_of } from "./plan.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Options of `SequentialLR`. */
export interface SequentialLROptions extends LRSchedulerOptions {
  /** The schedulers of the phases, in their order: of any kind, in any number from 1 on. */
  schedulers: readonly LRScheduler[];
  /**
   * The epochs at which the second, third, … phase begins: strictly increasing whole numbers from
   * 0 on, one fewer than there are schedulers.
   */
  milestones: readonly number[];
}

/**
 * Runs schedulers one after another: phase `i` is in force while
 * `milestones[i - 1] <= epoch < milestones[i]`, the last one without end.
 *
 * `lr(t) = lr_i(t - milestones[i - 1])`: during phase `i` the lr is exactly what scheduler `i`
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
    },
  );

  static override motion(scheduler: SequentialLR): SequenceMotion {
    return new SequenceMotion(scheduler);
  }

  /** The epochs at which the second, third, … phase begins. */
  declare readonly milestones: readonly number[];
}

class SequenceMotion extends CompositeMotion<SequentialLR> {
  /** The scheduler of the phase that was turned to last. */
  override readonly moving = [this.children[0]];

  override begin(lrs: LRs): LRs {
    this.#turn_to(0);
    return super.moved(0, this.#motion.begin(lrs));
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    const local_epoch = epoch - this.#turn_to(epoch);
    const motion = this.#motion;
    return super.moved(
      epoch,
      local_epoch === 0 ? motion.enter(lrs) : motion.advance(lrs, local_epoch, metric),
    );
  }

  override at(epoch: number): LRs {
    const start = this.#turn_to(epoch);
    const motion = this.#motion;
    const enter = () => motion.enter(this.at(start - 1));
    return this.moved(
      epoch,
      motion.at(epoch - start, this.#goes_on_from(start) ? enter : undefined),
    );
  }

  protected override moved(epoch: number, lrs: LRs): LRs {
    this.#turn_to(epoch);
    return super.moved(epoch, lrs);
  }

  override is_closed(epoch: number): boolean {
    const start = this.#turn_to(epoch);
    return !this.#goes_on_from(start) && this.#motion.is_closed(epoch - start);
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
    const { length } = this.scheduler.milestones;
    const count = this.children.length;
    if (length !== count - 1) {
      throw new Error(
        `SequentialLR: milestones must be ${count - 1} for ${count} schedulers, got ${length}`,
      );
    }
  }

  override option_state(): object {
    return { _milestones: this.scheduler.milestones };
  }

  override options_in(reader: StateReader): object {
    return { schedulers: this.children, milestones: reader.value("_milestones") };
  }

  override is_astray(): boolean {
    const { last_epoch } = this.scheduler;
    const local_epoch = last_epoch - this.#turn_to(last_epoch);
    const motion = this.#motion;
    return motion.scheduler.last_epoch !== local_epoch || !!motion.is_astray?.();
  }

  /** The motion of the phase that was turned to last. */
  get #motion(): Motion {
    return this.moving[0].motion;
  }

  /** Turns to the phase of an epoch, and gives the epoch at which it begins. */
  #turn_to(epoch: number): number {
    const { milestones } = this.scheduler;
    const phase = phase_at(milestones, epoch);
    this.moving[0] = this.children[phase];
    return phase === 0 ? 0 : milestones[phase - 1];
  }

  /** Whether the phase turned to goes on from the lrs in force before its start. */
  #goes_on_from(start: number): boolean {
    return start > 0 && !!this.#motion.is_relative?.();
  }
}

function is_increasing(value: unknown): boolean {
  return is_list(
    value,
    (n, i, list) => Number.isSafeInteger(n) && (n as number) > ((list[i - 1] ?? -1) as number),
  );
}
