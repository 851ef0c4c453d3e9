import * as torch from "torch-optim";
import type { Checkpoint } from "./checkpoint.ts";
import { type Images, loadDigits, take } from "./data.ts";
import type { Epoch } from "./history.ts";
import { accuracy, backward, makeParameters } from "./model.ts";
import type { RunOptions } from "./options.ts";
import { shuffled } from "./random.ts";
import { Refusal } from "./refusal.ts";
import { makeSchedule, phaseAt, type Schedule } from "./schedule.ts";

function makeOptimizer(
  parameters: readonly torch.Parameter[],
  { optimizer, lr }: RunOptions,
): torch.optim.Optimizer {
  switch (optimizer) {
    case "adamw":
      return new torch.optim.AdamW(parameters, { lr, weight_decay: 0.1 });
    case "adam":
      return new torch.optim.Adam(parameters, { lr });
    case "sgd":
      return new torch.optim.SGD(parameters, { lr, momentum: 0.9 });
  }
}

/** A run: the model, its optimizer and schedule, and what came of the epochs so far. */
export class Run {
  readonly options: RunOptions;
  readonly schedule: Schedule;
  readonly history: Epoch[] = [];
  readonly #data: { train: Images; heldOut: Images };
  readonly #parameters: torch.Parameter[];
  readonly #optimizer: torch.optim.Optimizer;

  constructor(options: RunOptions) {
    this.options = options;
    this.#data = loadDigits(options.seed);
    this.#parameters = makeParameters(options.seed);
    this.#optimizer = makeOptimizer(this.#parameters, options);
    this.schedule = makeSchedule(this.#optimizer, options);
  }

  /**
   * The run that a checkpoint was made of.
   *
   * @throws Error if the checkpoint's parts do not fit the run or each other.
   */
  static resume(checkpoint: Checkpoint): Run {
    const run = new Run(checkpoint.options);
    run.#restore(checkpoint);
    return run;
  }

  #restore({ parameters, optimizer, scheduler, history }: Checkpoint): void {
    const count = this.#parameters.length;
    check(parameters.length === count, `parameters must be ${count}, got ${parameters.length}`);
    for (const [i, { data }] of this.#parameters.entries()) {
      const bytes = Buffer.from(parameters[i], "base64");
      check(bytes.length === data.byteLength, `parameters.${i} must have ${data.length} values`);
      bytesOf(data).set(bytes);
    }
    this.#optimizer.load_state_dict(optimizer);
    this.schedule.scheduler.load_state_dict(scheduler);
    const done = this.schedule.scheduler.last_epoch;
    const { epochs } = this.options;
    check(done <= epochs, `scheduler.last_epoch must be at most ${epochs}, got ${done}`);
    check(
      history.length === done && history.every(({ epoch }, i) => epoch === i),
      `history must have one entry for each of the ${done} epochs done`,
    );
    const states = done === 0 ? 0 : count;
    check(this.#optimizer.state.size === states, `optimizer.state must have ${states} entries`);
    for (const epoch of history) this.history.push(epoch);
  }

  get isDone(): boolean {
    return this.history.length === this.options.epochs;
  }

  /** Trains one epoch: all of the data, in an order of the epoch's own. */
  trainEpoch(): Epoch {
    const { batchSize, seed } = this.options;
    const { train, heldOut } = this.#data;
    const { scheduler } = this.schedule;
    const epoch = this.history.length;
    const order = shuffled(train.digits.length, seed, epoch + 1);
    const [lr] = scheduler.get_last_lr();
    let loss = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = take(train, order.slice(start, start + batchSize));
      loss += (backward(this.#parameters, batch) * batch.digits.length) / order.length;
      this.#optimizer.step();
    }
    if (!Number.isFinite(loss)) {
      throw new Refusal(
        `the training diverged: in epoch ${epoch + 1} the loss became ${loss}; try a smaller --lr`,
      );
    }
    if (scheduler.takes_metrics) scheduler.step(loss);
    else scheduler.step();
    const result = {
      epoch,
      phase: phaseAt(this.schedule, epoch),
      lr,
      loss,
      accuracy: accuracy(this.#parameters, heldOut),
    };
    this.history.push(result);
    return result;
  }

  checkpoint(): Checkpoint {
    return {
      options: this.options,
      parameters: this.#parameters.map(({ data }) => bytesOf(data).toString("base64")),
      optimizer: this.#optimizer.state_dict(),
      scheduler: this.schedule.scheduler.state_dict(),
      history: this.history,
    };
  }
}

/** The memory of an array, so that every bit of it is kept. */
function bytesOf({ buffer, byteOffset, byteLength }: torch.Parameter["data"]): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function check(fits: boolean, sentence: string): void {
  if (!fits) throw new Error(sentence);
}
