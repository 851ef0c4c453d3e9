import * as torch from "torch-optim";
import { GPUParameter } from "torch-optim/webgpu";
import { find_gpu } from "./gpu/device.ts";
import { COPY, dispatcher, PRODUCT, seconds } from "./gpu/kernels.ts";
import { duration, figures, table } from "./report.ts";

const SIZES = [1e6, 1.6e7, 2.5e8];
/** The sides of Muon's matrices. */
const SIDES = [1000, 4096];
const TENSORS = 200;
const BYTES = 4;
/** Numbers read and written for each of a parameter's. */
const TRAFFIC = { copy: 2, AdamW: 7, SGD: 5 };
/** Products in a step of Muon, of square matrices: three in each of five iterations. */
const PRODUCTS = 15;
const MOST_GROUPS = 65_535;
/** `STORAGE`, by WebGPU's number: its names are there once it has been started. */
const USAGE = 0x80;

/** For trying the benchmark itself where there is no GPU, with sizes that a processor can do. */
const IN_SOFTWARE = process.env.BENCH_GPU_IN_SOFTWARE === "1";

/** The optimizers on the machine's GPU, beside what it copies in the same run. */
export async function* gpu(): AsyncGenerator<string> {
  const found = await find_gpu(IN_SOFTWARE);
  if (!found) {
    yield "## On the GPU\n\nSkipped: this machine has no GPU that Node.js finds.";
    return;
  }
  const { device, name } = found;
  const shrink = IN_SOFTWARE ? 1000 : 1;
  const rows = [];
  for (const size of SIZES) {
    const row = await streams(device, size / shrink);
    rows.push(row ?? [figures(size), "more than a buffer of this device holds", "", "", "", ""]);
  }
  const many = await many_tensors(device);
  const products = [];
  for (const side of SIDES) products.push(await muon(device, Math.round(side / Math.sqrt(shrink))));
  yield `## On the GPU

${name}, by WebGPU in Node.js. A step of each optimizer, of which many were submitted at once, and the share of
what a plain copy streams on the same device: bytes read and written in a second, of the copy's. The
goal: 85 % from 1.6e7 numbers on.

${table([["numbers", "copy", "AdamW", "share", "SGD with momentum", "share"], ...rows])}

AdamW's step of ${TENSORS} tensors of 1,000 numbers takes ${duration(many.many)}, of one with as many ${duration(many.one)}; the goal: at most
twice as long.

Muon's step, by its products alone, beside a plain tiled product of the same matrices:

${table([["matrix", "Muon", "GFLOP/s", "plain product", "GFLOP/s"], ...products])}`;
}

async function streams(device: GPUDevice, size: number): Promise<string[] | undefined> {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  if (BYTES * size > Math.min(maxBufferSize, maxStorageBufferBindingSize)) return undefined;
  const buffers = [0, 1].map(() => device.createBuffer({ size: BYTES * size, usage: USAGE }));
  const groups = Math.min(Math.ceil(size / 256), MOST_GROUPS);
  const params = [0, 1].map(() => new GPUParameter(device, { data: new Float32Array(size) }));
  const adamw = new torch.optim.AdamW([params[0]], { lr: 1e-3 });
  const sgd = new torch.optim.SGD([params[1]], { lr: 1e-3, momentum: 0.9 });
  const works = {
    copy: dispatcher(device, COPY, buffers, [groups, 1]),
    AdamW: () => void adamw.step(),
    SGD: () => void sgd.step(),
  };
  const times = await seconds(device, works, size > 1e8 ? 3 : 10);
  for (const each of [...buffers, ...params]) each.destroy();
  const share = (work: "AdamW" | "SGD") =>
    `${figures((100 * TRAFFIC[work] * times.copy) / (TRAFFIC.copy * times[work]))} %`;
  return [
    figures(size),
    duration(times.copy),
    duration(times.AdamW),
    share("AdamW"),
    duration(times.SGD),
    share("SGD"),
  ];
}

async function many_tensors(device: GPUDevice): Promise<Record<"many" | "one", number>> {
  const made = (count: number, length: number) => {
    const params = Array.from(
      { length: count },
      () => new GPUParameter(device, { data: new Float32Array(length) }),
    );
    const optimizer = new torch.optim.AdamW(params, { lr: 1e-3 });
    return () => void optimizer.step();
  };
  return seconds(device, { many: made(TENSORS, 1000), one: made(1, 1000 * TENSORS) }, 20);
}

async function muon(device: GPUDevice, side: number): Promise<string[]> {
  const size = side * side;
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
  const param = new GPUParameter(device, { data, shape: [side, side] });
  param.grad?.set(data);
  const optimizer = new torch.optim.Muon([param], { lr: 1e-3 });
  const buffers = [0, 1, 2].map(() => device.createBuffer({ size: BYTES * size, usage: USAGE }));
  const groups = Math.ceil(side / 16);
  const works = {
    muon: () => void optimizer.step(),
    product: dispatcher(device, PRODUCT, buffers, [groups, groups]),
  };
  const times = await seconds(device, works, 3);
  for (const each of [...buffers, param]) each.destroy();
  const rate = (products: number, time: number) => figures((products * 2 * side ** 3) / time / 1e9);
  return [
    `${side} × ${side}`,
    duration(times.muon),
    rate(PRODUCTS, times.muon),
    duration(times.product),
    rate(1, times.product),
  ];
}
