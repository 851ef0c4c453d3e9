import "@tensorflow/tfjs-backend-cpu";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { loadDigits } from "digits/data";
import { expect, test } from "vitest";
import { find_chromium } from "../../../scripts/chromium.ts";
import { trainInPage } from "../../digits/test/support/page.ts";
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

test.runIf(await find_chromium())("digits are recognised in a page", async () => {
  const { said, rows, errors } = await trainInPage(dirname(import.meta.dirname));
  expect(said).toBe(`Trained for ${EPOCHS} epochs.`);
  expect(rows.at(-1)?.slice(0, 2)).toEqual(["1", "0.00100"]);
  expect(Number.parseFloat(rows[0][2])).toBeGreaterThan(95);
  expect(errors).toEqual([]);
});
