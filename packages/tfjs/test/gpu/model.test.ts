import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { CosineAnnealingLR } from "torch-optim/lr_scheduler";
import { describe, expect, test } from "vitest";
import {
  AdamW,
  load_from_indexeddb,
  restore,
  save_to_indexeddb,
  scheduler_callback,
  state_of,
} from "../../src/index.ts";
import { GPU_BACKENDS } from "../support/gpu_backends.ts";

const EPOCHS = 20;
const HALF = 10;

/** A model of two layers that always begins alike, with an optimizer and a schedule. */
function start() {
  const kernel = (rows: number, columns: number) =>
    tf.tensor(
      Array.from({ length: rows * columns }, (_, i) => Math.sin(3 * i + 1)),
      [rows, columns],
    );
  const model = sequential({
    layers: [
      layers.dense({ units: 4, inputShape: [2], activation: "tanh" }),
      layers.dense({ units: 1 }),
    ],
  });
  model.setWeights([kernel(2, 4), tf.zeros([4]), kernel(4, 1), tf.zeros([1])]);
  const optimizer = new AdamW({
    lr: 0.05,
    max_grad_norm: 1,
    groups: [{ names: /bias/, weight_decay: 0 }],
  });
  const scheduler = new CosineAnnealingLR(optimizer, { T_max: EPOCHS });
  model.compile({ optimizer, loss: "meanSquaredError" });
  return { model, optimizer, scheduler, variables: model.trainableWeights };
}

type Run = ReturnType<typeof start>;

async function fit({ model, scheduler }: Run, initialEpoch: number, epochs: number) {
  const x = tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(i)]));
  const y = tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(2 * i)]));
  await model.fit(x, y, {
    initialEpoch,
    epochs,
    batchSize: 24,
    shuffle: false,
    verbose: 0,
    callbacks: scheduler_callback(scheduler),
  });
}

async function weights(model: LayersModel): Promise<number[]> {
  const all = await Promise.all(model.getWeights().map((each) => each.data()));
  return all.flatMap((values) => [...values]);
}

async function trained(backend: string): Promise<number[]> {
  await tf.setBackend(backend);
  const run = start();
  await fit(run, 0, EPOCHS);
  return weights(run.model);
}

describe.each(GPU_BACKENDS)("a model on the backend %s", (backend) => {
  test("trains to the weights that it has on the cpu", async () => {
    const wanted = await trained("cpu");
    const found = await trained(backend);
    expect(tf.getBackend()).toBe(backend);
    const largest = Math.max(...wanted.map(Math.abs));
    const differences = found.map((value, i) => Math.abs(value - wanted[i]) / largest);
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });

  test("goes on from IndexedDB as if nothing had happened", async () => {
    await tf.setBackend(backend);
    const whole = start();
    await fit(whole, 0, HALF);
    await save_to_indexeddb(backend, await state_of(whole));
    const values = whole.model.getWeights().map((each) => tf.clone(each));
    await fit(whole, HALF, EPOCHS);

    const resumed = start();
    resumed.model.setWeights(values);
    const state = await load_from_indexeddb(backend);
    if (!state) throw new Error("nothing was kept");
    restore(resumed, state);
    await fit(resumed, HALF, EPOCHS);
    expect(await weights(resumed.model)).toEqual(await weights(whole.model));
    expect(resumed.scheduler.last_epoch).toBe(EPOCHS);
    expect(await load_from_indexeddb("another")).toBeUndefined();
  });
});
