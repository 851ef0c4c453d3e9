import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import { AdamW, SGD } from "../../src/index.ts";

interface Program {
  readonly shaderKey: string;
}

beforeAll(async () => {
  await tf.setBackend("webgpu");
  await tf.ready();
});

test("a step takes a pass for each array that it writes", async () => {
  const weight = tf.variable(tf.tensor1d([1, 2, 3]), true, "in_passes");
  const gradient = tf.tensor1d([1, -1, 0.5]);
  const backend = tf.backend() as unknown as { runWebGPUProgram(program: Program): unknown };
  const run = vi.spyOn(backend, "runWebGPUProgram");
  const optimizer = new AdamW({ lr: 0.1, weight_decay: 0, amsgrad: true });
  optimizer.applyGradients({ [weight.name]: gradient });
  const keys = run.mock.calls.map(([{ shaderKey }]) => shaderKey);
  run.mockRestore();
  // The values, and three moments.
  expect(keys.filter((key) => key.includes("torch_optim adam"))).toHaveLength(4);
  // The first step of Adam goes lr far, along the gradient's sign.
  const wanted = [0.9, 2.1, 2.9].map((x) => expect.closeTo(x, 5));
  expect(Array.from(await weight.data())).toEqual(wanted);
  optimizer.dispose();
  tf.dispose([weight, gradient]);
});

test("more numbers than workgroups in a row are updated to the last", async () => {
  const size = 64 * 65_535 + 70;
  const weight = tf.variable(tf.ones([size]), true, "in_rows");
  const gradient = tf.fill([size], 2);
  const optimizer = new SGD({ lr: 0.25 });
  optimizer.applyGradients({ [weight.name]: gradient });
  const values = await weight.data();
  expect(values.every((x) => x === 0.5)).toBe(true);
  optimizer.dispose();
  tf.dispose([weight, gradient]);
});
