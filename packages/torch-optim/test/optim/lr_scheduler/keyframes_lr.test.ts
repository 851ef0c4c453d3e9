import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { curve, schedulable } from "../../support/curve.ts";
import { expect_refusal } from "../../support/refusal.ts";
import type { Spec } from "../../support/spec.ts";

const keyframes = (
  epochs: number[],
  factors: number[],
  interpolation?: torch.optim.Interpolation,
): Spec => ({ type: "KeyframesLR", epochs, factors, ...(interpolation ? { interpolation } : {}) });

describe("KeyframesLR", () => {
  test("goes in lines by default, and holds its last factor", () => {
    expect(curve(keyframes([0, 2, 6], [0, 1, 0.5]), 8)).toEqual([
      0, 0.5, 1, 0.875, 0.75, 0.625, 0.5, 0.5, 0.5,
    ]);
    expect(curve(keyframes([0], [3]), 2)).toEqual([3, 3, 3]);
  });

  test("holds each factor up to the next keyframe", () => {
    expect(curve(keyframes([0, 2, 3], [0, 1, 0.5], "step"), 5)).toEqual([0, 0, 1, 0.5, 0.5, 0.5]);
  });

  test("goes by s = (1 - cos πu) / 2 between keyframes, and meets them to the last bit", () => {
    const keyframe = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(keyframe, { minLength: 2, maxLength: 5 }), (drawn) => {
        const epochs = drawn.map((_, k) => drawn.slice(1, k + 1).reduce((t, [gap]) => t + gap, 0));
        const factors = drawn.map(([, factor]) => factor);
        const lrs = curve(keyframes(epochs, factors, "cosine"), 40);
        for (const [k, epoch] of epochs.entries()) {
          expect(lrs[epoch]).toBe(factors[k]);
          const next = epochs[k + 1] ?? epoch;
          for (let t = epoch; t < next; t++) {
            const s = (1 - Math.cos((Math.PI * (t - epoch)) / (next - epoch))) / 2;
            expect(lrs[t]).toBeCloseTo(factors[k] * (1 - s) + factors[k + 1] * s, 12);
          }
        }
      }),
    );
  });

  test("is a curve of its own in a chain, behind its zeros too", () => {
    const spec = {
      type: "ChainedScheduler",
      schedulers: [
        { type: "ExponentialLR", gamma: 0.5 },
        keyframes([0, 1, 2, 3], [1, 0, 0, 2], "step"),
      ],
    };
    expect(curve(spec, 4)).toEqual([1, 0, 0, 0.25, 0.125]);
  });

  test("needs a factor for each epoch", () => {
    const optimizer = schedulable();
    expect_refusal(
      () => new torch.optim.KeyframesLR(optimizer, { epochs: [0, 5], factors: [1] }),
      Error,
      "KeyframesLR: factors must be 2 for 2 epochs, got 1",
      optimizer,
    );
    expect(torch.optim.lr_scheduler.check_spec(keyframes([0, 5], []))).toEqual([
      { path: "factors", message: "must be 2 for 2 epochs, got 0" },
    ]);
  });
});
