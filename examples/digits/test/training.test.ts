import { parse_spec } from "torch-optim/lr_scheduler";
import { describe, expect, test } from "vitest";
import { loadDigits } from "../src/data.ts";
import type { Epoch } from "../src/history.ts";
import type { RunOptions } from "../src/options.ts";
import { makeSchedule } from "../src/schedule.ts";
import { Run } from "../src/train.ts";
import { Divergence, Training } from "../src/training.ts";
// What `npm start` gave for these options when page and program did not yet share the training.
import RUNS from "./fixtures/losses.json" with { type: "json" };

/** Beyond these digits of a loss, processors differ in how wasm's relaxed instructions round. */
const DIGITS = 6;

const OPTIONS = { batchSize: 479, optimizer: "sgd", lr: 0.1, seed: 3, step: "batch" } as const;

/** A training whose schedule takes a step after every batch, of which an epoch has three. */
function training(schedule: string, lr: number = OPTIONS.lr) {
  const spec = parse_spec(schedule);
  if (spec.type === "Recipe") throw new Error("these tests schedule the lr alone");
  return new Training({ ...OPTIONS, lr }, loadDigits(OPTIONS.seed), (optimizer) =>
    makeSchedule(optimizer, { epochs: 6, schedule: spec }),
  );
}

describe("a run", () => {
  test.each(
    RUNS.map(({ options, history }) => [options.optimizer, options.seed, options, history]),
  )("with %s and seed %i has the losses that it always had", (_optimizer, _seed, options, history) => {
    const run = new Run(options as RunOptions);
    while (!run.isDone) run.trainEpoch();
    expect(run.history).toEqual(
      (history as Epoch[]).map((epoch) => ({
        ...epoch,
        lr: expect.closeTo(epoch.lr, 12),
        loss: expect.closeTo(epoch.loss, DIGITS),
      })),
    );
  });
});

describe("a training whose schedule takes a step after every batch", () => {
  test("has another lr in each of them", () => {
    const run = training("exponential(gamma=0.5)");
    const lrs = [0, 1].flatMap((epoch) => [...run.epoch(epoch)].map(({ lr }) => lr));
    expect(lrs).toEqual([0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125]);
  });

  test("gives a plateau the loss of each batch", () => {
    const run = training("plateau(patience=0, threshold=1, threshold_mode=abs, factor=0.5)");
    // No loss is smaller by 1 than the first one.
    expect([...run.epoch(0)].map(({ lr }) => lr)).toEqual([0.1, 0.1, 0.05]);
  });

  test("ends by saying in which epoch its loss was no number any more", () => {
    const run = training("constant(factor=1)", 1e30);
    expect(() => [...run.epoch(0)]).toThrow(Divergence);
  });
});
