import { custom } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { CompositeScheduler, SCHEDULERS } from "./composite_scheduler.ts";
import type { LRScheduler, LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
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
  /** @internal */
  static override readonly option_table = option_table<Resolved<SequentialLROptions>>(
    "SequentialLR",
    {
      schedulers: SCHEDULERS,
      milestones: custom("strictly increasing whole numbers from 0 on", is_increasing),
    },
  );

  /** The phase in force. @internal */
  declare _phase: number;
  private declare _scaling_phases: number | undefined;

  /** @internal */
  get _members(): readonly LRScheduler[] {
    return this.schedulers;
  }

  /** The epochs at which the second, third, … phase begins. */
  declare readonly milestones: readonly number[];

  /** @internal */
  override _set_up(): void {
    super._set_up();
    this._scaling_phases = undefined;
    const wanted = this.schedulers.length - 1;
    const { milestones } = this;
    if (milestones.length !== wanted) {
      throw new Error(
        `SequentialLR: milestones must be ${wanted} for ${wanted + 1} schedulers, ` +
          `got ${milestones.length}`,
      );
    }
  }

  /** @internal */
  override _begin(): void {
    this._phase = phase_at(this.milestones, 0);
    this._active._begin();
    this._arrive(0);
  }

  /** @internal */
  override _advance(metric?: number): void {
    const epoch = this.last_epoch + 1;
    if (epoch === this._end) {
      this.schedulers[this._phase + 1]._enter();
      this._phase += 1;
    } else {
      this._active._advance(metric);
    }
    this._arrive(epoch);
  }

  /** @internal */
  override _check_epoch(epoch: number): void {
    if (epoch !== this._end) this._active._check_epoch(this._active.last_epoch + 1);
  }

  /** @internal */
  override _seek(epoch: number): void {
    const phase = phase_at(this.milestones, epoch);
    const scheduler = this.schedulers[phase];
    const start = start_of(this.milestones, phase);
    if (start > 0 && scheduler._is_relative) {
      scheduler._seek(epoch - start, () => {
        this._seek(start - 1);
        scheduler._enter();
      });
    } else {
      scheduler._seek(epoch - start);
    }
    this._phase = phase;
    this._arrive(epoch);
  }

  /** @internal */
  get _active(): LRScheduler {
    return this.schedulers[this._phase];
  }

  /** Where the phase in force ends. @internal */
  get _end(): number {
    return this.milestones[this._phase] ?? Infinity;
  }

  /** @internal */
  override _apply_momentum(): void {
    this._active._apply_momentum();
  }

  /** @internal */
  override get _needs_metric(): boolean {
    return this._active._needs_metric;
  }

  /** @internal */
  override get _has_own_curve(): boolean {
    return true;
  }

  /** @internal */
  override _scale_at(epoch: number): number {
    const phase = phase_at(this.milestones, epoch);
    this._scaling_phases ??= count_scaling_phases(this);
    if (phase > this._scaling_phases) return Number.NaN;
    const scale = this.schedulers[phase]._scale_at(epoch - start_of(this.milestones, phase));
    // A later phase would need to know what the neighbours were before the zero.
    return phase < this.milestones.length ? scale || Number.NaN : scale;
  }

  /** Where metrics have decided the lr that a relative phase went on from, it joins alone. @internal */
  override _joining_lr(g: number): number {
    const active = this._active;
    const is_planned = active._is_relative && !this._takes_metrics;
    return is_planned ? super._joining_lr(g) : active._joining_lr(g);
  }

  /** @internal */
  override _option_state(): object {
    return { _milestones: this.milestones };
  }

  /** @internal */
  override _options_in(reader: StateReader): object {
    return { ...this.options, milestones: reader.value("_milestones") };
  }

  /** @internal */
  override _load(reader: StateReader): void {
    super._load(reader);
    this._phase = phase_at(this.milestones, this.last_epoch);
  }

  /** @internal */
  override _is_lawful(): boolean {
    const local_epoch = this.last_epoch - start_of(this.milestones, this._phase);
    return this._active.last_epoch === local_epoch && this._active._is_lawful();
  }
}

/** The phase of an epoch: the number of milestones up to it. */
function phase_at(milestones: readonly number[], epoch: number): number {
  let low = 0;
  let high = milestones.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (milestones[middle] <= epoch) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The epoch at which a phase begins. */
function start_of(milestones: readonly number[], phase: number): number {
  return milestones[phase - 1] ?? 0;
}

/** How many phases, from the first on, are multiples of the base lr that never reach 0. */
function count_scaling_phases({ milestones, schedulers }: SequentialLR): number {
  const broken = milestones.findIndex((end, phase) => {
    const last = end - 1 - start_of(milestones, phase);
    return last >= 0 && !schedulers[phase]._scale_at(last);
  });
  return broken === -1 ? milestones.length : broken;
}

function is_increasing(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((n, i) => Number.isSafeInteger(n) && n >= 0 && (i === 0 || n > value[i - 1]))
  );
}
