import * as torch from "torch-optim";
import { read_state_dict } from "torch-optim/webgpu";
import { afterAll, describe, expect, test } from "vitest";
import { start_webgpu } from "../../../scripts/webgpu.ts";
import { grow } from "../src/growth.ts";
import { Model } from "../src/model.ts";
import { optionsFor } from "../src/options.ts";
import { type Picture, paint } from "../src/picture.ts";
import { Renderer } from "../src/renderer.ts";
import { KINDS, type Splat, startingSplats, WIDTHS } from "../src/splat.ts";
import { type Standing, type TrainOptions, train } from "../src/train.ts";

const hasWebGPU = await start_webgpu();
if (!hasWebGPU) console.warn("\nSKIPPED: there is no WebGPU in software for this machine.\n");
const adapter = hasWebGPU ? await navigator.gpu.requestAdapter() : null;

/** Splats of many colours and shapes, two of which lie across the picture's border. */
const SPLATS: Splat[] = Array.from({ length: 9 }, (_, i) => ({
  position: [(0.02 + 0.37 * i) % 1, (0.9 + 0.29 * i) % 1],
  scale: [-2.2 + 0.3 * Math.sin(i), -1.6 + 0.4 * Math.cos(3 * i)],
  rotation: [0.7 * i],
  colour: [0.6 * Math.sin(i), 0.5 * Math.cos(2 * i), 0.3 - 0.1 * i],
}));

/** The mean squared error of splats, in float64, drawn one after the other. */
function lossOf(splats: readonly Splat[], { width, height, pixels }: Picture): number {
  const drawn = new Float64Array(pixels.length);
  for (const { position, scale, rotation, colour } of splats) {
    const [cos, sin] = [Math.cos(rotation[0]), Math.sin(rotation[0])];
    for (let i = 0; i < width * height; i++) {
      const x = ((i % width) + 0.5) / width - position[0];
      const y = (Math.floor(i / width) + 0.5) / height - position[1];
      const a = (cos * x + sin * y) / Math.exp(scale[0]);
      const b = (cos * y - sin * x) / Math.exp(scale[1]);
      const weight = Math.max(0, Math.exp(-(a * a + b * b) / 2) - Math.exp(-9 / 2));
      for (let k = 0; k < 3; k++) drawn[3 * i + k] += weight * colour[k];
    }
  }
  return drawn.reduce((sum, value, i) => sum + (value - pixels[i]) ** 2, 0) / pixels.length;
}

/** How the loss changes with one number of one splat, by central differences. */
function slopeOf(picture: Picture, row: number, kind: keyof Splat, at: number): number {
  const [below, above] = [-1e-5, 1e-5].map((change) => {
    const moved = {
      ...SPLATS[row],
      [kind]: SPLATS[row][kind].with(at, SPLATS[row][kind][at] + change),
    };
    return lossOf(SPLATS.with(row, moved), picture);
  });
  return (above - below) / 2e-5;
}

async function collect(options: TrainOptions, picture: Picture): Promise<Standing[]> {
  const standings: Standing[] = [];
  for await (const standing of train(await device, picture, options)) standings.push(standing);
  return standings;
}

const device = (adapter?.requestDevice() ?? undefined) as Promise<GPUDevice>;
afterAll(async () => (await device)?.destroy());

