import { beforeAll, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { encode, encode_step, GPUParameter, read_state_dict } from "../../src/webgpu/index.ts";
import { numbers, on_gpu, strict_device } from "./gpu.ts";

/** States how steps are encoded and states are read, once WebGPU has been started. */
export function test_gpu_states(start: () => unknown): void {
  let device: GPUDevice;

  beforeAll(async () => {
    await start();
    device = await strict_device();
  });

  test("a step is written into a command encoder in the order of its commands", async () => {
    const param = new GPUParameter(device, { data: [1, 2] });
    param.grad?.set([1, 1]);
    const optimizer = new torch.optim.SGD([param], { lr: 0.5 });
    const encoder = device.createCommandEncoder();
    encode_step(optimizer, encoder);
    optimizer.param_groups[0].lr = 0.25;
    encode_step(optimizer, encoder);
    expect(Array.from(await param.read())).toEqual([1, 2]);
    device.queue.submit([encoder.finish()]);
    expect(Array.from(await param.read())).toEqual([0.25, 1.25]);
  });

  test("steps of several optimizers, clipping and clearing are written into one command encoder", async () => {
    const one = new GPUParameter(device, { data: [1, 1] });
    const many = Array.from({ length: 100 }, () => new GPUParameter(device, { data: [1, 1] }));
    for (const { grad } of [one, ...many]) grad?.set([3, 4]);
    const small = new torch.optim.SGD([one], { lr: 0.5 });
    // Options of their own, so that its table is longer than all before.
    const groups = many.map((param, i) => ({ params: [param], lr: 0.5 + i / 1000 }));
    const large = new torch.optim.SGD(groups, { momentum: 0.9 });
    const encoder = device.createCommandEncoder();
    encode(device, encoder, () => {
      torch.nn.utils.clip_grad_norm_(one, 1);
      small.step();
      small.zero_grad();
    });
    encode_step(large, encoder);
    large.step();
    expect(await one.grad?.read()).toEqual(Float32Array.of(3, 4));
    device.queue.submit([encoder.finish()]);
    expect(Array.from(await one.read(), (x) => x.toFixed(3))).toEqual(["0.700", "0.600"]);
    expect(await one.grad?.read()).toEqual(new Float32Array(2));
    // Two steps, of which the second has the momentum of the first.
    const last = Array.from(await many[99].read(), (x) => x.toFixed(3));
    expect(last).toEqual([1 - 0.599 * 3 * 2.9, 1 - 0.599 * 4 * 2.9].map((x) => x.toFixed(3)));
    expect(() => encode_step(small, undefined as unknown as GPUCommandEncoder)).toThrow(
      "encode: encoder must be a GPUCommandEncoder, got undefined",
    );
  });

  test("a state may be asked for before an encoded step is submitted", async () => {
    const param = new GPUParameter(device, { data: numbers(12, 1), shape: [3, 4] });
    param.grad?.set(numbers(12, 2));
    const here = new torch.Parameter(numbers(12, 1), [3, 4]);
    here.grad = numbers(12, 2);
    const [optimizer, wanted] = [param, here].map((each) => new torch.optim.Adafactor([each]));
    const encoder = device.createCommandEncoder();
    encode_step(optimizer, encoder);
    const state = await read_state_dict(optimizer);
    device.queue.submit([encoder.finish()]);
    wanted.step();
    expect(state.state[0].row_var).toEqual([0, 0, 0]);
    const close = Array.from(here.data, (x) => expect.closeTo(x, 5));
    expect(Array.from(await param.read())).toEqual(close);
  });

  test("a state is what it was when it was asked for, however many ask", async () => {
    const [param] = on_gpu(device, [[1, 2]]);
    param.grad?.set([1, 1]);
    const optimizer = new torch.optim.Adam([param], { lr: 0.1 });
    optimizer.step();
    const asked = [read_state_dict(optimizer), read_state_dict(optimizer)];
    optimizer.param_groups[0].lr = 0.5;
    optimizer.step();
    const late = read_state_dict(optimizer);
    optimizer.destroy();
    for (const state of await Promise.all(asked)) {
      expect(state.param_groups[0].lr).toBe(0.1);
      const close = (x: number) => [expect.closeTo(x, 6), expect.closeTo(x, 6)];
      expect(state.state[0]).toEqual({ step: 1, exp_avg: close(0.1), exp_avg_sq: close(0.001) });
    }
    expect((await late).state[0].step).toBe(2);
  });

  test("a state has zeros for an option that is on since, and of a diverged run it comes back", async () => {
    const [param] = on_gpu(device, [[1, 2]]);
    param.grad?.set([Number.NaN, 1]);
    const optimizer = new torch.optim.Adam([param], { lr: 0.1 });
    optimizer.step();
    optimizer.param_groups[0].amsgrad = true;
    const arrays = [...param.arrays()].length;
    const state = await read_state_dict(optimizer);
    expect(state.state[0].max_exp_avg_sq).toEqual([0, 0]);
    expect([...param.arrays()]).toHaveLength(arrays);
    const again = new torch.optim.Adam([param], { amsgrad: true });
    again.load_state_dict(state);
    expect((await read_state_dict(again)).state).toEqual(state.state);
  });

  test("a state goes from the GPU to the CPU and back, and training goes on", async () => {
    const rows = [numbers(100, 1), numbers(3, 2)];
    const make = (params: readonly object[]) =>
      new torch.optim.Rprop(params as torch.Parameter[], { lr: 0.1 });
    const there = on_gpu(device, rows);
    const first = make(there);
    const grads = (k: number) => rows.map((row, i) => numbers(row.length, 10 * k + i));
    const train = (params: readonly object[], optimizer: torch.optim.Optimizer, k: number) => {
      for (const [i, param] of params.entries()) {
        if (param instanceof GPUParameter) param.grad?.set(grads(k)[i]);
        else (param as torch.Parameter).grad = grads(k)[i];
      }
      optimizer.step();
    };
    for (let k = 0; k < 3; k++) train(there, first, k);
    expect(() => first.state_dict()).toThrow("read_state_dict");
    const state = JSON.parse(JSON.stringify(await read_state_dict(first)));
    const values = await Promise.all(there.map((param) => param.read()));

    const here = values.map((row) => new torch.Parameter(row));
    const second = make(here);
    second.load_state_dict(state);
    const again = on_gpu(device, values);
    const third = make(again);
    third.load_state_dict(JSON.parse(JSON.stringify(second.state_dict())));
    const optimizers = [first, second, third];
    for (let k = 3; k < 6; k++) {
      for (const [i, params] of [there, here, again].entries()) train(params, optimizers[i], k);
    }
    for (const [i, param] of here.entries()) {
      const wanted = Array.from(param.data, (x) => expect.closeTo(x, 6));
      expect(Array.from(await there[i].read())).toEqual(wanted);
      expect(Array.from(await again[i].read())).toEqual(wanted);
    }
  });
}
