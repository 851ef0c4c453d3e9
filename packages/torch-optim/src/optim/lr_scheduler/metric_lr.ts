import { checked, NOT_NEGATIVE } from "../../fields.ts";
import { refusal } from "../../refusal.ts";
import { warn_once } from "../../warn_once.ts";
import { LRScheduler } from "./lr_scheduler.ts";
import { name_of } from "./options.ts";

/** A scheduler whose lr metrics decide. */
export abstract class MetricLR<Options extends object> extends LRScheduler<Options> {
  declare mode: string;
  declare threshold: number;
  declare threshold_mode: string;
  /** The best metric so far. */
  declare best: number;

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
      throw new TypeError(`${name_of(this)}: metrics ${refusal("a number", metrics)}`);
    }
    if (epoch !== undefined) checked(`${name_of(this)}: epoch`, NOT_NEGATIVE, epoch);
    super.step(metrics);
    if (epoch !== undefined) this.last_epoch = epoch;
  }

  /** The lr in force: metrics have decided it. */
  override get_lr(): number[] {
    return this.get_last_lr();
  }
}

/** What is said where a plan would need a metric to go on to an epoch. */
export function metrics_decide(scheduler: MetricLR<object>, epoch: number): Error {
  return new Error(
    `${name_of(scheduler)}: metrics decide the lr after epoch ${epoch - 1}, ` +
      "so only a state from there can resume it",
  );
}

/** Whether a metric is better than the best so far. */
export function beats_best(scheduler: MetricLR<object>, metric: number): boolean {
  const { best, mode, threshold, threshold_mode } = scheduler;
  if (threshold_mode === "rel") {
    if (metric < 0) warn_of_negative_metric(scheduler, metric);
    return mode === "min" ? metric < best * (1 - threshold) : metric > best * (threshold + 1);
  }
  return mode === "min" ? metric < best - threshold : metric > best + threshold;
}

function warn_of_negative_metric(scheduler: MetricLR<object>, metric: number): void {
  warn_once(
    scheduler,
    "negative metric",
    `${name_of(scheduler)}: a threshold relative to a negative metric, got ${metric}, takes worse ` +
      'metrics for better ones; threshold_mode: "abs" judges them right',
  );
}
