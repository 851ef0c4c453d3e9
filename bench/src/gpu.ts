import * as torch from "torch-optim";
import { GPUParameter } from "torch-optim/webgpu";
import { WORK } from "./frameworks/work.ts";
import { find_gpu } from "./gpu/device.ts";
import { COPY, dispatcher, PRODUCT, seconds } from "./gpu/kernels.ts";
import { median, ratio } from "./measure.ts";
import type { PyTorch } from "./pytorch.ts";
import { duration, figures, table, times } from "./report.ts";

const SIZES = [1e6, 1.6e7, 2.5e8];
/** The sides of Muon's matrices. */
const SIDES = [1000, 4096];
const TENSORS = 200;
const BYTES = 4;
/** Products in a step of Muon, of square matrices: three in each of five iterations. */
const PRODUCTS = 15;
const MOST_GROUPS = 65_535;
/** `STORAGE`, by WebGPU's number: its names are there once it has been started. */
const USAGE = 0x80;
/** Steps that are submitted before one waits for them, and fewer of long ones. */
const MANY = 50;
const FEW = 10;

/** The optimizers that stream, and the numbers that they read and write for each of a parameter's. */
const STREAMING = {
  AdamW: { traffic: 7, options: { lr: 1e-3 } },
  SGD: { traffic: 5, options: { lr: 1e-3, momentum: 0.9 } },
} as const;
const COPIED = 2;

/** What else is called in a training step, and the numbers that it must read and write at least. */
const OTHERS: readonly (readonly [
  name: string,
  traffic: number,
  make: (param: GPUParameter) => () => unknown,
])[] = [
  [
    "Adafactor.step()",
    6,
    (param) => {
      const optimizer = new torch.optim.Adafactor([param]);
      return () => optimizer.step();
    },
  ],
  [
    "AveragedModel.update_parameters()",
    3,
    (param) => {
      const averaged = new torch.optim.swa_utils.AveragedModel([param]);
      return () => averaged.update_parameters([param]);
    },
  ],
  // So small a norm is always reached.
  ["clip_grad_norm_()", 3, (param) => () => torch.nn.utils.clip_grad_norm_([param], 1e-30)],
];

/** For trying the benchmark itself where there is no GPU, with sizes that a processor can do. */
const IN_SOFTWARE = process.env.BENCH_GPU_IN_SOFTWARE === "1";
const SHRINK = IN_SOFTWARE ? 1000 : 1;

/** The optimizers on the machine's GPU, beside what it copies and beside PyTorch's in the same run. */
export async function* gpu(pytorch?: PyTorch): AsyncGenerator<string> {
  const found = await find_gpu(IN_SOFTWARE);
  if (!found) {
    yield "## On the GPU\n\nSkipped: this machine has no GPU that Node.js finds.";
    return;
  }
  const { device, name } = found;
  yield `## On the GPU

${name}, by WebGPU in Node.js, and PyTorch's fused kernels on the same device where it has them.

### Steps on the GPU

The time of a step, of which ${MANY} were submitted at once, or ${FEW} of the longest, and the share of what a plain copy
streams on the same device: bytes read and written in a second, of the copy's. The goal: 85 % from 1.6e7
parameters on. With a million, what is measured is how fast steps are submitted.

${await streams(device, pytorch)}

### Beside a step on the GPU

What else a training step calls, with ${figures(SIZES[1])} numbers; the share counts the bytes that must be read and
written at least.

${await others(device)}

### Many tensors on the GPU

AdamW's step of ${TENSORS} tensors of 1,000 numbers beside one with as many; the goal: at most twice as long.

${await many_tensors(device, pytorch)}

### Muon on the GPU

A step of a square matrix, by its products alone, of which it leaves out what is symmetric, beside a plain tiled
product of the same matrices in float32. PyTorch multiplies in bfloat16 by instructions that WebGPU does not have.

${await muons(device, pytorch)}

### TensorFlow.js on the GPU

\`tf.train.adam\` beside \`Adam\` of torch-optim-tfjs on the webgpu backend, each with the result read back.

${await in_tensorflow()}`;
}

/** What PyTorch takes for a step on the same device; nothing where it has none. */
async function on_cuda(
  pytorch: PyTorch | undefined,
  kind: string,
  options: object,
  shapes: readonly (readonly number[])[],
  repeats: number,
): Promise<string> {
  const args = { kind, options, shapes, repeats };
  const time = await pytorch?.call<number | null>("seconds_on_gpu", args);
  return time ? duration(time) : "–";
}

