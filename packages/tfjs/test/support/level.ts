import * as tf from "@tensorflow/tfjs-core";
import { type DRAWN, end, start, step } from "./drawn.ts";

/** How many tensors there are more after so many steps than after one, and after all is disposed. */
export async function level({ Class, cases }: (typeof DRAWN)[number], steps: number) {
  const before = tf.memory().numTensors;
  const [drawn] = [...cases].sort((a, b) => a.start[0].length - b.start[0].length);
  const run = start(Class, drawn);
  step(run, drawn, 0);
  const first = tf.memory().numTensors;
  for (let k = 1; k < steps; k++) step(run, drawn, k % drawn.grads.length);
  const after = tf.memory().numTensors - first;
  // What is queued on a device is done before anything is freed.
  await Promise.all(run.variables.map((variable) => variable.data()));
  end(run);
  return { after, disposed: tf.memory().numTensors - before };
}
