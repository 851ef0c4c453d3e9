import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { GPUParameter, read_state_dict, resize } from "../../src/webgpu/index.ts";
import { numbers, on_gpu, request_device, strict_device } from "./gpu.ts";

/** What AdamW remembers of a parameter. */
interface Moments {
  readonly step: number;
  readonly exp_avg: torch.FloatArray;
  readonly exp_avg_sq: torch.FloatArray;
}

/** States what can be done with parameters on a GPU, once WebGPU has been started. */
export function test_gpu(start: () => unknown): void {
  let device: GPUDevice;

  beforeAll(async () => {
    await start();
    device = await strict_device();
  });

  describe("buffers", () => {
    const buffer_of = (values: Float32Array, usage = 0) => {
      const size = Math.max(4, values.byteLength);
      const all = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      const buffer = device.createBuffer({ size, usage: usage || all });
      if (!usage || usage & GPUBufferUsage.COPY_DST) device.queue.writeBuffer(buffer, 0, values);
      return buffer;
    };

    test("may be the user's own, or ranges of one", async () => {
      const values = numbers(128, 1);
      const both = buffer_of(values);
      const param = new GPUParameter(device, {
        data: { buffer: both, offset: 0, size: 256 },
        shape: [8, 8],
      });
      param.grad = { buffer: both, offset: 256, size: 256 };
      new torch.optim.SGD([param], { lr: 0.5 }).step();
      const wanted = Array.from(values.subarray(0, 64), (x, i) =>
        expect.closeTo(x - 0.5 * values[64 + i], 6),
      );
      expect(Array.from(await param.read())).toEqual(wanted);
    });

    test("whose gradients stand elsewhere in their buffer than its data", async () => {
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      const [data, grads] = [0, 1].map(() => device.createBuffer({ size: 1024, usage }));
      const params = [0, 256].map((offset, i) => {
        const param = new GPUParameter(device, { data: { buffer: data, offset, size: 256 } });
        param.grad = { buffer: grads, offset: 2 * offset, size: 256 };
        param.grad?.fill(i + 1);
        return param;
      });
      new torch.optim.SGD(params, { lr: 1 }).step();
      for (const [i, param] of params.entries()) {
        expect(Array.from(await param.read())).toEqual(Array(64).fill(-1 - i));
      }
    });

    test("are refused by their usage, offset and size", () => {
      const make = (data: unknown, shape?: number[]) => () =>
        new GPUParameter(device, { data: data as GPUBuffer, shape });
      const buffer = buffer_of(numbers(128, 1));
      expect(make(buffer_of(numbers(4, 1), GPUBufferUsage.COPY_DST))).toThrow(
        "GPUParameter: data must be a buffer with the usage STORAGE, got usage 8",
      );
      expect(make({ buffer, offset: 4 })).toThrow(
        "GPUParameter: data.offset must be a multiple of 256, got 4",
      );
      expect(make(buffer, [200])).toThrow(
        "GPUParameter: data.size must be at least 800 bytes, a multiple of 4, got 512",
      );
      expect(make(new Float64Array(2))).toThrow("GPUParameter: data must be in float32");
      expect(make(buffer, [3, -1])).toThrow("GPUParameter: shape must be");
      const param = new GPUParameter(device, { data: [1, 2] });
      expect(() => {
        param.grad = [1, 2] as unknown as GPUBuffer;
      }).toThrow("GPUParameter: grad must be a GPUBuffer, a range of one or null, got [1, 2]");
      param.destroy();
      expect(() => new torch.optim.SGD([param]).step()).toThrow(
        "SGD: parameter 0 of group 0 was destroyed",
      );
    });

    test("are written from a place on, and never beyond their end", async () => {
      const [param, neighbour] = [1, 2].map(
        () => new GPUParameter(device, { data: Array(64).fill(1) }),
      );
      param.data.set([2, 3], 62);
      param.data.set(neighbour.data, 0);
      param.data.set([4], 1);
      for (const [values, start] of [
        [Array(65).fill(7), 0],
        [[7], 64],
        [[7], -1],
        [[7], 0.5],
      ] as const) {
        expect(() => param.data.set(values, start)).toThrow(
          `GPUArray: start must be from 0 to ${64 - values.length}, to hold ${values.length} of 64 numbers, got ${start}`,
        );
      }
      expect([...(await param.read())].slice(0, 3)).toEqual([1, 4, 1]);
      expect(await neighbour.read()).toEqual(new Float32Array(64).fill(1));
    });

    test("larger than a binding are updated in ranges, and larger than a buffer refused", async () => {
      const small = await request_device();
      const limits = { maxStorageBufferBindingSize: 1100, maxBufferSize: 8192 };
      Object.defineProperty(small, "limits", { value: limits });
      const there = new GPUParameter(small, { data: numbers(1000, 1) });
      const here = new torch.Parameter(numbers(1000, 1));
      there.grad?.set(numbers(1000, 2));
      here.grad = numbers(1000, 2);
      const norm = torch.nn.utils.clip_grad_norm_(there, 1);
      expect(await norm.read()).toBeCloseTo(torch.nn.utils.clip_grad_norm_(here, 1), 4);
      new torch.optim.AdamW([there, here], { lr: 0.1 }).step();
      const close = Array.from(here.data, (x) => expect.closeTo(x, 6));
      expect(Array.from(await there.read())).toEqual(close);
      expect(() => new GPUParameter(small, { data: new Float32Array(3000) })).toThrow(
        "GPUParameter: data must be at most 8192 bytes on this device " +
          "(ask for a larger maxBufferSize in requestDevice), got 12000",
      );
    });

    test("by norms that are read late, each its own", async () => {
      const norms = [3, 4, 5].map((size) => {
        const [param] = on_gpu(device, [[0]]);
        param.grad?.fill(size);
        return torch.nn.utils.clip_grad_norm_(param, 1);
      });
      expect(await Promise.all(norms.map((norm) => norm.read()))).toEqual([3, 4, 5]);
    });

    test("of a lost device reject with a sentence, and another device goes on", async () => {
      const lost = await request_device();
      const param = new GPUParameter(lost, { data: [1, 2], shape: [2, 1] });
      const optimizer = new torch.optim.SGD([param], { lr: 0.5, momentum: 0.9 });
      param.grad?.set([1, 1]);
      optimizer.step();
      const state = await read_state_dict(optimizer);
      const values = await param.read();
      lost.destroy();
      await expect(param.read()).rejects.toThrow(
        /^GPUParameter of shape \[2, 1\]: its values cannot be read: its device was lost/,
      );
      const again = new GPUParameter(device, { data: values, shape: [2, 1] });
      const goes_on = new torch.optim.SGD([again], { lr: 0.5, momentum: 0.9 });
      goes_on.load_state_dict(state);
      again.grad?.set([1, 1]);
      goes_on.step();
      expect(Array.from(await again.read(), (x) => x.toFixed(4))).toEqual(["-0.4500", "0.5500"]);
    });

    test("are refused by LBFGS, which needs the CPU", () => {
      const param = new GPUParameter(device, { data: [1, 2] });
      expect(() => new torch.optim.LBFGS([param])).toThrow(
        "LBFGS: parameter 0 of group 0 must stand in JavaScript's memory",
      );
    });

    test("of parameters here and there are updated by one optimizer", async () => {
      const there = new GPUParameter(device, { data: [1, 2] });
      const here = new torch.Parameter(new Float32Array([1, 2]));
      there.grad?.set([1, 1]);
      here.grad = [1, 1];
      const optimizer = new torch.optim.SGD([there, here], { lr: 0.5, momentum: 0.9 });
      optimizer.step();
      expect(Array.from(await there.read())).toEqual(Array.from(here.data));
      optimizer.zero_grad();
      expect(Array.from((await there.grad?.read()) ?? [])).toEqual([0, 0]);
      expect(here.grad).toBeNull();
      optimizer.zero_grad({ set_to_none: true });
      expect(there.grad).toBeNull();
    });
  });

  describe("gradients are clipped on the device", () => {
    const { clip_grad_norm_, clip_grad_value_ } = torch.nn.utils;

    test.each([1, 2, 3, Infinity])("by their norm of order %s", async (norm_type) => {
      for (const max_norm of [0.1, 1e6]) {
        const rows = [numbers(70_000, 1), numbers(3, 2), numbers(0, 3)];
        const there = on_gpu(device, rows);
        const here = rows.map((row) => new torch.Parameter(row));
        for (const [i, row] of rows.entries()) {
          there[i].grad?.set(row);
          here[i].grad = row;
        }
        const norm = clip_grad_norm_(there, max_norm, { norm_type });
        const wanted = clip_grad_norm_(here, max_norm, { norm_type });
        expect(Math.abs((await norm.read()) / wanted - 1)).toBeLessThan(1e-5);
        for (const [i, { grad }] of there.entries()) {
          const close = Array.from(here[i].grad ?? [], (x) => expect.closeTo(x, 6));
          expect(Array.from((await grad?.read()) ?? [])).toEqual(close);
        }
      }
    });

    test("to nothing but NaN where one of them is infinite", async () => {
      const [param] = on_gpu(device, [[1, 2]]);
      param.grad?.set([1, Infinity]);
      expect(await clip_grad_norm_(param, 1).read()).toBe(Infinity);
      expect(Array.from((await param.grad?.read()) ?? [])).toEqual([0, Number.NaN]);
    });

    test("by their values", async () => {
      const [param] = on_gpu(device, [[1, 2, 3, 4]]);
      param.grad?.set([-3, 0.25, Number.NaN, 3]);
      clip_grad_value_(param, 0.5);
      expect(Array.from((await param.grad?.read()) ?? [])).toEqual([-0.5, 0.25, Number.NaN, 0.5]);
    });

    test("but not with those of parameters here, nor with a check of what no one has read", () => {
      const [there] = on_gpu(device, [[1]]);
      const both = [there, new torch.Parameter([1])] as unknown as GPUParameter[];
      expect(() => clip_grad_norm_(both, 1)).toThrow(
        "clip_grad_norm_: parameter 1 must stand where those before it do",
      );
      expect(() => clip_grad_norm_(there, 1, { error_if_nonfinite: true })).toThrow(
        "clip_grad_norm_: error_if_nonfinite must be false on a GPU, got true",
      );
    });
  });

  test.each([
    ["equally", undefined],
    ["exponentially", torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)],
  ])("parameters are averaged on the device: %s", async (_, multi_avg_fn) => {
    const { AveragedModel } = torch.optim.swa_utils;
    const there = on_gpu(device, [numbers(300, 1), numbers(2, 2)]);
    const here = [numbers(300, 1), numbers(2, 2)].map((row) => new torch.Parameter(row));
    const averaged = new AveragedModel(there, { multi_avg_fn });
    const wanted = new AveragedModel(here, { multi_avg_fn });
    for (let k = 0; k < 4; k++) {
      for (const [i, param] of here.entries()) {
        param.data.set(numbers(param.data.length, 10 * k + i));
        there[i].data.set(param.data);
      }
      averaged.update_parameters(there);
      wanted.update_parameters(here);
    }
    const state = JSON.parse(JSON.stringify(await read_state_dict(averaged)));
    const close = wanted.averages.map((own) => Array.from(own, (x) => expect.closeTo(x, 6)));
    expect(state).toEqual({ n_averaged: 4, averages: close });
    const again = new AveragedModel(there, { multi_avg_fn });
    again.load_state_dict(state);
    const values = await there[0].read();
    again.swap();
    expect(Array.from(await there[0].read())).toEqual(close[0]);
    expect((await read_state_dict(again)).averages).toEqual(close);
    again.swap();
    expect(await there[0].read()).toEqual(values);
  });

  describe("a parameter is resized", () => {
    const start = [1, 2, 3, 4, 5, 6, 7, 8];
    const grad = [1, -1, 2, -2, 3, -3, 4, -4];
    const rows_of = (values: ArrayLike<number>, keep: number[], added: number) => [
      ...keep.flatMap((row) => [values[2 * row], values[2 * row + 1]]),
      ...Array(2 * added).fill(0),
    ];

    test.each([
      [[3, 0], 2],
      [[0, 1, 2, 3], 1],
      [[2], 0],
      [[], 3],
    ])("to its rows %s and %s more, with what optimizers remember", async (keep, add) => {
      const param = new GPUParameter(device, { data: start, shape: [4, 2] });
      const neighbour = new GPUParameter(device, { data: start });
      const optimizer = new torch.optim.AdamW([param, neighbour], { lr: 0.1 });
      const here = new torch.Parameter(Float32Array.from(start), [4, 2]);
      const before = new torch.optim.AdamW([here], { lr: 0.1 });
      param.grad?.set(grad);
      neighbour.grad?.set(grad);
      here.grad = grad;
      optimizer.step();
      before.step();

      resize(param, { keep, add });
      const count = keep.length + add;
      expect(param.shape).toEqual([count, 2]);
      expect(param.grad?.length).toBe(2 * count);
      const moved = new torch.Parameter(Float32Array.from(rows_of(here.data, keep, add)));
      const after = new torch.optim.AdamW([moved], { lr: 0.1 });
      const state = before.state.get(here) as Moments;
      after.state.set(moved, {
        step: state.step,
        exp_avg: Float32Array.from(rows_of(state.exp_avg, keep, add)),
        exp_avg_sq: Float32Array.from(rows_of(state.exp_avg_sq, keep, add)),
      });
      const next = numbers(2 * count, 5);
      param.grad?.set(next);
      moved.grad = next;
      here.grad = grad;
      optimizer.step();
      after.step();
      before.step();
      const close = (values: ArrayLike<number>) => Array.from(values, (x) => expect.closeTo(x, 5));
      expect(Array.from(await param.read())).toEqual(close(moved.data));
      expect(Array.from(await neighbour.read())).toEqual(close(here.data));
    });

    test("from a buffer of the user's own to one beside its state", async () => {
      const buffer = device.createBuffer({
        size: 32,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      });
      device.queue.writeBuffer(buffer, 0, Float32Array.from(start));
      const param = new GPUParameter(device, { data: buffer, shape: [4, 2] });
      resize(param, { keep: Uint32Array.of(1, 3), add: 1 });
      expect(Array.from(await param.read())).toEqual([3, 4, 7, 8, 0, 0]);
    });

    test("and its gradient is one beside it, of zeros, in place of one of the user's", async () => {
      const param = new GPUParameter(device, { data: start, shape: [4, 2] });
      param.grad?.set(grad);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const count = () => [...param.arrays()].length;
      for (let k = 0; k < 3; k++) {
        param.grad = device.createBuffer({ size: 32, usage });
        resize(param);
        expect(count()).toBe(4);
      }
      expect(await param.grad?.read()).toEqual(new Float32Array(8));
      expect(Array.from(await param.read())).toEqual(start);
    });

    test("but not where nothing can be, nor to more than a binding holds", async () => {
      const scalar = new GPUParameter(device, { data: [1], shape: [] });
      expect(() => resize(scalar)).toThrow(
        "resize: the parameter's shape must be that of rows, got []",
      );
      const gone = new GPUParameter(device, { data: [1] });
      gone.destroy();
      expect(() => resize(gone)).toThrow("resize: the parameter was destroyed");
      const small = await request_device();
      Object.defineProperty(small, "limits", {
        value: { maxStorageBufferBindingSize: 1100, maxBufferSize: 8192 },
      });
      const param = new GPUParameter(small, { data: Array(270).fill(1), shape: [27, 10] });
      expect(() => resize(param, { add: 1 })).toThrow(
        "resize: a parameter, before and after, must be at most 1100 bytes on this device " +
          "(ask for a larger maxStorageBufferBindingSize in requestDevice), got 1120",
      );
      expect(await param.read()).toEqual(new Float32Array(270).fill(1));
    });

    test("but not to rows that are not there", () => {
      const param = new GPUParameter(device, { data: start, shape: [4, 2] });
      expect(() => resize(param, { keep: [0, 4] })).toThrow(
        "resize: keep[1] must be a whole number from 0 to 3, got 4",
      );
      expect(() => resize(param, { add: -1 })).toThrow("resize: add must be");
      expect(() => resize(param, { keep: 3 as unknown as number[] })).toThrow(
        "resize: keep must be a list of rows, got 3",
      );
      expect(param.shape).toEqual([4, 2]);
    });
  });
}
