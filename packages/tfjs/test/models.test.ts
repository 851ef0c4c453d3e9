import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import * as library from "torch-optim";
import { CyclicLR, ExponentialLR } from "torch-optim/lr_scheduler";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  AdamW,
  AveragedModel,
  clip_grad_norm_,
  restore,
  SGD,
  scheduler_callback,
  state_of,
} from "../src/index.ts";
import { OTHER } from "./support/backends.ts";

const x = () => tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(i)]));
const y = () => tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(2 * i)]));

function built() {
  const dense = (units: number, shape?: number[]) =>
    layers.layers.dense({
      units,
      inputShape: shape,
      activation: "tanh",
      kernelInitializer: layers.initializers.randomUniform({ minval: -1, maxval: 1, seed: units }),
    });
  return layers.sequential({ layers: [dense(4, [2]), dense(1)] });
}

const OPTIONS = { lr: 0.05, groups: [{ names: /bias/, weight_decay: 0 }] };
const FIT = { verbose: 0, batchSize: 24, shuffle: false } as const;

function weights(model: layers.LayersModel): number[][] {
  return model.getWeights().map((each) => Array.from(each.dataSync()));
}

const close = (all: number[][], digits = 6) =>
  all.map((list) => list.map((value) => expect.closeTo(value, digits)));

afterAll(() => tf.setBackend("cpu"));

