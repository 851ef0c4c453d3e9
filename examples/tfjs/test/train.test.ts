import { expect, test } from "vitest";
import { train } from "../src/train.ts";

test("digits are recognised after a few epochs, under the schedule", async () => {
  const epochs = await train("linear:2(start_factor=0.5) > cosine:2", 4);
  expect(epochs.map(({ lr }) => lr.toFixed(4))).toEqual(["0.0050", "0.0075", "0.0100", "0.0050"]);
  expect(epochs[3].accuracy).toBeGreaterThan(0.85);
});
