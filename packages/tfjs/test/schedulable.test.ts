import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
// It registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { CyclicLR, ExponentialLR, from_spec, parse_spec } from "torch-optim/lr_scheduler";
import { beforeAll, describe, expect, test } from "vitest";
import { schedulable } from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const EVERY: [string, (lr: number) => tf.Optimizer][] = [
  ["sgd", (lr) => tf.train.sgd(lr)],
  ["momentum", (lr) => tf.train.momentum(lr, 0.9)],
  ["adagrad", (lr) => tf.train.adagrad(lr)],
  ["adadelta", (lr) => tf.train.adadelta(lr)],
  ["adam", (lr) => tf.train.adam(lr)],
  ["adamax", (lr) => tf.train.adamax(lr)],
  ["rmsprop", (lr) => tf.train.rmsprop(lr)],
];

/** How far a step takes a variable from where it was, with a gradient of 1. */
function way(optimizer: tf.Optimizer, variable: tf.Variable): number {
  const before = variable.dataSync()[0];
  optimizer.minimize(() => tf.reshape(variable, []), false, [variable]);
  return before - variable.dataSync()[0];
}

describe("schedulable", () => {
  test.each(EVERY)("tf.train.%s steps by the lr that a scheduler sets", (_, make) => {
    // The first steps of one that has the lr from the beginning are the measure.
    for (const lr of [0.25, 0.125]) {
      const scheduled = make(1);
      const variable = tf.variable(tf.scalar(8));
      schedulable(scheduled).param_groups[0].lr = lr;
      const other = tf.variable(tf.scalar(8));
      expect(way(scheduled, variable)).toBe(way(make(lr), other));
    }
  });

  test.each(EVERY)("tf.train.%s follows a sequence from epoch to epoch", (_, make) => {
    const optimizer = schedulable(make(0.5));
    const scheduler = from_spec(
      optimizer,
      parse_spec("linear:2(start_factor=0.5) > exponential(gamma=0.5)"),
    );
    const seen = Array.from({ length: 5 }, () => {
      const [{ lr }] = optimizer.param_groups;
      scheduler.step();
      return lr;
    });
    expect(seen).toEqual([0.25, 0.375, 0.5, 0.25, 0.125]);
  });

  test.each([
    ["momentum", () => tf.train.momentum(1, 0.5)],
    ["rmsprop", () => tf.train.rmsprop(1, 0.9, 0.5)],
  ])("tf.train.%s steps by the momentum that a scheduler cycles", (_, make) => {
    const optimizer = make();
    const [group] = schedulable(optimizer).param_groups;
    const variable = tf.variable(tf.scalar(0));
    const first = way(optimizer, variable);
    group.momentum = 0;
    const plain = make();
    schedulable(plain).param_groups[0].momentum = 0;
    const other = tf.variable(tf.scalar(0));
    expect(way(plain, other)).toBe(first);
    expect(way(optimizer, variable)).toBeCloseTo(way(plain, other), 6);
  });

  test("CyclicLR cycles the momentum of tf.train.momentum", () => {
    const optimizer = schedulable(tf.train.momentum(0.1, 0.9));
    const scheduler = new CyclicLR(optimizer, {
      base_lr: 0.1,
      max_lr: 0.3,
      step_size_up: 2,
      base_momentum: 0.5,
      max_momentum: 0.9,
    });
    const seen = [optimizer.param_groups[0].momentum];
    for (let k = 0; k < 4; k++) {
      scheduler.step();
      seen.push(optimizer.param_groups[0].momentum);
    }
    expect(seen.map((x) => x?.toFixed(3))).toEqual(["0.900", "0.700", "0.500", "0.700", "0.900"]);
  });

  test("moving lr and momentum leaves no tensors behind", () => {
    const [group] = schedulable(tf.train.momentum(0.1, 0.9)).param_groups;
    const before = tf.memory().numTensors;
    for (let k = 0; k < 100; k++) {
      group.lr = 1 / (k + 1);
      group.momentum = 1 / (k + 2);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    ["adam", tf.train.adam],
    ["adamax", tf.train.adamax],
  ])("tf.train.%s has no momentum to cycle, and is told the ways out", (_, make) => {
    const build = () => new CyclicLR(schedulable(make(0.1)), { base_lr: 0.1, max_lr: 0.3 });
    expect(build).toThrow(
      "CyclicLR: cycle_momentum must be false for an optimizer whose steps are right for one beta1 alone " +
        "(that of torch-optim-tfjs can be cycled), got true, and parameter group 0 has neither",
    );
    const scheduler = new CyclicLR(schedulable(make(0.1)), {
      base_lr: 0.1,
      max_lr: 0.3,
      cycle_momentum: false,
    });
    expect(scheduler.get_last_lr()).toEqual([0.1]);
  });

  test("the same optimizer gives the same object, so schedulers of it can be composed", () => {
    const sgd = tf.train.sgd(1);
    expect(schedulable(sgd)).toBe(schedulable(sgd));
    new ExponentialLR(schedulable(sgd), { gamma: 0.5 }).step();
    expect(schedulable(sgd).param_groups[0].lr).toBe(0.5);
  });

  test("refuses what is no optimizer of TensorFlow.js", () => {
    expect(() => schedulable({} as tf.Optimizer)).toThrow(
      /^schedulable: tf_optimizer must be one of tf.train \(SGD, .*, got object$/,
    );
  });
});
