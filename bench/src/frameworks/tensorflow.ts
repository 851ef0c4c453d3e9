import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
// It registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { Adam } from "torch-optim-tfjs";
import { inTurns, wallSeconds } from "../measure.ts";
import { noise } from "../optimizers/workload.ts";
import { BATCH, type Beside, HIDDEN, LR, PARAMETERS, type Work } from "./work.ts";

const OPTIMIZERS = { theirs: () => tf.train.adam(LR), ours: () => new Adam({ lr: LR }) };
type Make = () => tf.Optimizer;

/** TensorFlow's Adam and ours on one of its backends, which a table calls `where`. */
export async function inTensorFlow(
  backend: string,
  rounds: number,
  where = `TensorFlow.js, ${backend}`,
): Promise<Beside[]> {
  await tf.setBackend(backend);
  const works = { update, digits };
  const measured: Beside[] = [];
  for (const [work, make] of Object.entries(works) as [Work, typeof update][]) {
    const sides = { theirs: make(OPTIMIZERS.theirs), ours: make(OPTIMIZERS.ours) };
    const times = await inTurns(sides, rounds);
    measured.push({ where, work, ...times });
  }
  return measured;
}

function variable(...shape: number[]): tf.Variable {
  const values = noise(shape.reduce((product, n) => product * n, 1));
  return tf.variable(tf.tensor(values, shape), true);
}

/** An update of many parameters, read as the next forward pass would. */
function update(make: Make) {
  const weight = variable(PARAMETERS);
  const gradient = tf.tensor1d(noise(PARAMETERS));
  const optimizer = make();
  return () =>
    wallSeconds(async () => {
      optimizer.applyGradients([{ name: weight.name, tensor: gradient }]);
      await tf.tidy(() => tf.slice(weight, 0, 1)).data();
    });
}

/** A training step on a batch of digits. */
function digits(make: Make) {
  const [w1, b1] = [variable(64, HIDDEN), variable(HIDDEN)];
  const [w2, b2] = [variable(HIDDEN, 10), variable(10)];
  const x = tf.tensor2d(noise(BATCH * 64), [BATCH, 64]);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: BATCH }, (_, i) => i % 10),
      "int32",
    ),
    10,
  );
  const optimizer = make();
  const loss = () => {
    const hidden = tf.relu(tf.add(tf.matMul(x as tf.Tensor2D, w1 as tf.Tensor2D), b1));
    const logits = tf.add(tf.matMul(hidden as tf.Tensor2D, w2 as tf.Tensor2D), b2);
    return tf.losses.softmaxCrossEntropy(y, logits) as tf.Scalar;
  };
  return () =>
    wallSeconds(async () => {
      optimizer.minimize(loss, false, [w1, b1, w2, b2]);
      await b2.data();
    });
}
