import type * as torch from "torch-optim";
import type { Checkpoint } from "./checkpoint.ts";
import { loadDigits } from "./data.ts";
import type { Epoch } from "./history.ts";
import { useDevice } from "./model.ts";
import type { RunOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import { Divergence, Training } from "./training.ts";

await useDevice("wasm");

/** A run: a training with its schedule, and what came of the epochs so far. */
export class Run {
  readonly options: RunOptions;
  readonly history: Epoch[] = [];
  readonly #training: Training<torch.optim.LRScheduler>;

  constructor(options: RunOptions) {
    this.options = options;
    this.#training = new Training(
      { ...options, step: "epoch" },
      loadDigits(options.seed),
      (optimizer) => makeSchedule(optimizer, options),
    );
  }

  get schedule(): Schedule<torch.optim.LRScheduler> {
    return this.#training.schedule;
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
    const { parameters: own, optimizer: ownOptimizer } = this.#training;
    const count = own.length;
    check(parameters.length === count, `parameters must be ${count}, got ${parameters.length}`);
    for (const [i, { data }] of own.entries()) {
      const bytes = Buffer.from(parameters[i], "base64");
      check(bytes.length === data.byteLength, `parameters.${i} must have ${data.length} values`);
      bytesOf(data).set(bytes);
    }
    ownOptimizer.load_state_dict(optimizer);
    this.schedule.scheduler.load_state_dict(scheduler);
    const done = this.schedule.scheduler.last_epoch;
    const { epochs } = this.options;
    check(done <= epochs, `scheduler.last_epoch must be at most ${epochs}, got ${done}`);
    check(
      history.length === done && history.every(({ epoch }, i) => epoch === i),
      `history must have one entry for each of the ${done} epochs done`,
    );
    const states = done === 0 ? 0 : count;
    check(ownOptimizer.state.size === states, `optimizer.state must have ${states} entries`);
    for (const epoch of history) this.history.push(epoch);
  }

  get isDone(): boolean {
    return this.history.length === this.options.epochs;
  }

  /** Trains one epoch: all of the data, in an order of the epoch's own. */
  trainEpoch(): Epoch {
    const batches = this.#training.epoch(this.history.length);
    const epoch = orRefused(() => lastOf(batches));
    this.history.push(epoch);
    return epoch;
  }

  /** The parameters and what moves them, as they are now. */
  get parts() {
    const { parameters, optimizer, schedule } = this.#training;
    return { parameters, optimizer, scheduler: schedule.scheduler };
  }

  checkpoint(): Checkpoint {
    const { parameters, optimizer, schedule } = this.#training;
    return {
      options: this.options,
      parameters: parameters.map(({ data }) => bytesOf(data).toString("base64")),
      optimizer: optimizer.state_dict(),
      scheduler: schedule.scheduler.state_dict(),
      history: this.history,
    };
  }
}

/** What a generator returns in the end. */
function lastOf<Result>(generator: Generator<unknown, Result>): Result {
  let next = generator.next();
  while (!next.done) next = generator.next();
  return next.value;
}

/** What `train` gives; where it diverges, the user is told what to do. */
function orRefused<Result>(train: () => Result): Result {
  try {
    return train();
  } catch (cause) {
    if (!(cause instanceof Divergence)) throw cause;
    throw new Refusal(`${cause.message}; try a smaller --lr`, { cause });
  }
}

/** The memory of an array, so that every bit of it is kept. */
function bytesOf({ buffer, byteOffset, byteLength }: torch.Parameter["data"]): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function check(fits: boolean, sentence: string): void {
  if (!fits) throw new Error(sentence);
}
