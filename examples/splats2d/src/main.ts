// Fits a picture with gaussians on the GPU, in Node.js with WebGPU in software; with --page in a page.
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { optionsFor } from "./options.ts";
import { paint } from "./picture.ts";
import { train } from "./train.ts";

/** Small and short enough for a processor that plays the GPU. */
const SIZE = 64;
const STEPS = 300;
const TELL_EVERY = 20;

const { values } = parseArgs({ options: { page: { type: "boolean", default: false } } });
if (values.page) {
  const { address_of, serve_page } = await import("../../../scripts/serve_page.ts");
  const server = await serve_page(dirname(import.meta.dirname));
  console.log(`The page is at ${address_of(server)} until Ctrl-C.`);
} else {
  const { start_webgpu } = await import("../../../scripts/webgpu.ts");
  const adapter = (await start_webgpu()) ? await navigator.gpu.requestAdapter() : null;
  if (adapter) await fit(await adapter.requestDevice());
  else
    console.log("There is no WebGPU in software for this machine; a browser may have it: --page.");
}

async function fit(device: GPUDevice): Promise<void> {
  const options = optionsFor(SIZE, STEPS, TELL_EVERY);
  const digits = String(STEPS).length;
  for await (const standing of train(device, paint(SIZE, SIZE), options)) {
    const { step, psnr, splats, lrs } = standing;
    const [position, shape, colour] = lrs.map((lr) => lr.toFixed(5));
    console.log(
      `step ${String(step).padStart(digits)}: ${psnr.toFixed(1).padStart(4)} dB, ${splats} splats, ` +
        `lr of positions ${position}, shapes ${shape}, colours ${colour}`,
    );
  }
  device.destroy();
}
