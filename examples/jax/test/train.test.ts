import { expect, test } from "vitest";
import { train } from "../src/train.ts";

test("digits are recognised after a few epochs, under the schedule", async () => {
  const epochs = await train("linear:22(start_factor=0.5) > cosine:66", 4);
  expect(epochs[0].lr).toBeCloseTo(0.01 * (0.5 + (0.5 * 21) / 22), 9);
  expect(epochs[3].lr).toBeCloseTo(0.005 * (1 + Math.cos((Math.PI * 65) / 66)), 9);
  expect(epochs[3].accuracy).toBeGreaterThan(0.85);
});
