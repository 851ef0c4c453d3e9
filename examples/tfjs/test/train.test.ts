import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { loadDigits } from "digits/data";
import { expect, test } from "vitest";
import { EPOCHS, type Epoch, train } from "../src/train.ts";

test("digits are recognised, under a warm-up and a cosine", async () => {
  await tf.setBackend("cpu");
  const epochs: Epoch[] = [];
  await train(loadDigits(0), (epoch) => epochs.push(epoch));
  const half = 0.005 * (1 + Math.cos((Math.PI * 8) / 17));
  const wanted = [0.001, 0.004, 0.007, 0.01].map((lr) => expect.closeTo(lr, 9));
  expect(epochs.slice(0, 4).map(({ lr }) => lr)).toEqual(wanted);
  expect(epochs[11].lr).toBeCloseTo(half, 9);
  expect(epochs[EPOCHS - 1].accuracy).toBeGreaterThan(0.95);
});
