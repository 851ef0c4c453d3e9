import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { loadDigits } from "digits/data";
import { DIGITS, type Images, PIXELS } from "digits/images";
import { from_spec, parse_spec } from "torch-optim/lr_scheduler";
import { AdamW, scheduler_callback } from "torch-optim-tfjs";

/** What is said of an epoch: the lr that it had, and the share of held-out images recognised after it. */
export interface Epoch {
  readonly lr: number;
  readonly accuracy: number;
}

function toTensors({ pixels, digits }: Images) {
  return {
    x: tf.tensor2d(pixels, [digits.length, PIXELS]),
    y: tf.oneHot(tf.tensor1d(digits, "int32"), DIGITS),
  };
}

/** Trains a classifier of handwritten digits by AdamW under a schedule. */
export async function train(spec: string, epochs: number): Promise<Epoch[]> {
  await tf.setBackend("cpu");
  const { train, heldOut } = loadDigits(0);
  const [seen, unseen] = [train, heldOut].map(toTensors);
  const model = sequential({
    layers: [
      layers.dense({ units: 64, activation: "relu", inputShape: [PIXELS] }),
      layers.dense({ units: DIGITS, activation: "softmax" }),
    ],
  });
  const optimizer = new AdamW({ lr: 0.01, groups: [{ names: /bias/, weight_decay: 0 }] });
  const scheduler = from_spec(optimizer, parse_spec(spec));
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const { history } = await model.fit(seen.x, seen.y, {
    epochs,
    batchSize: 64,
    verbose: 0,
    validationData: [unseen.x, unseen.y],
    callbacks: scheduler_callback(scheduler),
  });
  return history.lr.map((lr, i) => ({ lr: Number(lr), accuracy: Number(history.val_acc[i]) }));
}
