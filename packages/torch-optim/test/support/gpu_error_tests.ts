import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { encode_step, GPUParameter, read_state_dict, resize } from "../../src/webgpu/index.ts";
import { own_devices, request_device } from "./gpu.ts";

const STORAGE = 0x80;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;

/** States what is made of a device's errors, once WebGPU has been started. */
export function test_gpu_errors(start: () => unknown): void {
  let device: GPUDevice;

  beforeAll(start);
  const take_device = own_devices((own) => {
    device = own;
  });

  /** A buffer of the user's with two numbers. */
  function own_buffer(on = device): GPUBuffer {
    const usage = STORAGE | COPY_SRC | COPY_DST;
    const buffer = on.createBuffer({ size: 8, usage, label: "mine" });
    on.queue.writeBuffer(buffer, 0, Float32Array.of(1, 2));
    return buffer;
  }

  describe("errors of a device name the parameter", () => {
    test("whose buffer was destroyed, when it is read and at the next step", async () => {
      await take_device();
      const buffer = own_buffer();
      const well = new GPUParameter(device, { data: [1, 2] });
      const param = new GPUParameter(device, { data: buffer });
      const optimizer = new torch.optim.SGD([well, param], { lr: 0.5 });
      buffer.destroy();
      optimizer.step();
      const step = () => optimizer.step();
      await expect(param.read()).rejects.toThrow(
        'GPUParameter of shape [2]: its values cannot be read: [Buffer "mine"] used in submit while destroyed.',
      );
      optimizer.step();
      expect(await well.read()).toEqual(Float32Array.of(1, 2));
      expect(step).toThrow(
        'SGD: parameter 1 of group 0 cannot be updated: [Buffer "mine"] used in submit while destroyed.',
      );
    });

    test("whose gradient is another device's, and it goes on with one of its own", async () => {
      await take_device();
      const param = new GPUParameter(device, { data: [1, 2] });
      const optimizer = new torch.optim.SGD([param], { lr: 0.5 });
      param.grad = own_buffer(await request_device());
      optimizer.step();
      await expect(param.read()).rejects.toThrow(
        /^GPUParameter of shape \[2\] was not updated: \[Buffer "mine"\] is associated with/,
      );
      param.grad = own_buffer();
      optimizer.step();
      expect(Array.from(await param.read())).toEqual([0.5, 1]);
    });

    test("and no other optimizer's, which goes on", async () => {
      await take_device();
      const bad = own_buffer();
      const broken = new torch.optim.SGD([new GPUParameter(device, { data: bad })]);
      const param = new GPUParameter(device, { data: [1, 2] });
      param.grad?.set([1, 1]);
      const well = new torch.optim.SGD([param], { lr: 0.5 });
      bad.destroy();
      broken.step();
      well.step();
      expect(await param.read()).toEqual(Float32Array.of(0.5, 1.5));
      well.step();
      expect(() => broken.step()).toThrow(
        /^SGD: parameter 0 of group 0 cannot be updated: \[Buffer/,
      );
    });

    test("whose gradient cannot be clipped, whose norm is none", async () => {
      await take_device();
      const param = new GPUParameter(device, { data: [1, 2] });
      const bad = own_buffer();
      param.grad = bad;
      bad.destroy();
      const norm = torch.nn.utils.clip_grad_norm_(param, 1);
      await expect(norm.read()).rejects.toThrow(
        'clip_grad_norm_: gradients cannot be clipped: [Buffer "mine"] used in submit while destroyed.',
      );
      param.destroy();
      expect(() => torch.nn.utils.clip_grad_norm_(param, 1)).toThrow(
        "clip_grad_norm_: parameter 0 was destroyed",
      );
    });

    test("that was resized in a buffer that was destroyed", async () => {
      await take_device();
      const buffer = own_buffer();
      const param = new GPUParameter(device, { data: buffer });
      buffer.destroy();
      resize(param, { add: 1 });
      const name =
        "GPUParameter of shape [3] was not updated: its rows could not be resized: [Buffer";
      await expect(param.read()).rejects.toThrow(name);
      expect(() => new torch.optim.SGD([param]).step()).toThrow(
        "SGD: parameter 0 of group 0 cannot be updated: its rows could not be resized: [Buffer",
      );
    });

    test("whose buffers have not the usage for what is asked of them", async () => {
      await take_device();
      const bare = (values: number[]) => {
        const buffer = device.createBuffer({ size: 8, usage: STORAGE, mappedAtCreation: true });
        new Float32Array(buffer.getMappedRange()).set(values);
        buffer.unmap();
        return buffer;
      };
      const param = new GPUParameter(device, { data: bare([1, 2]) });
      expect(() => new torch.optim.swa_utils.AveragedModel([param])).toThrow(
        "GPUArray.set: values' buffer must have the usage COPY_SRC, got usage 128",
      );
      expect(() => param.data.set([1, 2])).toThrow(
        "GPUArray.set: its buffer must have the usage COPY_DST, got usage 128",
      );
      // Steps and clearing ask for none.
      param.grad = bare([3, 4]);
      const other = new GPUParameter(device, { data: [1, 2] });
      other.grad?.fill(1);
      const optimizer = new torch.optim.SGD([param, other]);
      optimizer.zero_grad();
      optimizer.step();
      expect(await other.grad?.read()).toEqual(new Float32Array(2));
    });

    test("whose gradient has another length, or whose numbers are asked for one by one", async () => {
      await take_device();
      const [one, other] = [0, 1].map(() => new GPUParameter(device, { data: [1, 2] }));
      one.grad = other.grad;
      resize(other, { keep: [0] });
      expect(() => new torch.optim.SGD([one]).step()).toThrow(
        "SGD: parameter 0 of group 0: grad must have 2 values, got 1",
      );
      const multi_avg_fn: torch.optim.swa_utils.MultiAvgFn = ([average], [current]) => {
        for (let i = 0; i < average.length; i++) average[i] = current[i];
      };
      const averaged = new torch.optim.swa_utils.AveragedModel([other], { multi_avg_fn });
      averaged.update_parameters([other]);
      expect(() => averaged.update_parameters([other])).toThrow(
        "numbers on a GPU cannot be read or written one by one",
      );
      const here = new torch.Parameter([1]);
      expect(() => averaged.update_parameters([here])).toThrow(
        "AveragedModel: parameter 0 must stand where the one before it did",
      );
      expect(averaged.n_averaged).toBe(1);
    });

    test("and a step that was broken off is none of the next one's", async () => {
      await take_device();
      const param = new GPUParameter(device, { data: [1, 2] });
      const later = new GPUParameter(device, { data: [1, 2] });
      for (const { grad } of [param, later]) grad?.fill(1);
      class Half extends torch.optim.SGD {
        override update(...args: Parameters<torch.optim.SGD["update"]>): void {
          super.update(...args);
          throw new Error("broken off");
        }
      }
      expect(() => new Half([param]).step()).toThrow("broken off");
      const optimizer = new torch.optim.SGD([later], { lr: 1 });
      expect(() => encode_step(optimizer, { beginComputePass: 1 } as never)).toThrow();
      optimizer.zero_grad();
      optimizer.step();
      expect(await param.read()).toEqual(Float32Array.of(1, 2));
      expect(await later.read()).toEqual(Float32Array.of(1, 2));
    });

    test("whose buffer is mapped, until it is no more", async () => {
      await take_device();
      const usage = STORAGE | COPY_SRC;
      const buffer = device.createBuffer({ size: 8, usage, mappedAtCreation: true });
      new Float32Array(buffer.getMappedRange()).set([1, 2]);
      const param = new GPUParameter(device, { data: buffer });
      const optimizer = new torch.optim.SGD([param], { lr: 0.5 });
      param.grad?.set([1, 1]);
      optimizer.step();
      await param.grad?.read();
      buffer.unmap();
      expect(() => optimizer.step()).toThrow(/^SGD: parameter 0 of group 0 cannot .* mapped\.$/);
      optimizer.step();
      expect(Array.from(await param.read())).toEqual([0.5, 1.5]);
    });

    test("for which there is no memory, as long as there is none", async () => {
      await take_device();
      const create = device.createBuffer.bind(device);
      // More than any device has.
      device.createBuffer = (descriptor) => create({ ...descriptor, size: 2 ** 52 });
      const param = new GPUParameter(device, { data: new Float32Array(5_000_000) });
      device.createBuffer = create;
      const optimizer = new torch.optim.SGD([param]);
      await expect(param.read()).rejects.toThrow(
        /^GPUParameter of shape \[5000000\]: its values cannot be read: the device has no memory for 20000000 bytes \(/,
      );
      // Others that are made then have memory of their own.
      device.createBuffer = (descriptor) => create({ ...descriptor, size: 2 ** 52 });
      const small = new GPUParameter(device, { data: [1] });
      device.createBuffer = create;
      await expect(small.read()).rejects.toThrow("the device has no memory for");
      const next = new GPUParameter(device, { data: [1] });
      expect(await next.read()).toEqual(Float32Array.of(1));
      for (let k = 0; k < 2; k++) {
        expect(() => optimizer.step()).toThrow(
          /^SGD: parameter 0 of group 0 cannot be updated: the device has no memory for 20000000 bytes \(/,
        );
      }
    });

    test("for whose step there is no memory", async () => {
      await take_device();
      const data = Float32Array.from({ length: 12 }, (_, i) => i);
      const param = new GPUParameter(device, { data, shape: [3, 4] });
      param.grad?.fill(1);
      const optimizer = new torch.optim.Muon([param]);
      const create = device.createBuffer.bind(device);
      device.createBuffer = (descriptor) => create({ ...descriptor, size: 2 ** 52 });
      optimizer.step();
      device.createBuffer = create;
      await expect(param.read()).rejects.toThrow(
        /^GPUParameter of shape \[3, 4\] was not updated: the device has no memory for \d+ bytes \(/,
      );
    });

    test("of a device that was lost", async () => {
      await take_device();
      const param = new GPUParameter(device, { data: [1, 2] });
      const optimizer = new torch.optim.SGD([param], { momentum: 0.9 });
      optimizer.step();
      device.destroy();
      await device.lost;
      expect(() => optimizer.step()).toThrow(
        /^SGD: parameter 0 of group 0 cannot be updated: its device was lost \(/,
      );
      await expect(read_state_dict(optimizer)).rejects.toThrow(
        /^SGD: momentum_buffer of parameter 0 of group 0 cannot be read: its device was lost \(/,
      );
    });
  });
}
