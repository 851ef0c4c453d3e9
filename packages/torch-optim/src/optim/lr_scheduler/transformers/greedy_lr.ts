import {
  boolean,
  COUNT,
  type Field,
  NOT_NEGATIVE,
  number,
  one_of,
  per_group,
  whole_number,
} from "../../../fields.ts";
import { option_table } from "../../../option_table.ts";
import type { LRSchedulerOptions, Resolved } from "../lr_scheduler.ts";
import { beats_best, MetricLR, metrics_decide } from "../metric_lr.ts";
import { type LRs, Motion } from "../motion.ts";
import { type PerGroup, shared, value_of } from "../per_group.ts";
import type { StateReader } from "../scheduler_state.ts";
import { StreamingAverage } from "./streaming_average.ts";

/** Options of `GreedyLR`. */
export interface GreedyLROptions extends LRSchedulerOptions {
  /** Whether a metric is better when it is lower or higher. Default `"min"`. */
  mode?: "min" | "max";
  /** The factor of a reduction, and the divisor of a rise, above 0 and below 1. Default 0.95. */
  factor?: number;
  /** How many better or worse metrics in a row are let pass, a whole number of at least 0. Default 10. */
  patience?: number;
  /** By how much a metric must be better to count, at least 0. Default 1e-6. */
  threshold?: number;
  /** Whether `threshold` is a share of the best metric or an amount. Default `"abs"`. */
  threshold_mode?: "rel" | "abs";
  /** How many epochs after a reduction do not count, a whole number of at least 0. Default 0. */
  cooldown?: number;
  /** How many epochs after a rise do not count, a whole number of at least 0. Default 0. */
  warmup?: number;
  /** The lowest lr, at least 0: one, or a list with one for each parameter group. Default 0.001. */
  min_lr?: PerGroup;
  /** The highest lr, at least 0: one, or a list with one for each parameter group. Default 1. */
  max_lr?: PerGroup;
  /** A change by no more than this is left out, at least 0. Default 1e-8. */
  eps?: number;
  /** Whether the average of the last metrics is judged in place of each. Default false. */
  smooth?: boolean;
  /** How many metrics are averaged, a whole number of at least 1. Default 50. */
  window_size?: number;
  /**
   * How many reductions at the lowest lr lead back to the base lr, a whole number of at least 0.
   * Default 500.
   */
  reset_start?: number;
}

/**
 * Raises the lr while a metric gets better, `lr = min(lr / factor, max_lr)` after more than
 * `patience` better ones in a row, and lowers it while it does not, `lr = max(lr · factor, min_lr)`
 * after as many that are no better. When every group has been at its lowest lr for `reset_start`
 * reductions, it begins anew, from the base lr.
 *
 * `min_lr` and `max_lr` are learning rates, not shares of one: beware of their defaults. Metrics
 * decide its lr, so it has no `lr_at` beyond epoch 0, and no `last_epoch` to begin from;
 * `load_state_dict` resumes it at any epoch.
 *
 * Source: "GreedyLR: A Novel Adaptive Learning Rate Scheduler" (https://arxiv.org/abs/2512.14527);
 * `transformers.GreedyLR`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const scheduler = new torch.optim.GreedyLR(optimizer, { patience: 3, min_lr: 1e-6 });
 * scheduler.step(training_loss);
 * ```
 */
export class GreedyLR extends MetricLR<GreedyLROptions> {
  static override readonly option_table = option_table<Resolved<GreedyLROptions>>("GreedyLR", {
    mode: one_of(["min", "max"], "min"),
    factor: number({ above: 0, below: 1, default: 0.95 }),
    patience: whole_number({ min: 0, default: 10 }),
    threshold: number({ min: 0, default: 1e-6 }),
    threshold_mode: one_of(["rel", "abs"], "abs"),
    cooldown: whole_number({ min: 0, default: 0 }),
    warmup: whole_number({ min: 0, default: 0 }),
    min_lr: per_group(number({ min: 0, default: 1e-3 })) as Field<PerGroup>,
    max_lr: per_group(number({ min: 0, default: 1 })) as Field<PerGroup>,
    eps: number({ min: 0, default: 1e-8 }),
    smooth: boolean(false),
    window_size: whole_number({ min: 1, default: 50 }),
    reset_start: whole_number({ min: 0, default: 500 }),
  });

  static override motion(scheduler: GreedyLR): Motion {
    return new GreedyMotion(scheduler);
  }

  declare factor: number;
  declare patience: number;
  declare cooldown: number;
  declare warmup: number;
  declare min_lr: PerGroup;
  declare max_lr: PerGroup;
  declare eps: number;
  declare smooth: boolean;
  declare window_size: number;
  declare reset_start: number;
  /** The better metrics in a row. */
  declare num_good_epochs: number;
  /** The metrics in a row that were no better. */
  declare num_bad_epochs: number;
  /** The epochs after a reduction that do not count yet. */
  declare cooldown_counter: number;
  /** The epochs after a rise that do not count yet. */
  declare warmup_counter: number;

  /** The lowest lr of every group. */
  get min_lrs(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.min_lr, g));
  }

  /** The highest lr of every group. */
  get max_lrs(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.max_lr, g));
  }
}

