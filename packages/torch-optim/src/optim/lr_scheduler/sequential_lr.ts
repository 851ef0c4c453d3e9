import { custom } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { CompositeMotion, CompositeScheduler, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import type { LRs } from "./motion.ts";
import { phase_at } from "./phase_at.ts";
import type { StateReader } from "./scheduler_state.ts";

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
  readonly #moving: [LRScheduler] = [this.children[0]];

  override get milestones(): readonly number[] {
    return this.scheduler.milestones;
  }

  override get moving(): readonly LRScheduler[] {
    return this.#moving;
  }

  override begin(lrs: LRs): LRs {
    const phase = phase_at(this.milestones, 0);
    return this.#turn_to(phase, 0, this.children[phase].motion.begin(lrs));
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    const phase = this.#phase;
    const next = phase + 1;
    if (epoch === this.milestones[phase]) {
      return this.#turn_to(next, epoch, this.children[next].motion.enter(lrs));
    }
    const { motion } = this.children[phase];
    return this.#turn_to(phase, epoch, motion.advance(lrs, epoch - this.#start(phase), metric));
  }

  override at(epoch: number): LRs {
    const phase = phase_at(this.milestones, epoch);
    const start = this.#start(phase);
    const { motion } = this.children[phase];
    const lrs =
      start > 0 && motion.is_relative
        ? motion.at(epoch - start, () => motion.enter(this.at(start - 1)))
        : motion.at(epoch - start);
    return this.#turn_to(phase, epoch, lrs);
  }

  override replay_length(epoch: number): number {
    const phase = phase_at(this.milestones, epoch);
    const start = this.#start(phase);
    const { motion } = this.children[phase];
    const before = start > 0 && motion.is_relative ? this.replay_length(start - 1) : 0;
    return before + motion.replay_length(epoch - start);
  }

  override commit(): void {
    super.commit();
    this.#phase = this.#next_phase;
  }

  override get needs_metric(): boolean {
    return this.children[this.#phase].motion.needs_metric;
  }

  /** Where metrics have decided the lr that a relative phase went on from, it joins alone. */
  override join(g: number): number {
    const { motion } = this.children[this.#phase];
    return motion.is_relative && !this.takes_metrics ? super.join(g) : motion.join(g);
  }

  override prepare(): void {
    super.prepare();
    const wanted = this.children.length - 1;
    const { length } = this.milestones;
    if (length !== wanted) {
      throw new Error(
        `SequentialLR: milestones must be ${wanted} for ${wanted + 1} schedulers, got ${length}`,
      );
    }
  }

  override option_state(): object {
    return { _milestones: this.milestones };
  }

  override options_in(reader: StateReader): object {
    return { ...this.scheduler.options, milestones: reader.value("_milestones") };
  }

  override load(reader: StateReader): void {
    super.load(reader);
    const { last_epoch, _last_lr } = this.scheduler;
    this.#turn_to(phase_at(this.milestones, last_epoch), last_epoch, _last_lr);
    this.#phase = this.#next_phase;
  }

  override is_lawful(): boolean {
    const child = this.children[this.#phase];
    const local_epoch = this.scheduler.last_epoch - this.#start(this.#phase);
    return child.last_epoch === local_epoch && child.motion.is_lawful();
  }

  override remember(): () => void {
    const phase = this.#phase;
    const put_back = super.remember();
    return () => {
      put_back();
      this.#phase = phase;
    };
  }

  #turn_to(phase: number, epoch: number, lrs: LRs): LRs {
    this.#next_phase = phase;
    this.#moving[0] = this.children[phase];
    return this.moved(epoch, lrs);
  }

  /** The epoch at which a phase begins. */
  #start(phase: number): number {
    return phase === 0 ? 0 : this.milestones[phase - 1];
  }
}

function is_increasing(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((n, i) => Number.isSafeInteger(n) && n >= 0 && (i === 0 || n > value[i - 1]))
  );
}
