import * as torch from "torch-optim";
import { encode_step } from "torch-optim/webgpu";
import { grow } from "./growth.ts";
import { Model } from "./model.ts";
import type { Picture } from "./picture.ts";
import { Renderer } from "./renderer.ts";
import { GROWING, schedulesOf } from "./schedules.ts";
import type { Splat } from "./splat.ts";

/** How a picture is fitted. */
export interface TrainOptions {
  readonly steps: number;
  /** The splats at first. */
  readonly start: readonly Splat[];
  /** How many there may be. */
  readonly most: number;
  /** After how many steps they are pruned and split, as long as that goes on. */
  readonly growEvery: number;
  /** After how many steps it is told how things stand. */
  readonly tellEvery: number;
}

/** How things stand after so many steps. */
export interface Standing {
  readonly step: number;
  /** Peak signal-to-noise ratio in decibels. */
  readonly psnr: number;
  readonly splats: number;
  /** Splats pruned and added by now. */
  readonly pruned: number;
  readonly added: number;
  /** The learning rates of positions, shapes and colours. */
  readonly lrs: readonly number[];
  /** By how much each pixel exceeds the one wanted: red, green, blue and 0. */
  readonly errors: Float32Array;
}

/** The largest learning rates: of positions a quarter of a pixel, of shapes in logs and radians, and of colours. */
export function ratesFor({ width }: Picture) {
  return { position: 0.25 / width, shape: 0.04, colour: 0.02 };
}

/** How many splats are split at a time, as a share of all. */
const SHARE = 0.3;

/**
 * Fits a picture with splats, by Adam, and tells how things stand every few steps and at the end. It goes on when
 * it is asked for more, so whoever listens decides when.
 */
export async function* train(
  device: GPUDevice,
  picture: Picture,
  { steps, start, most, growEvery, tellEvery }: TrainOptions,
): AsyncGenerator<Standing, void> {
  const model = new Model(device, start);
  const renderer = new Renderer(device, picture, most);
  const rates = ratesFor(picture);
  const { position, scale, rotation, colour } = model.parameters;
  const optimizer = new torch.optim.Adam(
    [
      { name: "position", params: [position], lr: rates.position },
      { name: "shape", params: [scale, rotation], lr: rates.shape },
      { name: "colour", params: [colour], lr: rates.colour },
    ],
    // New splats begin with moments of 0 while the count of steps goes on; with the usual 0.999 their
    // first steps would be three times as long as the lr.
    { betas: [0.9, 0.99] },
  );
  const schedules = schedulesOf(optimizer, steps);
  const total = { pruned: 0, added: 0 };
  try {
    for (let step = 0; step <= steps; step++) {
      const encoder = device.createCommandEncoder();
      renderer.encode(encoder, model);
      // What is told of a step is what its gradients were taken of.
      if (step < steps) encode_step(optimizer, encoder);
      device.queue.submit([encoder.finish()]);
      if (step % tellEvery === 0 || step === steps) {
        const errors = await renderer.readErrors();
        const lrs = optimizer.param_groups.map(({ lr }) => lr);
        const psnr = psnrOf(errors);
        yield { step, psnr, splats: model.count, ...total, lrs, errors };
      }
      schedules.step();
      if (step > 0 && step % growEvery === 0 && step <= GROWING * steps) {
        const grown = await growModel(model, renderer, picture, most);
        total.pruned += grown.pruned;
        total.added += grown.added;
      }
    }
  } finally {
    renderer.destroy();
    model.destroy();
  }
}

async function growModel(model: Model, renderer: Renderer, picture: Picture, most: number) {
  const pulls = await renderer.takePulls(model.count);
  const pixels = picture.width * picture.height;
  const grown = grow(await model.read(), pulls, { pixels, most, share: SHARE });
  model.become(grown.splats, grown.keep);
  return grown;
}

/** The peak is 1; of the four errors of a pixel, three are of colours. */
function psnrOf(errors: Float32Array): number {
  const sum = errors.reduce((sum, error) => sum + error ** 2, 0);
  return -10 * Math.log10(sum / (0.75 * errors.length));
}
