import { custom } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { CompositeMotion, CompositeScheduler, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import type { LRs, Motion } from "./motion.ts";
import { phase_at } from "./phase_at.ts";
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
 * Source: `torch.optim.lr_scheduler.SequentialLR`; the README lists where this one leaves it.
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
  /** The phase in force, and the one computed last. */
  #phase = 0;
  #next_phase = 0;
  /** The scheduler of the latter. */
  readonly #moving = [this.children[0]];

  override get moving(): readonly LRScheduler[] {
    return this.#moving;
  }

  override begin(lrs: LRs): LRs {
    const phase = this.#phase_at(0);
    return this.#turn_to(phase, 0, this.#motion(phase).begin(lrs));
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    const phase = this.#phase;
    if (epoch === this.scheduler.milestones[phase]) {
      return this.#turn_to(phase + 1, epoch, this.#motion(phase + 1).enter(lrs));
    }
    const local_epoch = epoch - this.#start(phase);
    return this.#turn_to(phase, epoch, this.#motion(phase).advance(lrs, local_epoch, metric));
  }

  override at(epoch: number): LRs {
    const phase = this.#phase_at(epoch);
    const start = this.#start(phase);
    const motion = this.#motion(phase);
    const enter = () => motion.enter(this.at(start - 1));
    const is_entered = start > 0 && motion.is_relative;
    return this.#turn_to(phase, epoch, motion.at(epoch - start, is_entered ? enter : undefined));
  }

  override get is_closed(): boolean {
    return this.children.every(({ motion }) => motion.is_closed);
  }

  override commit(): void {
    super.commit();
    this.#phase = this.#next_phase;
  }

  override get needs_metric(): boolean {
    return this.#motion(this.#phase).needs_metric;
  }

  /** Where metrics have decided the lr that a relative phase went on from, it joins alone. */
  override join(g: number): number {
    const motion = this.#motion(this.#phase);
    return motion.is_relative && this.takes === "nothing" ? super.join(g) : motion.join(g);
  }

  override prepare(): void {
    super.prepare();
    const { length } = this.children;
    const got = this.scheduler.milestones.length;
    if (got !== length - 1) {
      throw new Error(
        `SequentialLR: milestones must be ${length - 1} for ${length} schedulers, got ${got}`,
      );
    }
  }

  override option_state(): object {
    return { _milestones: this.scheduler.milestones };
  }

  override options_in(reader: StateReader): object {
    return { schedulers: this.children, milestones: reader.value("_milestones") };
  }

  override load(reader: StateReader): void {
    super.load(reader);
    const { last_epoch, _last_lr } = this.scheduler;
    this.#phase = this.#phase_at(last_epoch);
    this.#turn_to(this.#phase, last_epoch, _last_lr);
  }

  override is_lawful(): boolean {
    const { last_epoch, motion } = this.children[this.#phase];
    return (
      last_epoch === this.scheduler.last_epoch - this.#start(this.#phase) && motion.is_lawful()
    );
  }

  #turn_to(phase: number, epoch: number, lrs: LRs): LRs {
    this.#next_phase = phase;
    this.#moving[0] = this.children[phase];
    return this.moved(epoch, lrs);
  }

  #motion(phase: number): Motion {
    return this.children[phase].motion;
  }

  #phase_at(epoch: number): number {
    return phase_at(this.scheduler.milestones, epoch);
  }

  /** The epoch at which a phase begins. */
  #start(phase: number): number {
    return phase === 0 ? 0 : this.scheduler.milestones[phase - 1];
  }
}

function is_increasing(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((n, i) => Number.isSafeInteger(n) && n >= 0 && (i === 0 || n > value[i - 1]))
  );
}
