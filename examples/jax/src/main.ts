// Trains a classifier of handwritten digits in jax-js, by AdamW under a schedule; with --page in a page.
import { parseArgs } from "node:util";
// Before jax-js, which it is for.
import "digits/navigator";
import { dirname } from "node:path";
import { defaultDevice, init } from "@jax-js/jax";
import { loadDigits } from "digits/data";
import { train } from "./train.ts";

const { values } = parseArgs({ options: { page: { type: "boolean", default: false } } });
if (values.page) {
  const { address_of, serve_page } = await import("../../../scripts/serve_page.ts");
  const server = await serve_page(dirname(import.meta.dirname));
  console.log(`The page is at ${address_of(server)} until Ctrl-C.`);
} else {
  await init("wasm");
  defaultDevice("wasm");
  let epoch = 0;
  await train(loadDigits(0), ({ lr, accuracy }) => {
    const share = (100 * accuracy).toFixed(1);
    console.log(`epoch ${++epoch}: lr ${lr.toFixed(5)}, ${share} % recognised`);
  });
}
