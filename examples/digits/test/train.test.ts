import { beforeEach, describe, expect, test, vi } from "vitest";
import { loadDigits } from "../src/data.ts";
import { DIGITS, type Images, PIXELS, TRAINING_IMAGES } from "../src/images.ts";
import * as model from "../src/model.ts";
import type { RunOptions } from "../src/options.ts";
import { Refusal } from "../src/refusal.ts";
import { Run } from "../src/train.ts";

vi.mock("../src/model.ts", { spy: true });

const OPTIONS: RunOptions = {
  epochs: 3,
  batchSize: 512,
  optimizer: "sgd",
  lr: 0.1,
  seed: 1,
  schedule: null,
};
/** So small that no parameter changes by it. */
const NO_LR = 1e-300;
const HIDDEN = 64;

/** The numbers of a run's parameters: weights and biases of two layers. */
function parametersOf(run: Run): Float32Array[] {
  return run.checkpoint().parameters.map((base64) => {
    const { buffer, byteOffset, byteLength } = Buffer.from(base64, "base64");
    return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  });
}

function layer(input: readonly number[], weights: Float32Array, biases: Float32Array): number[] {
  return Array.from(biases, (bias, j) =>
    input.reduce((sum, value, i) => sum + value * weights[i * biases.length + j], bias),
  );
}

/** What the classifier makes of each image, by the textbook: affine, ReLU, affine. */
function logitsOf(run: Run, { pixels, digits }: Images): number[][] {
  const [w1, b1, w2, b2] = parametersOf(run);
  expect([w1.length, b1.length]).toEqual([PIXELS * HIDDEN, HIDDEN]);
  return Array.from(digits, (_, i) => {
    const image = [...pixels.subarray(i * PIXELS, (i + 1) * PIXELS)];
    const hidden = layer(image, w1, b1).map((value) => Math.max(0, value));
    return layer(hidden, w2, b2);
  });
}

function accuracyOn(run: Run, images: Images): number {
  const right = logitsOf(run, images).filter(
    (logits, i) => logits.indexOf(Math.max(...logits)) === images.digits[i],
  );
  return right.length / images.digits.length;
}

/** The mean cross-entropy over all of the images. */
function lossOn(run: Run, images: Images): number {
  const losses = logitsOf(run, images).map((logits, i) => {
    const largest = Math.max(...logits);
    const sum = logits.reduce((all, logit) => all + Math.exp(logit - largest), 0);
    return largest + Math.log(sum) - logits[images.digits[i]];
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}

/** The images in the order in which an epoch trains on them, each as text. */
function imagesOfEpoch(run: Run): string[] {
  vi.mocked(model.backward).mockClear();
  run.trainEpoch();
  return vi.mocked(model.backward).mock.calls.flatMap(([, batch]) => textsOf(batch));
}

function textsOf({ pixels, digits }: Images): string[] {
  return Array.from(digits, (digit, i) =>
    [digit, ...pixels.subarray(i * PIXELS, (i + 1) * PIXELS)].join(),
  );
}

beforeEach(() => {
  vi.mocked(model.backward).mockClear();
});

describe("the digits", () => {
  test("are split into those to train on and those held out, each once", () => {
    const { train, heldOut } = loadDigits(1);
    const all = loadDigits(2);
    expect(train.digits).toHaveLength(TRAINING_IMAGES);
    expect([...textsOf(train), ...textsOf(heldOut)].sort()).toEqual(
      [...textsOf(all.train), ...textsOf(all.heldOut)].sort(),
    );
    expect(textsOf(train)).not.toEqual(textsOf(all.train));
    for (const digits of [train.digits, heldOut.digits]) expect(new Set(digits).size).toBe(DIGITS);
  });
});

describe("an epoch", () => {
  test("trains on every training image once, in an order of its own", () => {
    const run = new Run(OPTIONS);
    const images = textsOf(loadDigits(OPTIONS.seed).train).sort();
    const orders = [imagesOfEpoch(run), imagesOfEpoch(run), imagesOfEpoch(run)];
    for (const order of orders) expect([...order].sort()).toEqual(images);
    expect(new Set(orders.map((order) => order.join("\n"))).size).toBe(3);
    const sizes = vi.mocked(model.backward).mock.calls.map(([, { digits }]) => digits.length);
    expect(sizes).toEqual([512, 512, 413]);
  });

  test("has the loss of all training images alike, those of a small last batch too", () => {
    // The last batch is a single image: 718 + 718 + 1.
    const run = new Run({ ...OPTIONS, lr: NO_LR, batchSize: 718 });
    const expected = lossOn(run, loadDigits(OPTIONS.seed).train);
    expect(run.trainEpoch().loss).toBeCloseTo(expected, 5);
  });

  test("has the accuracy on the images that were held out", () => {
    const run = new Run({ ...OPTIONS, optimizer: "adamw", lr: 0.03 });
    const { train, heldOut } = loadDigits(OPTIONS.seed);
    for (let epoch = 0; epoch < OPTIONS.epochs; epoch++) {
      const { accuracy } = run.trainEpoch();
      expect(accuracy).toBe(accuracyOn(run, heldOut));
      expect(accuracy).not.toBe(accuracyOn(run, train));
    }
  });

  test("in which the loss becomes infinite ends the run in a sentence", () => {
    const run = new Run({ ...OPTIONS, lr: 1e30 });
    const before = run.checkpoint().history.length;
    expect(() => {
      while (!run.isDone) run.trainEpoch();
    }).toThrow(
      new Refusal("the training diverged: in epoch 1 the loss became NaN; try a smaller --lr"),
    );
    expect(run.history).toHaveLength(before);
  });
});