async function streams(device: GPUDevice, pytorch: PyTorch | undefined): Promise<string> {
  const rows = [
    ["optimizer", "parameters", "torch-optim", "a copy", "share of the copy", "PyTorch fused"],
  ];
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize) / BYTES;
  for (const size of SIZES.map((size) => size / SHRINK).filter((size) => size <= most)) {
    const repeats = size > 1e8 ? FEW : MANY;
    const copy = copying(device, size);
    const params = [0, 1].map(() => new GPUParameter(device, { data: new Float32Array(size) }));
    const adamw = new torch.optim.AdamW([params[0]], STREAMING.AdamW.options);
    const sgd = new torch.optim.SGD([params[1]], STREAMING.SGD.options);
    const works = {
      copy: copy.work,
      AdamW: () => void adamw.step(),
      SGD: () => void sgd.step(),
    };
    const taken = await seconds(device, works, repeats);
    for (const each of [copy, adamw, sgd, ...params]) each.destroy();
    for (const kind of ["AdamW", "SGD"] as const) {
      const { traffic, options } = STREAMING[kind];
      const fused = { ...options, fused: true };
      rows.push([
        kind === "SGD" ? "SGD, momentum" : kind,
        figures(size),
        duration(taken[kind]),
        duration(taken.copy),
        share(traffic, taken[kind], taken.copy),
        await on_cuda(pytorch, kind, fused, [[size]], repeats),
      ]);
    }
  }
  return table(rows);
}

async function others(device: GPUDevice): Promise<string> {
  const rows = [["call", "torch-optim", "share of the copy"]];
  const size = SIZES[1] / SHRINK;
  for (const [name, traffic, make] of OTHERS) {
    const param = new GPUParameter(device, {
      data: new Float32Array(size),
      shape: [size / 1000, 1000],
    });
    param.grad?.fill(1e-3);
    const copy = copying(device, size);
    const work = make(param);
    const taken = await seconds(device, { copy: copy.work, work: () => void work() }, MANY);
    for (const each of [copy, param]) each.destroy();
    rows.push([`\`${name}\``, duration(taken.work), share(traffic, taken.work, taken.copy)]);
  }
  return table(rows);
}

async function many_tensors(device: GPUDevice, pytorch: PyTorch | undefined): Promise<string> {
  const made = (count: number, length: number) => {
    const params = Array.from(
      { length: count },
      () => new GPUParameter(device, { data: new Float32Array(length) }),
    );
    const optimizer = new torch.optim.AdamW(params, { lr: 1e-3 });
    return () => void optimizer.step();
  };
  const taken = await seconds(
    device,
    { many: made(TENSORS, 1000), one: made(1, 1000 * TENSORS) },
    MANY,
  );
  const cuda = (shapes: readonly (readonly number[])[]) =>
    on_cuda(pytorch, "AdamW", { lr: 1e-3, fused: true }, shapes, MANY);
  return table([
    ["tensors", "torch-optim", "÷ one", "PyTorch fused"],
    ["1", duration(taken.one), "", await cuda([[1000 * TENSORS]])],
    [
      `${TENSORS}`,
      duration(taken.many),
      times(taken.many / taken.one),
      await cuda(Array(TENSORS).fill([1000])),
    ],
  ]);
}

async function muons(device: GPUDevice, pytorch: PyTorch | undefined): Promise<string> {
  const rows = [["matrix", "torch-optim", "GFLOP/s", "plain product", "GFLOP/s", "PyTorch"]];
  for (const each of SIDES) {
    const side = Math.round(each / Math.sqrt(SHRINK));
    const taken = await muon(device, side);
    const rate = (products: number, time: number) =>
      figures((products * 2 * side ** 3) / time / 1e9);
    rows.push([
      `${side} × ${side}`,
      duration(taken.muon),
      rate(PRODUCTS, taken.muon),
      duration(taken.product),
      rate(1, taken.product),
      await on_cuda(pytorch, "Muon", { lr: 1e-3 }, [[side, side]], FEW),
    ]);
  }
  return table(rows);
}

async function muon(device: GPUDevice, side: number): Promise<Record<"muon" | "product", number>> {
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
  const taken = await seconds(device, works, FEW);
  for (const each of [...buffers, optimizer, param]) each.destroy();
  return taken;
}

async function in_tensorflow(): Promise<string> {
  // It asks for WebGPU when it is imported.
  await import("@tensorflow/tfjs-backend-webgpu");
  const { inTensorFlow } = await import("./frameworks/tensorflow.ts");
  const measured = await inTensorFlow("webgpu", 15);
  return table([
    ["work", "theirs", "torch-optim", "torch-optim ÷ theirs"],
    ...measured.map(({ work, theirs, ours }) => [
      WORK[work],
      duration(median(theirs)),
      duration(median(ours)),
      times(ratio(ours, theirs)),
    ]),
  ]);
}

/** A plain copy of so many numbers. */
function copying(device: GPUDevice, size: number): { work: () => void; destroy: () => void } {
  const buffers = [0, 1].map(() => device.createBuffer({ size: BYTES * size, usage: USAGE }));
  const groups = Math.min(Math.ceil(size / 1024), MOST_GROUPS);
  return {
    work: dispatcher(device, COPY, buffers, [groups, 1]),
    destroy: () => {
      for (const buffer of buffers) buffer.destroy();
    },
  };
}

/** Of the bytes that a copy moves in a second. */
function share(traffic: number, time: number, copy_time: number): string {
  return `${figures((100 * traffic * copy_time) / (COPIED * time))} %`;
}
