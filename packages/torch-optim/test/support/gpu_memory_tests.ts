import { beforeAll, describe, expect, test, vi } from "vitest";
import * as torch from "../../src/index.ts";
import { GPUParameter, resize } from "../../src/webgpu/index.ts";
import { count_bytes, own_devices } from "./gpu.ts";

/** States how much is asked of a device: its memory, and its time. */
export function test_gpu_memory(start: () => unknown): void {
  let device: GPUDevice;

  beforeAll(start);
  const take_device = own_devices((own) => {
    device = own;
  });

  describe("device memory is freed at once", () => {
    test("of what an optimizer remembers, and it begins anew", async () => {
      await take_device();
      const params = [100, 7].map((n) => new GPUParameter(device, { data: Array(n).fill(1) }));
      for (const param of params) param.grad?.fill(1);
      const optimizer = new torch.optim.AdamW(params, { lr: 0.1, weight_decay: 0 });
      const count = count_bytes(device);
      for (let round = 0; round < 3; round++) {
        optimizer.step();
        optimizer.destroy();
        // The tables of a step stay.
        expect(count.live).toBeLessThan(1000);
      }
      expect(optimizer.state.size).toBe(0);
      // The first step of Adam goes lr far.
      for (const param of params) expect((await param.read())[0]).toBeCloseTo(0.7, 5);
    });

    test("but not of another optimizer's, nor what is zero for the next", async () => {
      await take_device();
      const param = new GPUParameter(device, { data: [1, 1] });
      param.grad?.fill(1);
      const first = new torch.optim.SGD([param], { lr: 0.1, momentum: 0.5 });
      const second = new torch.optim.SGD([param], { lr: 0.1, momentum: 0.5 });
      first.step();
      second.step();
      first.destroy();
      second.step();
      first.step();
      expect((await param.read())[0]).toBeCloseTo(1 - 0.1 - 0.1 - 0.15 - 0.1, 5);
    });

    test("of what a state that is taken up replaces, and of averages", async () => {
      await take_device();
      const param = new GPUParameter(device, { data: Array(100).fill(1), shape: [100] });
      const optimizer = new torch.optim.Adam([param]);
      const fresh = optimizer.state_dict();
      optimizer.step();
      const count = count_bytes(device);
      for (let round = 0; round < 10; round++) {
        optimizer.load_state_dict(fresh);
        optimizer.step();
        const averaged = new torch.optim.swa_utils.AveragedModel([param]);
        averaged.update_parameters([param]);
        averaged.destroy();
        expect(count.live).toBeLessThan(4e6);
      }
    });

    test("of parameters that come and go, and of rows that do", async () => {
      await take_device();
      const count = count_bytes(device);
      const stays = new GPUParameter(device, { data: new Float32Array(10_000), shape: [5000, 2] });
      const optimizer = new torch.optim.Adam([stays]);
      optimizer.step();
      const before = count.live;
      for (let round = 0; round < 100; round++) {
        const comes = new GPUParameter(device, { data: new Float32Array(50_000) });
        new torch.optim.Adam([comes]).step();
        comes.destroy();
        resize(stays, { keep: Array.from({ length: 4999 }, (_, i) => i + 1), add: 1 });
        optimizer.step();
        expect(count.live).toBeLessThan(3 * before);
      }
    });

    test("of what Muon computes with, and of one of its parameters", async () => {
      await take_device();
      const shape = [40, 30];
      const data = Float32Array.from({ length: 1200 }, (_, i) => Math.sin(i));
      const params = [0, 1].map(() => new GPUParameter(device, { data, shape }));
      for (const param of params) param.grad?.set(data);
      const optimizer = new torch.optim.Muon(params, { lr: 0.1 });
      const count = count_bytes(device);
      optimizer.step();
      params[0].destroy();
      const one = new torch.optim.Muon([params[1]], { lr: 0.1 });
      const here = new torch.Parameter(await params[1].read(), shape);
      here.grad = data;
      one.step();
      new torch.optim.Muon([here], { lr: 0.1 }).step();
      expect(Array.from(await params[1].read())).toEqual(
        Array.from(here.data, (x) => expect.closeTo(x, 2)),
      );
      one.destroy();
      optimizer.destroy();
      // The tables of a step stay, half of what was computed with.
      expect(count.live).toBeLessThan(30_000);
    });
  });

  test("gradients are cleared by one submit", async () => {
    await take_device();
    const params = Array.from(
      { length: 200 },
      (_, n) => new GPUParameter(device, { data: Array(n).fill(1) }),
    );
    const optimizer = new torch.optim.SGD(params);
    for (const { grad } of params) grad?.fill(1);
    const submit = vi.spyOn(device.queue, "submit");
    optimizer.zero_grad();
    expect(submit).toHaveBeenCalledTimes(1);
    submit.mockRestore();
    for (const n of [1, 64, 65, 199]) {
      expect(await params[n].grad?.read()).toEqual(new Float32Array(n));
    }
  });

  test("200 gradients are clipped by three dispatches", async () => {
    await take_device();
    const params = Array.from(
      { length: 200 },
      (_, n) => new GPUParameter(device, { data: Array(n).fill(1) }),
    );
    for (const { grad } of params) grad?.fill(0.5);
    const bind = vi.spyOn(device, "createBindGroup");
    const norm = torch.nn.utils.clip_grad_norm_(params, 1);
    expect(bind).toHaveBeenCalledTimes(3);
    bind.mockRestore();
    // The sum of all squares.
    const wanted = Math.sqrt((199 * 200) / 2) / 2;
    expect(await norm.read()).toBeCloseTo(wanted, 3);
    for (const n of [1, 64, 65, 199]) {
      const scaled = [...((await params[n].grad?.read()) ?? [])];
      expect(scaled).toEqual(Array(n).fill(expect.closeTo(0.5 / wanted, 6)));
    }
  });

  test("matrices that must be bound whole are refused by what a binding holds", async () => {
    await take_device();
    Object.defineProperty(device, "limits", {
      value: { maxStorageBufferBindingSize: 1100, maxBufferSize: 8192 },
    });
    const param = new GPUParameter(device, { data: new Float32Array(300), shape: [30, 10] });
    for (const optimizer of ["Muon", "Adafactor"] as const) {
      expect(() => new torch.optim[optimizer]([param])).toThrow(
        `${optimizer}: parameter 0 of group 0: data must be at most 1100 bytes on this device ` +
          "(ask for a larger maxStorageBufferBindingSize in requestDevice), got 1200",
      );
    }
  });

  test("sums of rows and columns are not resized, but forgotten", async () => {
    await take_device();
    const param = new GPUParameter(device, { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] });
    const optimizer = new torch.optim.Adafactor([param]);
    param.grad?.fill(1);
    optimizer.step();
    expect(() => resize(param, { keep: [0] })).toThrow(
      "resize: a parameter of which Adafactor remembers sums of rows and columns cannot be resized",
    );
    expect(param.shape).toEqual([3, 2]);
    optimizer.destroy();
    resize(param, { keep: [0], add: 1 });
    optimizer.step();
    expect((await param.read()).length).toBe(4);
  });
}
