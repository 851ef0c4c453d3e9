import { nextFrame, type Tensor } from "@tensorflow/tfjs-core";
import type { LRScheduler, Recipe } from "torch-optim/lr_scheduler";

/** Options of `scheduler_callback`. */
export interface SchedulerCallbackOptions {
  /** What an epoch of the schedule is: a pass over the data, or a batch. Default "epoch". */
  per?: "epoch" | "batch";
  /** The entry of the logs that a `ReduceLROnPlateau` goes by. Default "val_loss". */
  monitor?: string;
}

/** What TensorFlow.js says of an epoch or a batch: numbers, or tensors with one number in them. */
export type Logs = Record<string, number | Tensor>;

/**
 * A callback of `model.fit` and `model.fitDataset`, in either of the two forms that TensorFlow.js takes:
 * it has the functions of a plain one, and all the methods of a `tf.Callback`.
 */
export interface SchedulerCallback {
  /** Steps the scheduler if it counts epochs, and notes the lr that the epoch had. */
  onEpochEnd(epoch: number, logs?: object): Promise<void>;
  /** Steps the scheduler if it counts batches. Absent if it counts epochs and TensorFlow.js asks first. */
  onBatchEnd?(batch: number, logs?: object): Promise<void>;
  /** @internal */
  setParams(params: object): void;
  /** @internal */
  setModel(model: object): void;
  /** @internal */
  onTrainBegin(logs?: object): Promise<void>;
  /** @internal */
  onTrainEnd(logs?: object): Promise<void>;
  /** @internal */
  onEpochBegin(epoch: number, logs?: object): Promise<void>;
  /** @internal */
  onBatchBegin(batch: number, logs?: object): Promise<void>;
}

/** How often a page is given the time to draw and to answer, in milliseconds: TensorFlow.js' own. */
const YIELD_EVERY = 125;

/**
 * Steps a scheduler or a recipe as `model.fit` or `model.fitDataset` trains, after every epoch or every
 * batch, and writes the lr that was in force into the logs, as `lr` (`lr_1`, … for further groups), from
 * where it stands in the history.
 *
 * A schedule with a plateau takes its metric from the logs, under the name `monitor`.
 *
 * In a list with `tf.Callback`s it stands behind one of them: TensorFlow.js takes a whole list for what
 * the first of it is.
 *
 * @throws TypeError for another `per` or `monitor`. While training: Error if the schedule takes a metric
 *   and the logs have none under that name; the scheduler has not moved then.
 * @example
 * ```ts
 * await model.fit(x, y, { epochs: 20, callbacks: scheduler_callback(scheduler) });
 * ```
 */
export function scheduler_callback(
  scheduler: LRScheduler | Recipe,
  { per = "epoch", monitor = "val_loss" }: SchedulerCallbackOptions = {},
): SchedulerCallback {
  if (per !== "epoch" && per !== "batch") refuse("per", '"epoch" or "batch"', per);
  if (typeof monitor !== "string") refuse("monitor", "the name of an entry of the logs", monitor);
  let last_lrs = lrs_of(scheduler);
  let last_yield = Number.POSITIVE_INFINITY;
  const step = async (logs: Logs) => {
    const metric = scheduler.takes_metrics ? await metric_in(logs, monitor) : undefined;
    last_lrs = lrs_of(scheduler);
    scheduler.step(metric);
  };
  const nothing = async () => {};
  const on_batch_end = async (_batch: number, logs: object = {}) => {
    if (per === "batch") await step(logs as Logs);
    if (performance.now() - last_yield < YIELD_EVERY) return;
    await nextFrame();
    last_yield = performance.now();
  };
  const callback: SchedulerCallback = {
    async onEpochEnd(_epoch, logs = {}) {
      if (per === "epoch") await step(logs as Logs);
      for (const [g, lr] of last_lrs.entries()) (logs as Logs)[g === 0 ? "lr" : `lr_${g}`] = lr;
    },
    ...(per === "batch" && { onBatchEnd: on_batch_end }),
    // It is called as a tf.Callback then, beside which TensorFlow.js yields to nobody.
    setParams() {
      callback.onBatchEnd = on_batch_end;
      last_yield = performance.now();
    },
    setModel() {},
    onTrainBegin: nothing,
    onTrainEnd: nothing,
    onEpochBegin: nothing,
    onBatchBegin: nothing,
  };
  return callback;
}

function lrs_of({ optimizer }: LRScheduler | Recipe): number[] {
  return optimizer.param_groups.map(({ lr }) => lr);
}

async function metric_in(logs: Logs, monitor: string): Promise<number> {
  const value = logs[monitor];
  if (typeof value === "number") return value;
  if (value !== undefined) return (await value.data())[0];
  const names = Object.keys(logs).join(", ");
  throw new Error(
    `scheduler_callback: monitor must be an entry of the logs (${names}), got "${monitor}"` +
      (monitor.startsWith("val_") ? ", which there is only with validation data" : ""),
  );
}

function refuse(option: string, expected: string, value: unknown): never {
  const got = JSON.stringify(value) ?? typeof value;
  throw new TypeError(`scheduler_callback: ${option} must be ${expected}, got ${got}`);
}
