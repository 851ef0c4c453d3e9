// Trains a classifier of handwritten digits in TensorFlow.js, by AdamW under a schedule.
import { train } from "./train.ts";

const epochs = await train("linear:3(start_factor=0.1) > cosine:17", 20);
for (const [i, { lr, accuracy }] of epochs.entries()) {
  console.log(`epoch ${i + 1}: lr ${lr.toFixed(5)}, ${(100 * accuracy).toFixed(1)} % recognised`);
}
