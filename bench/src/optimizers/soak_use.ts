/** Prints what a million steps do to the memory; Node.js must expose its gc. */
import * as torch from "torch-optim";
import { noise } from "./workload.ts";

export interface Soak {
  readonly steps: number;
  /** Bytes in use beyond those before. */
  readonly heap: number;
  readonly resident: number;
}

const STEPS = 1_000_000;
const WARM_UP = 100_000;
const SHAPES = [[16, 16], [16], [16, 10], [10]];

const options = { lr: 0.1, ...(process.argv[2] === "SGD" ? { momentum: 0.9 } : {}) };
const params = SHAPES.map((shape) => {
  const size = shape.reduce((product, n) => product * n, 1);
  return new torch.Parameter(noise(size), shape);
});
const grads = params.map(({ data }) => noise(data.length));
const optimizer =
  process.argv[2] === "SGD"
    ? new torch.optim.SGD(params, options)
    : new torch.optim.AdamW(params, options);
const warmup = new torch.optim.LinearLR(optimizer, { total_iters: WARM_UP });
const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: STEPS });
const scheduler = new torch.optim.SequentialLR(optimizer, {
  schedulers: [warmup, cosine],
  milestones: [WARM_UP],
});

function train(steps: number): void {
  for (let k = 0; k < steps; k++) {
    for (let i = 0; i < params.length; i++) params[i].grad = grads[i];
    optimizer.step();
    scheduler.step();
    optimizer.zero_grad();
  }
}

function used() {
  if (!globalThis.gc) throw new Error("run it with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  return { heap, resident };
}

train(2 * WARM_UP);
const before = used();
train(STEPS);
const after = used();
const soak: Soak = {
  steps: STEPS,
  heap: after.heap - before.heap,
  resident: after.resident - before.resident,
};
console.log(JSON.stringify(soak));
