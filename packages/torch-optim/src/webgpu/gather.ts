import { COPY_DST, STORAGE } from "./flags.ts";
import type { GPUArray } from "./gpu_array.ts";
import type { GPUPlace } from "./gpu_place.ts";
import { PlainPipelines } from "./pipelines.ts";

const THREADS = 256;
const GROUPS = 1024;

/** Rows of the one become those of the other; what comes after them is 0 there already. */
const CODE = `
@group(0) @binding(0) var<storage, read> rows: array<u32>;
@group(0) @binding(1) var<storage, read_write> from_: array<f32>;
@group(0) @binding(2) var<storage, read_write> to_: array<f32>;

@compute @workgroup_size(${THREADS})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let width = rows[0];
  let count = width * (arrayLength(&rows) - 1u);
  for (var i = id.x; i < count; i += groups.x * ${THREADS}u) {
    to_[i] = from_[rows[1u + i / width] * width + i % width];
  }
}
`;

/** Copies rows between arrays of a device. */
export class Gather {
  readonly #place: GPUPlace;
  readonly #pipelines: PlainPipelines;

  constructor(place: GPUPlace) {
    this.#place = place;
    this.#pipelines = new PlainPipelines(place.device);
  }

  /** Copies the rows of the first of each pair, of so many numbers each, to the second. */
  copy(pairs: readonly (readonly [GPUArray, GPUArray])[], rows: Uint32Array, width: number): void {
    if (rows.length === 0 || width === 0) return;
    const { device } = this.#place;
    const size = 4 * (1 + rows.length);
    const list = device.createBuffer({ size, usage: STORAGE | COPY_DST });
    device.queue.writeBuffer(list, 0, Uint32Array.of(width));
    device.queue.writeBuffer(list, 4, rows as Uint32Array<ArrayBuffer>);
    const pipeline = this.#pipelines.of(CODE);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (const pair of pairs) {
      const arrays = pair.map(({ buffer, offset, size }) => ({ buffer, offset, size }));
      const entries = [{ buffer: list }, ...arrays].map((resource, binding) => ({
        binding,
        resource,
      }));
      const layout = pipeline.getBindGroupLayout(0);
      pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
      pass.dispatchWorkgroups(GROUPS);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
    list.destroy();
  }
}
