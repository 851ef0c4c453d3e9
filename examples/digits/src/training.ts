import type * as torch from "torch-optim";
import type { Epoch } from "./history.ts";
import { type Images, type Split, take } from "./images.ts";
import { accuracy, backward, makeParameters } from "./model.ts";
import { type Group, makeOptimizer, type OptimizerOptions } from "./optimizer.ts";
import { shuffled } from "./random.ts";
import { type Driver, phaseAt, type Schedule } from "./schedule.ts";

/** What decides the numbers of a training, beside its schedule. */
export interface TrainingOptions extends OptimizerOptions {
  readonly batchSize: number;
  /** Decides split, parameters and the order of the data. */
  readonly seed: number;
  /** After what the schedule takes a step. */
  readonly step: "batch" | "epoch";
}

/** What came of a batch. */
export interface Batch {
  /** Of the first group, while it was trained on. */
  readonly lr: number;
  /** Before the parameters moved. */
  readonly loss: number;
}

/** The classifier, its optimizer and its schedule, on their way through the data. */
export class Training<Own extends Driver> {
  readonly parameters: readonly torch.Parameter[];
  readonly optimizer: torch.optim.Optimizer;
  readonly schedule: Schedule<Own>;
  readonly #options: TrainingOptions;
  readonly #images: Split;

  /**
   * @param images - Those of the same seed.
   * @param toGroups - How the parameters are dealt out to groups; all are one if it is left out.
   */
  constructor(
    options: TrainingOptions,
    images: Split,
    toSchedule: (optimizer: torch.optim.Optimizer) => Schedule<Own>,
    toGroups: (parameters: readonly torch.Parameter[]) => Group[] = (params) => [{ params }],
  ) {
    this.#options = options;
    this.#images = images;
    this.parameters = makeParameters(options.seed);
    this.optimizer = makeOptimizer(toGroups(this.parameters), options);
    this.schedule = toSchedule(this.optimizer);
  }

  /**
   * Trains one epoch, batch by batch: all of the data, in an order that follows from the seed and the
   * epoch alone.
   *
   * @throws Divergence if its loss is no number, before the schedule hears of it.
   */
  *epoch(epoch: number): Generator<Batch, Epoch> {
    const { batchSize, seed, step } = this.#options;
    const { train, heldOut } = this.#images;
    const order = shuffled(train.digits.length, seed, epoch + 1);
    const lr = this.#lr;
    const phase = phaseAt(this.schedule, this.schedule.scheduler.last_epoch);
    let loss = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = take(train, order.slice(start, start + batchSize));
      const own = this.#trainOn(batch);
      loss += (own.loss * batch.digits.length) / order.length;
      if (step === "batch") this.#step(own.loss);
      yield own;
    }
    if (!Number.isFinite(loss)) throw new Divergence(epoch, loss);
    if (step === "epoch") this.#step(loss);
    return { epoch, phase, lr, loss, accuracy: accuracy(this.parameters, heldOut) };
  }

  #trainOn(batch: Images): Batch {
    const lr = this.#lr;
    const loss = backward(this.parameters, batch);
    this.optimizer.step();
    return { lr, loss };
  }

  #step(loss: number): void {
    const { scheduler } = this.schedule;
    if (scheduler.takes_metrics) scheduler.step(loss);
    else scheduler.step();
  }

  get #lr(): number {
    return this.optimizer.param_groups[0].lr;
  }
}

/** That a training has come to nothing: its loss is no number any more. */
export class Divergence extends Error {
  constructor(epoch: number, loss: number) {
    super(`the training diverged: in epoch ${epoch + 1} the loss became ${loss}`);
  }
}
