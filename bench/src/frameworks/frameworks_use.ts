// Measures Adam in the frameworks, and prints the times as JSON.
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
process.stdout.write(JSON.stringify(measured));
process.exit(0);
