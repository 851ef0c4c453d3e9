import { expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { GPUParameter } from "../../src/webgpu/index.ts";
import { count_bytes, request_device } from "../support/gpu.ts";

test("10,000 steps make no buffers, and no errors", async () => {
  const device = await request_device();
  const count = count_bytes(device);
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const params = [100, 3, 64].map((n) => new GPUParameter(device, { data: new Float32Array(n) }));
  const optimizer = new torch.optim.AdamW(params, { lr: 1e-3, weight_decay: 0 });
  const scheduler = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 10_000 });
  for (const param of params) param.grad?.fill(1);
  optimizer.step();
  const { live } = count;
  for (let k = 1; k < 10_000; k++) {
    scheduler.step();
    optimizer.step();
    // A queue of all steps at once is not what is asked.
    if (k % 100 === 0) await device.queue.onSubmittedWorkDone();
  }
  expect(count.live).toBe(live);
  // lr falls along a cosine, of which each step's mean is a half: so far do parameters go with one gradient.
  expect((await params[0].read())[0]).toBeCloseTo(-5, 1);
  expect(await device.popErrorScope()).toBeNull();
  expect(await device.popErrorScope()).toBeNull();
});

test("16 million numbers are the CPU's after three steps", async () => {
  const n = 16_000_003;
  const start = Float32Array.from({ length: n }, (_, i) => ((i * 7919) % 2001) / 1000 - 1);
  const device = await request_device();
  const there = new GPUParameter(device, { data: start });
  const here = new torch.Parameter(start);
  there.grad?.set(start);
  here.grad = start;
  const optimizer = new torch.optim.AdamW([there, here], { lr: 0.01 });
  for (let k = 0; k < 3; k++) optimizer.step();
  const found = await there.read();
  let worst = 0;
  for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(found[i] - here.data[i]));
  expect(worst).toBeLessThan(3e-6);
});