describe.runIf(adapter)("on a GPU", () => {
  test("what is drawn, and its gradients, are those of a plain rendering in float64", async () => {
    const picture = paint(30, 20);
    const model = new Model(await device, SPLATS);
    const renderer = new Renderer(await device, picture, SPLATS.length);
    const encoder = (await device).createCommandEncoder();
    renderer.encode(encoder, model);
    (await device).queue.submit([encoder.finish()]);
    const loss = lossOf(SPLATS, picture);
    // Devices may take sines and cosines less exactly, by 5e-4.
    const squares = (await renderer.readErrors()).map((error) => error ** 2);
    const measured = squares.reduce((sum, square) => sum + square) / picture.pixels.length;
    expect(Math.abs(measured / loss - 1)).toBeLessThan(1e-3);
    for (const kind of KINDS) {
      const width = WIDTHS[kind];
      const written = [...((await model.parameters[kind].grad?.read()) ?? [])];
      const slopes = written.map((_, i) =>
        slopeOf(picture, Math.floor(i / width), kind, i % width),
      );
      expect(slopes).toHaveLength(width * SPLATS.length);
      const largest = Math.max(...slopes.map(Math.abs));
      const wrong = slopes.map((slope, i) => Math.abs(slope - written[i]) / largest);
      expect(Math.max(...wrong), kind).toBeLessThan(1e-3);
    }
    model.destroy();
    renderer.destroy();
  });

  test("splats that are kept keep their moments, and halves look like the whole", async () => {
    const picture = paint(30, 20);
    const idle = { ...SPLATS[0], colour: [0, 0, 0] };
    const start = SPLATS.with(4, idle);
    const model = new Model(await device, start);
    const parameters = KINDS.map((kind) => model.parameters[kind]);
    const optimizer = new torch.optim.Adam(parameters, { lr: 0 });
    for (const { grad } of parameters) grad?.set(Array.from({ length: grad.length }, (_, i) => i));
    optimizer.step();
    const pulls = Float32Array.of(0, 0, 7, 0, 9, 0, 0, 8, 0);
    const grown = grow(await model.read(), pulls, { pixels: 600, most: 10, share: 0.3 });
    model.become(grown.splats, grown.keep);

    expect(grown).toMatchObject({ keep: [0, 1, 2, 3, 5, 6, 7, 8], pruned: 1, added: 2 });
    expect(model.count).toBe(10);
    const { state } = await read_state_dict(optimizer);
    const moments = Object.values(state).map(({ exp_avg }) => exp_avg as number[]);
    const rotation = [...grown.keep.map((row) => 0.1 * row), 0, 0];
    expect(moments[KINDS.indexOf("rotation")]).toEqual(rotation.map((x) => expect.closeTo(x, 6)));
    const [before, after] = [lossOf(start, picture), lossOf(await model.read(), picture)];
    expect(Math.abs(after / before - 1)).toBeLessThan(0.05);
    model.destroy();
  });

  test("a picture is fitted, while splats are pruned and split", async () => {
    const idle = { position: [0.5, 0.5], scale: [-12, -12], rotation: [0], colour: [0, 0, 0] };
    const start = [...startingSplats(98), idle, idle];
    const options = { steps: 60, start, most: 200, growEvery: 30, tellEvery: 20 };
    const standings = await collect(options, paint(48, 48));
    expect(standings.map(({ step }) => step)).toEqual([0, 20, 40, 60]);
    const { pruned } = standings[3];
    expect(pruned).toBeGreaterThanOrEqual(2);
    expect(pruned).toBeLessThan(15);
    const added = Math.ceil(0.3 * (100 - pruned));
    const count = 100 - pruned + added;
    expect(standings.map(({ splats }) => splats)).toEqual([100, 100, count, count]);
    expect(standings[3].added).toBe(added);
    expect(standings[3].psnr).toBeGreaterThan(standings[0].psnr + 15);
    const base = 0.25 / 48;
    const lrs = [standings[0].lrs, standings[3].lrs].flat();
    expect(lrs).toEqual(
      [base, 0.04, 2e-3, 0.02 * base, 0, 2e-4].map((lr) => expect.closeTo(lr, 9)),
    );
  });

  test("growth is what makes the fit good", async () => {
    const picture = paint(48, 48);
    const options = optionsFor(48, 120, 120);
    const grown = await collect(options, picture);
    const same = await collect({ ...options, growEvery: 1000 }, picture);
    expect(grown[1].psnr).toBeGreaterThan(same[1].psnr + 3);
    expect(grown[1].psnr).toBeGreaterThan(28);
  });
});
