import type { Split } from "digits/images";
import { phasesOf } from "digits/schedule";
import { Training } from "digits/training";
import { from_spec } from "torch-optim/lr_scheduler";
import { dealOut, sharesOf } from "./groups.ts";
import type { Entrant, News, Row, Setup } from "./messages.ts";

/** Trainings of the same model on the same data, each under a schedule of its own. */
export class Race {
  readonly #runners: readonly Runner[];

  constructor(setup: Setup, images: Split, entrants: readonly Entrant[]) {
    this.#runners = entrants.map((entrant) => new Runner(setup, images, entrant));
  }

  /** Trains each on a batch; false once all have come to their end. */
  advance(): boolean {
    // All of them go on, so this is no place for some().
    return this.#runners.map((runner) => runner.advance()).includes(true);
  }

  /** What came since it was last asked for. */
  news(): News[] {
    return this.#runners.map((runner) => runner.news());
  }
}

class Runner {
  readonly #steps: Iterator<Row | undefined>;
  #rows: Row[] = [];
  #ended?: string;

  constructor(setup: Setup, images: Split, entrant: Entrant) {
    this.#steps = stepsOf(setup, images, entrant);
  }

  advance(): boolean {
    if (this.#ended !== undefined) return false;
    try {
      const { value, done } = this.#steps.next();
      if (done) this.#ended = "";
      else if (value) this.#rows.push(value);
    } catch (error) {
      this.#ended = (error as Error).message;
    }
    return this.#ended === undefined;
  }

  news(): News {
    const rows = this.#rows;
    this.#rows = [];
    return this.#ended ? { rows, ended: this.#ended } : { rows };
  }
}

/** Trains, batch by batch; gives what came of every step of the schedule. */
function* stepsOf(
  setup: Setup,
  images: Split,
  { spec, lr }: Entrant,
): Generator<Row | undefined, void> {
  const isBatchwise = setup.step === "batch";
  const training = new Training(
    { ...setup, lr },
    images,
    (optimizer) => ({
      scheduler: from_spec(optimizer, spec),
      phases: phasesOf(spec, setup.epochs),
    }),
    (params) => dealOut(sharesOf(spec), params),
  );
  let step = 0;
  let left = setup.batches ?? Number.POSITIVE_INFINITY;
  for (let epoch = 0; epoch < setup.epochs; epoch++) {
    const batches = training.epoch(epoch);
    let batch = batches.next();
    while (!batch.done) {
      const { lr, loss } = batch.value;
      if (!Number.isFinite(loss)) throw new Error(divergence(epoch, lr, loss));
      batch = batches.next();
      const accuracy = batch.done ? batch.value.accuracy : undefined;
      yield isBatchwise ? { step: step++, epoch, lr, loss, accuracy } : undefined;
      left -= 1;
      if (left === 0) return;
    }
    const { lr, loss, accuracy } = batch.value;
    if (!isBatchwise) yield { step: step++, epoch, lr, loss, accuracy };
  }
}

function divergence(epoch: number, lr: number, loss: number): string {
  const where = `in epoch ${epoch + 1}, at a learning rate of ${Number(lr.toPrecision(3))}`;
  return `It diverged ${where}: the loss became ${loss}. A smaller learning rate or a longer warm-up may help.`;
}
