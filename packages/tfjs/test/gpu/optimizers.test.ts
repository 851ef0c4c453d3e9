import * as tf from "@tensorflow/tfjs-core";
// It registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { describe, expect, test } from "vitest";
import { BY_NAME, difference, end, start, step } from "../support/drawn.ts";
import { GPU_BACKENDS } from "../support/gpu_backends.ts";
import { level } from "../support/level.ts";

/** What each may differ by; the products of Muon are TensorFlow's. */
const TOLERANCE: Readonly<Record<string, number>> = { Muon: 5e-3 };

describe.each(GPU_BACKENDS)("on the backend %s", (backend) => {
  test.each(BY_NAME)("%s gives PyTorch's parameters", async (name, { Class, cases }) => {
    await tf.setBackend(backend);
    for (const each of cases) {
      const run = start(Class, each);
      let done = 0;
      for (const [to, wanted] of Object.entries(each.after)) {
        for (; done < Number(to); done++) step(run, each, done);
        const told = `${JSON.stringify(each.options)} after ${to} steps`;
        expect(await difference(run, wanted), told).toBeLessThan(TOLERANCE[name] ?? 1e-5);
      }
      end(run);
    }
  });

  test.each(BY_NAME)("1,000 steps of %s leave the number of tensors level", async (_, drawn) => {
    await tf.setBackend(backend);
    expect(await level(drawn, 1000)).toEqual({ after: 0, disposed: 0 });
  });
});
