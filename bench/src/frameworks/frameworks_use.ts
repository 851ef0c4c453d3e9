// Measures Adam in the frameworks, and prints the times as JSON.
import { start_webgpu } from "../../../scripts/webgpu.ts";
import { inJax } from "./jax.ts";
import { inTensorFlow } from "./tensorflow.ts";

const ROUNDS = 15;

// What TensorFlow says of itself goes nowhere.
console.warn = () => {};
const measured = [
  ...(await inTensorFlow("cpu", ROUNDS)),
  ...(await inTensorFlow("wasm", ROUNDS)),
  ...(await inJax(ROUNDS)),
];
if (await start_webgpu()) {
  // It asks for WebGPU when it is imported.
  await import("@tensorflow/tfjs-backend-webgpu");
  measured.push(...(await inTensorFlow("webgpu", ROUNDS, "TensorFlow.js, webgpu in software")));
}
process.stdout.write(JSON.stringify(measured));
process.exit(0);
