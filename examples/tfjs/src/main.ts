// Trains a classifier of handwritten digits in TensorFlow.js, by AdamW under a schedule; with --page in a page.
import { parseArgs } from "node:util";
import "@tensorflow/tfjs-backend-cpu";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { loadDigits } from "digits/data";
import { train } from "./train.ts";

const { values } = parseArgs({ options: { page: { type: "boolean", default: false } } });
if (values.page) {
  const { address_of, serve_page } = await import("../../../scripts/serve_page.ts");
  const server = await serve_page(dirname(import.meta.dirname));
  console.log(`The page is at ${address_of(server)} until Ctrl-C.`);
} else {
  await tf.setBackend("cpu");
  let epoch = 0;
  await train(loadDigits(0), ({ lr, accuracy }) => {
    const share = (100 * accuracy).toFixed(1);
    console.log(`epoch ${++epoch}: lr ${lr.toFixed(5)}, ${share} % recognised`);
  });
}
