import { inTurns, median } from "../measure.ts";

/** A device that was idle runs slowly at first: seconds of work until it is at its full speed. */
const WARM_UP = 1.5;
const ROUNDS = 7;

/** Seconds that each of some pieces of work takes on a device, in turns: many of each are submitted at once. */
export async function seconds<Name extends string>(
  device: GPUDevice,
  works: Record<Name, () => void>,
  repeats: number,
): Promise<Record<Name, number>> {
  const sides = Object.fromEntries(
    Object.entries<() => void>(works).map(([name, work]) => [
      name,
      async () => {
        const before = performance.now();
        for (let k = 0; k < repeats; k++) work();
        await device.queue.onSubmittedWorkDone();
        return (performance.now() - before) / 1000 / repeats;
      },
    ]),
  ) as Record<Name, () => Promise<number>>;
  const end = performance.now() + 1000 * WARM_UP;
  while (performance.now() < end) await inTurns(sides, 1, 0);
  const times = await inTurns(sides, ROUNDS);
  return Object.fromEntries(
    Object.entries<number[]>(times).map(([name, each]) => [name, median(each)]),
  ) as Record<Name, number>;
}

/** What submits a compute shader on buffers. */
export function dispatcher(
  device: GPUDevice,
  code: string,
  buffers: readonly GPUBuffer[],
  groups: readonly [number, number],
): () => void {
  const module = device.createShaderModule({ code });
  const compute = { module, entryPoint: "main" };
  const pipeline = device.createComputePipeline({ layout: "auto", compute });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bind_group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bind_group);
    pass.dispatchWorkgroups(...groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
}

/** A plain copy, in vectors of four: what a device streams. */
export const COPY = `
@group(0) @binding(0) var<storage, read> from_: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> to_: array<vec4<f32>>;

@compute @workgroup_size(256)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  for (var i = id.x; i < arrayLength(&from_); i += groups.x * 256u) { to_[i] = from_[i]; }
}
`;

/** A product of square matrices as textbooks tile it: a number for each thread, in tiles of 16 by 16. */
export const PRODUCT = `
@group(0) @binding(0) var<storage, read> left: array<f32>;
@group(0) @binding(1) var<storage, read> right: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

var<workgroup> a: array<array<f32, 16>, 16>;
var<workgroup> b: array<array<f32, 16>, 16>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let side = u32(sqrt(f32(arrayLength(&out))) + 0.5);
  var sum = 0.0;
  for (var begin = 0u; begin < side; begin += 16u) {
    a[local.y][local.x] = 0.0;
    b[local.y][local.x] = 0.0;
    if (id.y < side && begin + local.x < side) { a[local.y][local.x] = left[id.y * side + begin + local.x]; }
    if (begin + local.y < side && id.x < side) { b[local.y][local.x] = right[(begin + local.y) * side + id.x]; }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) { sum += a[local.y][k] * b[k][local.x]; }
    workgroupBarrier();
  }
  if (id.y < side && id.x < side) { out[id.y * side + id.x] = sum; }
}
`;