class GreedyMotion extends Motion<GreedyLR> {
  override readonly takes_metrics = true;
  /** Where the scheduler was computed to be last. */
  readonly #counts = {
    best: 0,
    num_good_epochs: 0,
    num_bad_epochs: 0,
    cooldown_counter: 0,
    warmup_counter: 0,
  };
  /** The reductions at the lowest lr that are left: in force, and computed last. */
  #resets_in = 0;
  #next_resets_in = 0;
  #average = new StreamingAverage(this.scheduler.window_size);
  #metric = 0;
  #begins_anew = false;

  override begin(lrs: LRs): LRs {
    this.#begin_anew();
    return this.moved(0, [...lrs]);
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    if (metric === undefined) throw metrics_decide(this.scheduler, epoch);
    const counts = this.#counts;
    const { smooth, best, cooldown_counter, warmup_counter } = this.scheduler;
    this.#metric = metric;
    this.#begins_anew = false;
    this.#next_resets_in = this.#resets_in;
    counts.best = best;
    counts.num_good_epochs = 0;
    counts.num_bad_epochs = 0;
    counts.cooldown_counter = cooldown_counter;
    counts.warmup_counter = warmup_counter;
    const { next } = this;
    for (let g = 0; g < next.length; g++) next[g] = lrs[g];
    if (cooldown_counter > 0) counts.cooldown_counter -= 1;
    else if (warmup_counter > 0) counts.warmup_counter -= 1;
    else this.#judge(smooth ? this.#average.with(metric) : metric);
    return this.moved(epoch, next);
  }

  override commit(): void {
    super.commit();
    Object.assign(this.scheduler, this.#counts);
    this.#resets_in = this.#next_resets_in;
    const { smooth, window_size } = this.scheduler;
    if (this.#begins_anew) this.#average = new StreamingAverage(window_size);
    else if (smooth) this.#average.add(this.#metric);
  }

  override needs_metric(): boolean {
    return true;
  }

  /** A new group keeps its lr and goes on from there. */
  override join(g: number): number {
    return this.scheduler.base_lrs[g];
  }

  override option_state(): object {
    const { min_lr, max_lr, reset_start, ...options } =
      super.option_state() as Resolved<GreedyLROptions>;
    const { min_lrs, max_lrs, base_lrs, smooth } = this.scheduler;
    return {
      ...options,
      min_lrs,
      max_lrs,
      reset_start: this.#resets_in,
      reset_start_original: reset_start,
      ...(smooth ? { _streaming_avg: this.#average.state() } : {}),
      _init_lrs: base_lrs,
      verbose: false,
    };
  }

  override options_in(reader: StateReader): object {
    const options: Record<string, unknown> = {
      min_lr: shared(reader.value("min_lrs")),
      max_lr: shared(reader.value("max_lrs")),
      reset_start: reader.value("reset_start_original"),
    };
    for (const option of Object.keys(this.scheduler.options)) {
      options[option] ??= reader.value(option);
    }
    return options;
  }

  override load(reader: StateReader): void {
    super.load(reader);
    const { scheduler } = this;
    // What stands there as base_lrs in a state from Python is the lr that was in force.
    const count = scheduler.base_lrs.length;
    scheduler.base_lrs = reader.numbers("_init_lrs", count, count, NOT_NEGATIVE);
    for (const key of Object.keys(this.#counts)) {
      if (key !== "best") reader.checked(key, COUNT);
    }
    this.#resets_in = reader.checked("reset_start", COUNT);
    const { smooth, window_size } = scheduler;
    this.#average = smooth
      ? StreamingAverage.from_state(
          window_size,
          `${reader.path}._streaming_avg`,
          reader.value("_streaming_avg"),
        )
      : new StreamingAverage(window_size);
  }

  #judge(metric: number): void {
    const counts = this.#counts;
    const { scheduler } = this;
    const { num_good_epochs, num_bad_epochs, patience, cooldown, warmup } = scheduler;
    if (beats_best(scheduler, metric)) {
      counts.best = metric;
      counts.num_good_epochs = num_good_epochs + 1;
    } else counts.num_bad_epochs = num_bad_epochs + 1;
    if (counts.num_good_epochs > patience) {
      this.#raise();
      counts.num_good_epochs = 0;
      counts.warmup_counter = warmup;
    } else if (counts.num_bad_epochs > patience) {
      this.#lower();
      counts.num_bad_epochs = 0;
      counts.cooldown_counter = cooldown;
    }
  }

  #raise(): void {
    const { next } = this;
    const { factor, max_lr, eps, reset_start } = this.scheduler;
    for (let g = 0; g < next.length; g++) {
      const raised = Math.min(next[g] / factor, value_of(max_lr, g));
      if (raised - next[g] > eps) next[g] = raised;
    }
    this.#next_resets_in = reset_start;
  }

  #lower(): void {
    const { next } = this;
    const { factor, min_lr, eps, base_lrs } = this.scheduler;
    let is_lowest = true;
    for (let g = 0; g < next.length; g++) {
      const lowest = value_of(min_lr, g);
      const lowered = Math.max(next[g] * factor, lowest);
      if (next[g] - lowered > eps) next[g] = lowered;
      is_lowest &&= next[g] <= lowest;
    }
    if (!is_lowest) return;
    this.#next_resets_in -= 1;
    if (this.#next_resets_in > 0) return;
    for (let g = 0; g < next.length; g++) next[g] = base_lrs[g];
    this.#begin_anew();
  }

  #begin_anew(): void {
    const counts = this.#counts;
    counts.best = this.scheduler.mode_worse;
    counts.num_good_epochs = 0;
    counts.num_bad_epochs = 0;
    counts.cooldown_counter = 0;
    counts.warmup_counter = 0;
    this.#next_resets_in = this.scheduler.reset_start;
    this.#begins_anew = true;
  }
}
