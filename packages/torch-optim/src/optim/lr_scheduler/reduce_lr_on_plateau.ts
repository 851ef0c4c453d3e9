import { COUNT, type Field, number, one_of, per_group, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import type { LRSchedulerOptions, Resolved } from "./lr_scheduler.ts";
import { beats_best, MetricLR, metrics_decide } from "./metric_lr.ts";
import { type LRs, Motion } from "./motion.ts";
import { type PerGroup, shared, value_of } from "./per_group.ts";
import type { StateReader } from "./scheduler_state.ts";

/** Options of `ReduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions extends LRSchedulerOptions {
  /** Whether a metric is better when it is lower or higher. Default `"min"`. */
  mode?: "min" | "max";
  /** The factor of a reduction, from 0 to below 1. Default 0.1. */
  factor?: number;
  /** How many epochs without a better metric are let pass, a whole number of at least 0. Default 10. */
  patience?: number;
  /** By how much a metric must be better to count, at least 0. Default 1e-4. */
  threshold?: number;
  /** Whether `threshold` is a share of the best metric or an amount. Default `"rel"`. */
  threshold_mode?: "rel" | "abs";
  /** How many epochs after a reduction do not count, a whole number of at least 0. Default 0. */
  cooldown?: number;
  /** The lowest lr, at least 0: one, or a list with one for each parameter group. Default 0. */
  min_lr?: PerGroup;
  /** A reduction by no more than this is left out, at least 0. Default 1e-8. */
  eps?: number;
}

/**
 * Reduces the lr when a metric has stopped getting better: `lr = max(lr · factor, min_lr)` after
 * more than `patience` epochs without a better one.
 *
 * As any scheduler it can be a phase of a `SequentialLR`, which passes the metric on; its phase
 * begins fresh, with the base lr. Metrics decide its lr, so `lr_at` and `last_epoch` know its
 * local epoch 0 alone; `load_state_dict` resumes it at any.
 *
 * Source: `torch.optim.lr_scheduler.ReduceLROnPlateau`.
 *
 * @throws RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const scheduler = new torch.optim.ReduceLROnPlateau(optimizer, { patience: 3 });
 * scheduler.step(validation_loss);
 * ```
 */
export class ReduceLROnPlateau extends MetricLR<ReduceLROnPlateauOptions> {
  static override readonly option_table = option_table<Resolved<ReduceLROnPlateauOptions>>(
    "ReduceLROnPlateau",
    {
      mode: one_of(["min", "max"], "min"),
      factor: number({ min: 0, below: 1, default: 0.1 }),
      patience: whole_number({ min: 0, default: 10 }),
      threshold: number({ min: 0, default: 1e-4 }),
      threshold_mode: one_of(["rel", "abs"], "rel"),
      cooldown: whole_number({ min: 0, default: 0 }),
      min_lr: per_group(number({ min: 0, default: 0 })) as Field<PerGroup>,
      eps: number({ min: 0, default: 1e-8 }),
    },
  );

  static override motion(scheduler: ReduceLROnPlateau): Motion {
    return new PlateauMotion(scheduler);
  }

  declare factor: number;
  declare patience: number;
  declare cooldown: number;
  declare min_lr: PerGroup;
  declare eps: number;
  /** The epochs of the cooldown that are left. */
  declare cooldown_counter: number;
  /** The epochs since the best metric. */
  declare num_bad_epochs: number;

  /** The lowest lr of every group. */
  get min_lrs(): number[] {
    return this.base_lrs.map((_, g) => value_of(this.min_lr, g));
  }

  /** Whether bad epochs are not counted now, soon after the lr was lowered. */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0;
  }
}

class PlateauMotion extends Motion<ReduceLROnPlateau> {
  override readonly takes_metrics = true;
  #best = 0;
  #cooldown_counter = 0;
  #num_bad_epochs = 0;

  override begin(lrs: LRs): LRs {
    this.#best = this.scheduler.mode_worse;
    this.#cooldown_counter = 0;
    this.#num_bad_epochs = 0;
    return this.moved(0, [...lrs]);
  }

  override advance(lrs: LRs, epoch: number, metric?: number): LRs {
    const { scheduler } = this;
    if (metric === undefined) throw metrics_decide(scheduler, epoch);
    const { best, cooldown_counter, num_bad_epochs, patience } = scheduler;
    const is_better = beats_best(scheduler, metric);
    const is_cooling = cooldown_counter > 0;
    const bad = is_better || is_cooling ? 0 : num_bad_epochs + 1;
    const is_reduced = bad > patience;
    this.#best = is_better ? metric : best;
    this.#num_bad_epochs = is_reduced ? 0 : bad;
    if (is_reduced) this.#cooldown_counter = scheduler.cooldown;
    else this.#cooldown_counter = is_cooling ? cooldown_counter - 1 : cooldown_counter;
    const { next } = this;
    for (let g = 0; g < next.length; g++) next[g] = is_reduced ? this.#reduced(lrs[g], g) : lrs[g];
    return this.moved(epoch, next);
  }

  override commit(): void {
    super.commit();
    const { scheduler } = this;
    scheduler.best = this.#best;
    scheduler.cooldown_counter = this.#cooldown_counter;
    scheduler.num_bad_epochs = this.#num_bad_epochs;
  }

  override needs_metric(): boolean {
    return true;
  }

  /** A new group keeps its lr and is reduced from there. */
  override join(g: number): number {
    return this.scheduler.base_lrs[g];
  }

  override option_state(): object {
    const { min_lr, ...options } = super.option_state() as Resolved<ReduceLROnPlateauOptions>;
    const { min_lrs, mode_worse } = this.scheduler;
    return {
      ...options,
      default_min_lr: typeof min_lr === "number" ? min_lr : null,
      min_lrs,
      mode_worse: String(mode_worse),
    };
  }

  override options_in(reader: StateReader): object {
    const options: Record<string, unknown> = {};
    for (const option of Object.keys(this.scheduler.options)) {
      if (option !== "min_lr") options[option] = reader.value(option);
    }
    const min_lrs = reader.value("min_lrs");
    const min_lr = reader.has("default_min_lr")
      ? (reader.value("default_min_lr") ?? min_lrs)
      : shared(min_lrs);
    return { ...options, min_lr };
  }

  override load(reader: StateReader): void {
    super.load(reader);
    const { best, cooldown_counter, num_bad_epochs } = this.scheduler;
    this.#best = best;
    this.#cooldown_counter = cooldown_counter;
    this.#num_bad_epochs = num_bad_epochs;
    for (const key of ["cooldown_counter", "num_bad_epochs"]) reader.checked(key, COUNT);
  }

  #reduced(lr: number, g: number): number {
    const { factor, min_lr, eps } = this.scheduler;
    const reduced = Math.max(lr * factor, value_of(min_lr, g));
    return lr - reduced > eps ? reduced : lr;
  }
}
