// Before jax-js, which it is for.
import "digits/navigator";
import { defaultDevice, init } from "@jax-js/jax";
import { loadDigits } from "digits/data";
import { expect, test } from "vitest";
import { EPOCHS, type Epoch, train } from "../src/train.ts";

const BATCHES = 22;

test("digits are recognised, under a warm-up and a cosine of batches", async () => {
  await init("wasm");
  defaultDevice("wasm");
  const epochs: Epoch[] = [];
  await train(loadDigits(0), (epoch) => epochs.push(epoch));
  const warmup = 3 * BATCHES;
  const decay = (EPOCHS - 3) * BATCHES;
  expect(epochs[0].lr).toBeCloseTo(0.01 * (0.1 + (0.9 * (BATCHES - 1)) / warmup), 9);
  const last = 0.005 * (1 + Math.cos((Math.PI * (decay - 1)) / decay));
  expect(epochs[EPOCHS - 1].lr).toBeCloseTo(last, 9);
  expect(epochs[EPOCHS - 1].accuracy).toBeGreaterThan(0.95);
});
