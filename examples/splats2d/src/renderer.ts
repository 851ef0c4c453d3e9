import { makeBuffer, readNumbers } from "./buffers.ts";
import type { Model } from "./model.ts";
import type { Picture } from "./picture.ts";
import {
  ASSIGN,
  DIFFERENTIATE,
  DRAW,
  PREPARE,
  SPLAT_BYTES,
  THREADS,
  TILE,
  WORD,
} from "./shaders.ts";
import { KINDS } from "./splat.ts";

/** Draws splats, compares them with a picture, and writes the gradient of the mean squared error. */
export class Renderer {
  readonly #device: GPUDevice;
  readonly #picture: Picture;
  readonly #tiles: readonly [number, number];
  /** The picture wanted, and by how much the one drawn last exceeds it: four numbers for each pixel. */
  readonly #wanted: GPUBuffer;
  readonly #errors: GPUBuffer;
  /** The splats as they are drawn, and which of them touch which tile. */
  readonly #splats: GPUBuffer;
  readonly #touching: GPUBuffer;
  readonly #pulls: GPUBuffer;
  readonly #prepare: GPUComputePipeline;
  readonly #assign: GPUComputePipeline;
  readonly #draw: GPUComputePipeline;
  readonly #differentiate: GPUComputePipeline;

  /** @param most - How many splats there may be. */
  constructor(device: GPUDevice, picture: Picture, most: number) {
    const { width, height } = picture;
    this.#device = device;
    this.#picture = picture;
    this.#tiles = [Math.ceil(width / TILE), Math.ceil(height / TILE)];
    this.#wanted = makeBuffer(device, 16 * width * height);
    this.#errors = makeBuffer(device, 16 * width * height);
    this.#splats = makeBuffer(device, SPLAT_BYTES * most);
    this.#touching = makeBuffer(
      device,
      4 * Math.ceil(most / WORD) * this.#tiles[0] * this.#tiles[1],
    );
    this.#pulls = makeBuffer(device, 4 * most);
    this.#prepare = pipelineOf(device, PREPARE);
    const size = { WIDTH: width, HEIGHT: height };
    this.#assign = pipelineOf(device, ASSIGN, size);
    this.#draw = pipelineOf(device, DRAW, size);
    this.#differentiate = pipelineOf(device, DIFFERENTIATE, size);
    device.queue.writeBuffer(this.#wanted, 0, inFours(picture));
  }

  /** Writes into an encoder the passes that draw a model and write the gradients of its parameters. */
  encode(encoder: GPUCommandEncoder, { parameters, count }: Model): void {
    const splats = { buffer: this.#splats, size: SPLAT_BYTES * count };
    const touching = { buffer: this.#touching };
    const errors = { buffer: this.#errors };
    const data = KINDS.map((kind) => parameters[kind].data);
    const grads = KINDS.map((kind) => parameters[kind].grad).filter((grad) => grad !== null);
    const pass = encoder.beginComputePass();
    this.#run(pass, this.#prepare, [...data, splats], [Math.ceil(count / THREADS)]);
    const [columns, rows] = this.#tiles;
    const assigned = [Math.ceil(count / WORD), Math.ceil((columns * rows) / THREADS)] as const;
    this.#run(pass, this.#assign, [splats, touching], assigned);
    const drawn = [splats, touching, { buffer: this.#wanted }, errors];
    this.#run(pass, this.#draw, drawn, this.#tiles);
    const compared = [splats, errors, ...grads, { buffer: this.#pulls }];
    this.#run(pass, this.#differentiate, compared, [count]);
    pass.end();
  }

  #run(
    pass: GPUComputePassEncoder,
    pipeline: GPUComputePipeline,
    bound: readonly GPUBufferBinding[],
    groups: readonly [number, number?],
  ): void {
    const entries = bound.map((resource, binding) => ({ binding, resource }));
    pass.setPipeline(pipeline);
    const layout = pipeline.getBindGroupLayout(0);
    pass.setBindGroup(0, this.#device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(...groups);
  }

  /** By how much each pixel of what was drawn last exceeds the one wanted: red, green, blue and 0. */
  readErrors(): Promise<Float32Array> {
    return readNumbers(this.#device, this.#errors, (4 * this.#picture.pixels.length) / 3);
  }

  /** How much each of so many splats has been pulled about since this was last asked. */
  async takePulls(count: number): Promise<Float32Array> {
    const pulls = await readNumbers(this.#device, this.#pulls, count);
    const encoder = this.#device.createCommandEncoder();
    encoder.clearBuffer(this.#pulls);
    this.#device.queue.submit([encoder.finish()]);
    return pulls;
  }

  destroy(): void {
    for (const buffer of [this.#wanted, this.#errors, this.#splats, this.#touching, this.#pulls]) {
      buffer.destroy();
    }
  }
}

function pipelineOf(device: GPUDevice, code: string, constants: Record<string, number> = {}) {
  const module = device.createShaderModule({ code });
  const compute = { module, entryPoint: "main", constants };
  return device.createComputePipeline({ layout: "auto", compute });
}

/** Red, green, blue and nothing: shaders read numbers by fours. */
function inFours({ pixels }: Picture): Float32Array<ArrayBuffer> {
  const fours = new Float32Array((4 * pixels.length) / 3);
  for (let i = 0; i < pixels.length; i += 3) fours.set(pixels.subarray(i, i + 3), (4 * i) / 3);
  return fours;
}
