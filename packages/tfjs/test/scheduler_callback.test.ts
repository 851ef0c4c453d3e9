import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import {
  ExponentialLR,
  from_spec,
  parse_spec,
  Recipe,
  ReduceLROnPlateau,
  SequentialLR,
} from "torch-optim/lr_scheduler";
import { beforeAll, describe, expect, test } from "vitest";
import { schedulable, scheduler_callback } from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const x = tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(i)]));
const y = tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(2 * i)]));

function compiled(lr = 0.1) {
  const model = layers.sequential({
    layers: [layers.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "ones" })],
  });
  const sgd = tf.train.sgd(lr);
  model.compile({ optimizer: sgd, loss: "meanSquaredError" });
  return { model, optimizer: schedulable(sgd) };
}

const LOG = { verbose: 0, batchSize: 8 } as const;
const SPEC = parse_spec("linear:2(start_factor=0.5) > exponential(gamma=0.5)");
const CURVE = [0.05, 0.075, 0.1, 0.05, 0.025];

describe("scheduler_callback", () => {
  test("steps after every epoch of fit, and writes the lr of each into the history", async () => {
    const { model, optimizer } = compiled();
    const scheduler = from_spec(optimizer, SPEC);
    const callbacks = scheduler_callback(scheduler);
    const { history } = await model.fit(x, y, { ...LOG, epochs: 5, callbacks });
    expect(history.lr).toEqual(CURVE.map((lr) => expect.closeTo(lr, 12)));
    expect(scheduler.last_epoch).toBe(5);
  });

  test("steps after every batch, and goes on rightly in a resumed fit", async () => {
    const { model, optimizer } = compiled();
    const scheduler = from_spec(optimizer, SPEC);
    const callbacks = scheduler_callback(scheduler, { per: "batch" });
    // Three batches make up an epoch.
    await model.fit(x, y, { ...LOG, epochs: 1, callbacks });
    expect(scheduler.last_epoch).toBe(3);
    const { history } = await model.fit(x, y, { ...LOG, epochs: 3, initialEpoch: 1, callbacks });
    expect(scheduler.last_epoch).toBe(9);
    expect(history.lr).toEqual([5, 8].map((k) => expect.closeTo(0.1 * 0.5 ** (k - 2), 12)));
  });

  test("steps as fitDataset trains", async () => {
    const { model, optimizer } = compiled();
    const scheduler = from_spec(optimizer, SPEC);
    const batches = { size: 3, iterator: () => iterator() };
    function iterator() {
      let batch = 0;
      const next = async () =>
        batch++ < 3
          ? {
              done: false,
              value: { xs: tf.slice(x, [0, 0], [8, 2]), ys: tf.slice(y, [0, 0], [8, 1]) },
            }
          : { done: true, value: null };
      return { next };
    }
    const callbacks = scheduler_callback(scheduler);
    const { history } = await model.fitDataset(batches as never, {
      verbose: 0,
      epochs: 4,
      callbacks,
    });
    expect(history.lr).toEqual(CURVE.slice(0, 4).map((lr) => expect.closeTo(lr, 12)));
  });

  test.each(["loss", "val_loss"])("gives a plateau the %s of the logs", async (monitor) => {
    const { model, optimizer } = compiled();
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, threshold: 1e9, mode: "max" });
    const callbacks = scheduler_callback(plateau, { monitor });
    const validation = { validationData: [x, y] as [tf.Tensor, tf.Tensor] };
    const { history } = await model.fit(x, y, { ...LOG, ...validation, epochs: 3, callbacks });
    expect(history.lr).toEqual([0.1, 0.1, 0.1 * 0.1].map((lr) => expect.closeTo(lr, 12)));
    expect(plateau.best).toBeCloseTo(Number(history[monitor][0]), 6);
  });

  test("refuses a metric that is not in the logs, and has not moved then", async () => {
    const { model, optimizer } = compiled();
    const plateau = new ReduceLROnPlateau(optimizer);
    const scheduler = new SequentialLR(optimizer, {
      schedulers: [new ExponentialLR(optimizer, { gamma: 0.5 }), plateau],
      milestones: [2],
    });
    const callbacks = scheduler_callback(scheduler);
    await expect(model.fit(x, y, { ...LOG, epochs: 3, callbacks })).rejects.toThrow(
      'scheduler_callback: monitor must be an entry of the logs (loss), got "val_loss", which there ' +
        "is only with validation data",
    );
    expect(scheduler.last_epoch).toBe(0);
  });

  test("stands behind a tf.Callback in a list, whose logs are tensors, and stays alive there", async () => {
    const { model, optimizer } = compiled();
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, threshold: 1e9, mode: "max" });
    const stop = layers.callbacks.earlyStopping({ monitor: "val_loss", patience: 9 });
    const validation = { validationData: [x, y] as [tf.Tensor, tf.Tensor] };
    const { history } = await model.fit(x, y, {
      ...LOG,
      ...validation,
      epochs: 3,
      callbacks: [stop, scheduler_callback(plateau) as never],
    });
    expect(history.lr).toEqual([0.1, 0.1, 0.1 * 0.1].map((lr) => expect.closeTo(lr, 12)));
  });

  test("steps a recipe, and notes the lr of every group", async () => {
    const { model, optimizer } = compiled();
    const recipe = new Recipe(optimizer, {
      schedules: [new ExponentialLR(optimizer, { gamma: 0.5 })],
    });
    const callbacks = scheduler_callback(recipe);
    const { history } = await model.fit(x, y, { ...LOG, epochs: 2, callbacks });
    expect(history.lr).toEqual([0.1, 0.05]);
  });

  test("leaves no tensors behind", async () => {
    const { model, optimizer } = compiled();
    const callbacks = scheduler_callback(from_spec(optimizer, SPEC), { per: "batch" });
    await model.fit(x, y, { ...LOG, epochs: 1, callbacks });
    const before = tf.memory().numTensors;
    await model.fit(x, y, { ...LOG, epochs: 5, callbacks });
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [{ per: "step" }, 'scheduler_callback: per must be "epoch" or "batch", got "step"'],
    [{ monitor: 1 }, "scheduler_callback: monitor must be the name of an entry of the logs, got 1"],
  ])("refuses %o", (options, message) => {
    const scheduler = from_spec({ param_groups: [{ lr: 1 }] }, SPEC);
    expect(() => scheduler_callback(scheduler, options as never)).toThrow(message);
  });
});