describe.each(["cpu", OTHER])("a model on the backend %s", (backend) => {
  beforeEach(async () => {
    await tf.setBackend(backend);
  });

  test("trains as the library trains its parameters, without weight decay on biases", async () => {
    const model = built();
    model.compile({ optimizer: new AdamW(OPTIONS), loss: "meanSquaredError" });
    const shapes = model.getWeights().map(({ shape }) => shape);
    const params = weights(model).map(
      (values, i) => new library.Parameter(new Float32Array(values), shapes[i]),
    );
    const own = new library.optim.AdamW(
      [{ params: [params[0], params[2]] }, { params: [params[1], params[3]], weight_decay: 0 }],
      { lr: 0.05 },
    );
    for (let k = 0; k < 5; k++) {
      const { grads } = tf.variableGrads(
        () => tf.losses.meanSquaredError(y(), model.apply(x()) as tf.Tensor),
        model.trainableWeights.map((each) => each.read() as tf.Variable),
      );
      const order = model.trainableWeights.map((each) => (each.read() as tf.Variable).name);
      for (const [i, name] of order.entries()) params[i].grad = [...grads[name].dataSync()];
      own.step();
      await model.fit(x(), y(), { ...FIT, epochs: 1 });
    }
    expect(weights(model)).toEqual(close(params.map(({ data }) => Array.from(data))));
  });

  test("goes on from a saved state as if nothing had happened, through JSON", async () => {
    const run = (model: layers.LayersModel) => {
      const optimizer = new AdamW(OPTIONS);
      const scheduler = new ExponentialLR(optimizer, { gamma: 0.9 });
      model.compile({ optimizer, loss: "meanSquaredError" });
      const fit = (from: number, epochs: number) =>
        model.fit(x(), y(), {
          ...FIT,
          initialEpoch: from,
          epochs,
          callbacks: scheduler_callback(scheduler),
        });
      return { optimizer, scheduler, fit };
    };
    const model = built();
    const whole = run(model);
    await whole.fit(0, 3);
    const saved = JSON.stringify(await state_of(whole));
    const values = model.getWeights().map((each) => each.clone());
    await whole.fit(3, 6);

    const again = built();
    again.setWeights(values);
    const resumed = run(again);
    restore({ ...resumed, variables: again.trainableWeights }, JSON.parse(saved));
    await resumed.fit(3, 6);
    expect(weights(again)).toEqual(weights(model));
    expect(resumed.scheduler.last_epoch).toBe(6);
  });

  test("is saved with its optimizer, and goes on after it was loaded", async () => {
    const model = built();
    model.compile({ optimizer: new AdamW(OPTIONS), loss: "meanSquaredError" });
    await model.fit(x(), y(), { ...FIT, epochs: 2 });
    let artifacts: tf.io.ModelArtifacts = {};
    const handler = tf.io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    });
    await model.save(handler, { includeOptimizer: true });
    await model.fit(x(), y(), { ...FIT, epochs: 2 });

    const loaded = await layers.loadLayersModel(tf.io.fromMemory(artifacts));
    expect(loaded.optimizer).toBeInstanceOf(AdamW);
    await loaded.fit(x(), y(), { ...FIT, epochs: 2 });
    expect(weights(loaded)).toEqual(weights(model));
  });

  test("is trained with gradients whose norm is bounded", async () => {
    const model = built();
    model.compile({ optimizer: new SGD({ lr: 1, max_grad_norm: 0.01 }), loss: "meanSquaredError" });
    const before = weights(model).flat();
    await model.fit(x(), y(), { ...FIT, epochs: 1 });
    const way = weights(model)
      .flat()
      .map((value, i) => value - before[i]);
    expect(Math.hypot(...way)).toBeCloseTo(0.01, 5);
  });

  test("is averaged over training, and tested with the averages", async () => {
    const model = built();
    model.compile({ optimizer: new SGD({ lr: 0.5 }), loss: "meanSquaredError" });
    const before = tf.memory().numTensors;
    const averaged = new AveragedModel(model.trainableWeights);
    const seen: number[][][] = [];
    for (let k = 0; k < 4; k++) {
      await model.fit(x(), y(), { ...FIT, epochs: 1 });
      averaged.update_parameters();
      seen.push(weights(model));
    }
    const own = weights(model);
    averaged.swap();
    const mean = own.map((list, i) =>
      list.map((_, j) => seen.reduce((sum, w) => sum + w[i][j], 0) / 4),
    );
    expect(weights(model)).toEqual(close(mean));
    expect(() => averaged.update_parameters()).toThrow(/must wait until swap/);
    averaged.swap();
    expect(weights(model)).toEqual(own);
    const state = JSON.parse(JSON.stringify(await averaged.state_dict()));
    const other = new AveragedModel(model.trainableWeights);
    other.load_state_dict(state);
    expect(await other.state_dict()).toEqual(state);
    averaged.dispose();
    other.dispose();
    // x and y of every fit are the test's own.
    expect(tf.memory().numTensors - before).toBe(8);
  });

  test("an average that decays keeps its share", async () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const averaged = new AveragedModel([variable], { ema_decay: 0.75 });
    averaged.update_parameters();
    variable.assign(tf.tensor1d([5, 10]));
    averaged.update_parameters();
    expect((await averaged.state_dict()).averages).toEqual([[2, 4]]);
  });

  test("beta1 is cycled", () => {
    const optimizer = new AdamW({ lr: 0.1 });
    const scheduler = new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.3, step_size_up: 2 });
    scheduler.step();
    scheduler.step();
    expect(optimizer.param_groups[0]).toMatchObject({ lr: 0.3, betas: [0.8, 0.999] });
  });

  test("gradients of minimize are clipped by the function", () => {
    const variable = tf.variable(tf.tensor1d([3, 4]), true);
    const optimizer = new SGD({ lr: 1 });
    const { grads } = optimizer.computeGradients(
      () => tf.sum(tf.square(variable)) as tf.Scalar,
      [variable],
    );
    const norm = clip_grad_norm_(grads, 1);
    expect(norm.dataSync()[0]).toBeCloseTo(10, 5);
    optimizer.applyGradients(grads);
    expect(Array.from(variable.dataSync())).toEqual([expect.closeTo(2.4), expect.closeTo(3.2)]);
  });
});

describe("an optimizer", () => {
  test.each<[string, () => unknown, string]>([
    ["an option", () => new AdamW({ lr: -1 }), "AdamW: lr must be a finite number of at least 0"],
    [
      "groups without names",
      () => new AdamW({ groups: [{ names: 1 as never }] }),
      "groups[0].names must be a RegExp or a list of names, got number",
    ],
    [
      "a norm",
      () => new AdamW({ max_grad_norm: -1 }),
      "max_grad_norm must be a number of at least 0, got -1",
    ],
    [
      "a state of other variables",
      () => new AdamW().load_state_dict({ state: {}, param_groups: [] }),
      "AdamW: state_dict.param_groups must have 1 groups, got 0",
    ],
  ])("refuses %s in one sentence", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
