import * as torch from "torch-optim";
import type { Checkpoint } from "./checkpoint.ts";
import { DIGITS, fillBatch, loadDigits, PIXELS } from "./data.ts";
import type { Epoch } from "./history.ts";
import { accuracy, backward, makeParameters } from "./model.ts";
import type { RunOptions } from "./options.ts";
import { shuffled } from "./random.ts";

const OPTIMIZERS = {
  adamw: torch.optim.AdamW,
  adam: torch.optim.Adam,
  sgd: torch.optim.SGD,
};

/** Linear warm-up for a tenth of the epochs, then a cosine to 0. */
function makeScheduler(optimizer: torch.optim.Optimizer, epochs: number): torch.optim.SequentialLR {
  const milestone = Math.max(1, Math.round(epochs / 10));
  const warmup = new torch.optim.LinearLR(optimizer, {
    start_factor: 0.1,
    total_iters: milestone,
  });
  const cosine = new torch.optim.CosineAnnealingLR(optimizer, {
    T_max: Math.max(1, epochs - milestone),
  });
  return new torch.optim.SequentialLR(optimizer, {
    schedulers: [warmup, cosine],
    milestones: [milestone],
  });
}

/** A run: the model, its optimizer and schedule, and what came of the epochs so far. */
export class Run {
  readonly history: Epoch[] = [];
  readonly scheduler: torch.optim.SequentialLR;
  readonly #options: RunOptions;
  readonly #data: ReturnType<typeof loadDigits>;
  readonly #parameters: torch.Parameter[];
  readonly #optimizer: torch.optim.Optimizer;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#data = loadDigits(options.seed);
    this.#parameters = makeParameters(options.seed);
    const momentum = options.optimizer === "sgd" ? { momentum: 0.9 } : {};
    this.#optimizer = new OPTIMIZERS[options.optimizer](this.#parameters, {
      lr: options.lr,
      ...momentum,
    });
    this.scheduler = makeScheduler(this.#optimizer, options.epochs);
  }

  get isDone(): boolean {
    return this.history.length === this.#options.epochs;
  }

  /** Trains one epoch: all full batches of the data, in an order of the epoch's own. */
  trainEpoch(): Epoch {
    const { batchSize, seed } = this.#options;
    const { train, heldOut } = this.#data;
    const epoch = this.history.length;
    const order = shuffled(train.count, seed, epoch + 1);
    const x = new Float32Array(batchSize * PIXELS);
    const y = new Float32Array(batchSize * DIGITS);
    const [lr] = this.scheduler.get_last_lr();
    const batches = Math.floor(train.count / batchSize);
    let loss = 0;
    for (let batch = 0; batch < batches; batch++) {
      fillBatch(train, order.slice(batch * batchSize, (batch + 1) * batchSize), x, y);
      loss += backward(this.#parameters, x, y, batchSize) / batches;
      this.#optimizer.step();
    }
    this.scheduler.step();
    const phase = this.scheduler.milestones.filter((milestone) => milestone <= epoch).length;
    const result = { epoch, phase, lr, loss, accuracy: accuracy(this.#parameters, heldOut) };
    this.history.push(result);
    return result;
  }

  checkpoint(): Checkpoint {
    return {
      options: this.#options,
      epochsDone: this.history.length,
      parameters: this.#parameters.map(({ data }) => [...data]),
      optimizer: this.#optimizer.state_dict(),
      scheduler: this.scheduler.state_dict(),
      history: this.history,
    };
  }

  restore({ parameters, optimizer, scheduler, history }: Checkpoint): void {
    this.#optimizer.load_state_dict(optimizer);
    this.scheduler.load_state_dict(scheduler);
    for (const [i, values] of parameters.entries()) this.#parameters[i].data.set(values);
    this.history.push(...history);
  }
}
