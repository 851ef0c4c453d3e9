import * as tf from "@tensorflow/tfjs-core";
import { type Logs, layers, sequential } from "@tensorflow/tfjs-layers";
import { DIGITS, type Images, PIXELS, type Split } from "digits/images";
import { from_spec, parse_spec } from "torch-optim/lr_scheduler";
import { AdamW, scheduler_callback } from "torch-optim-tfjs";

export const EPOCHS = 20;

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

/** Trains a classifier of handwritten digits by AdamW under a schedule, and tells of every epoch. */
export async function train(
  { train, heldOut }: Split,
  told: (epoch: Epoch) => void = () => {},
): Promise<void> {
  const [seen, unseen] = [train, heldOut].map(toTensors);
  const model = sequential({
    layers: [
      layers.dense({ units: 64, activation: "relu", inputShape: [PIXELS] }),
      layers.dense({ units: DIGITS, activation: "softmax" }),
    ],
  });
  const optimizer = new AdamW({ lr: 0.01, groups: [{ names: /bias/, weight_decay: 0 }] });
  const scheduler = from_spec(optimizer, parse_spec("linear:3(start_factor=0.1) > cosine:17"));
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  await model.fit(seen.x, seen.y, {
    epochs: EPOCHS,
    batchSize: 64,
    verbose: 0,
    validationData: [unseen.x, unseen.y],
    callbacks: [
      scheduler_callback(scheduler),
      {
        onEpochEnd: async (_: number, logs?: Logs) =>
          told({ lr: Number(logs?.lr), accuracy: Number(logs?.val_acc) }),
      },
    ],
  });
}
