import { checked, type Field, number, one_of, per_group, whole_number } from "../../fields.ts";
import { option_table } from "../../option_table.ts";
import { refusal } from "../../refusal.ts";
import { type PerGroup, value_of } from "./cycling_lr.ts";
import { LRScheduler, type LRSchedulerOptions, type Resolved } from "./lr_scheduler.ts";
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

const EPOCH = number({ min: 0 });
const COUNT = whole_number({ min: 0 });

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
export class ReduceLROnPlateau extends LRScheduler<ReduceLROnPlateauOptions> {
  /** @internal */
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

  declare readonly mode: string;
  declare readonly factor: number;
  declare readonly patience: number;
  declare readonly threshold: number;
  declare readonly threshold_mode: string;
  declare readonly cooldown: number;
  declare readonly min_lr: PerGroup;
  declare readonly eps: number;
  /** The best metric so far. */
  declare best: number;
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

  /** The metric that any other is better than. */
  get mode_worse(): number {
    return this.mode === "min" ? Infinity : -Infinity;
  }

  /**
   * Moves to the next epoch, judging the metric of the one in force.
   *
   * @param metrics - The metric, for example the validation loss.
   * @param epoch - Deprecated, as in PyTorch: the epoch to count this one as.
   * @throws TypeError if the metric is no number; nothing has moved then.
   */
  override step(metrics: number, epoch?: number): void {
    if (typeof metrics !== "number") {
      throw new TypeError(`ReduceLROnPlateau: metrics ${refusal("a number", metrics)}`);
    }
    if (epoch !== undefined) checked("ReduceLROnPlateau: epoch", EPOCH, epoch);
    this._prepare_step();
    this._advance(metrics);
    if (epoch !== undefined) this.last_epoch = epoch;
  }

  /** The lr in force: metrics have decided it. */
  override get_lr(): number[] {
    return this.optimizer.param_groups.map((group) => group.lr);
  }

  /** @internal */
  override _begin(): void {
    this.best = this.mode_worse;
    this.cooldown_counter = 0;
    this.num_bad_epochs = 0;
    this.last_epoch = 0;
    this._note_lr();
  }

  /** @internal */
  override _advance(metric = Number.NaN): void {
    this.last_epoch += 1;
    if (this._is_better(metric)) {
      this.best = metric;
      this.num_bad_epochs = 0;
    } else {
      this.num_bad_epochs += 1;
    }
    if (this.in_cooldown) {
      this.cooldown_counter -= 1;
      this.num_bad_epochs = 0;
    }
    if (this.num_bad_epochs > this.patience) {
      this._reduce_lr();
      this.cooldown_counter = this.cooldown;
      this.num_bad_epochs = 0;
    }
    this._note_lr();
  }

  /** @internal */
  _is_better(metric: number): boolean {
    const { mode, threshold, threshold_mode } = this;
    const { best } = this;
    if (threshold_mode === "rel") {
      return mode === "min" ? metric < best * (1 - threshold) : metric > best * (threshold + 1);
    }
    return mode === "min" ? metric < best - threshold : metric > best + threshold;
  }

  /** @internal */
  _reduce_lr(): void {
    const groups = this.optimizer.param_groups;
    const { factor, min_lr, eps } = this;
    for (let g = 0; g < this.base_lrs.length; g++) {
      const lr = Math.max(groups[g].lr * factor, value_of(min_lr, g));
      if (groups[g].lr - lr > eps) groups[g].lr = lr;
    }
  }

  /** @internal */
  _note_lr(): void {
    const groups = this.optimizer.param_groups;
    for (let g = 0; g < this.base_lrs.length; g++) this._last_lr[g] = groups[g].lr;
  }

  /** @internal */
  override get _needs_metric(): boolean {
    return true;
  }

  /** @internal */
  override get _takes_metrics(): boolean {
    return true;
  }

  /** A new group keeps its lr and is reduced from there. @internal */
  override _joining_lr(g: number): number {
    return this.base_lrs[g];
  }

  /** @internal */
  override _option_state(): object {
    const { min_lr, ...options } = this.options;
    return {
      ...options,
      default_min_lr: typeof min_lr === "number" ? min_lr : null,
      min_lrs: this.min_lrs,
      mode_worse: String(this.mode_worse),
    };
  }

  /** @internal */
  override _options_in(reader: StateReader): object {
    const options: Record<string, unknown> = {};
    for (const option of Object.keys(this.options)) {
      if (option !== "min_lr") options[option] = reader.value(option);
    }
    const min_lr = reader.value("default_min_lr") ?? reader.value("min_lrs");
    return { ...options, min_lr };
  }

  /** @internal */
  override _load(reader: StateReader): void {
    super._load(reader);
    for (const key of ["cooldown_counter", "num_bad_epochs"]) reader.checked(key, COUNT);
  }
}
