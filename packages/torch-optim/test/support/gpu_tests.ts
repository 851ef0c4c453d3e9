import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import {
  encode,
  encode_step,
  GPUParameter,
  read_state_dict,
  resize,
} from "../../src/webgpu/index.ts";
import adadelta from "../fixtures/optimizer/Adadelta.json";
import adafactor from "../fixtures/optimizer/Adafactor.json";
import adagrad from "../fixtures/optimizer/Adagrad.json";
import adam from "../fixtures/optimizer/Adam.json";
import adamax from "../fixtures/optimizer/Adamax.json";
import adamw from "../fixtures/optimizer/AdamW.json";
import asgd from "../fixtures/optimizer/ASGD.json";
import muon from "../fixtures/optimizer/Muon.json";
import nadam from "../fixtures/optimizer/NAdam.json";
import radam from "../fixtures/optimizer/RAdam.json";
import rmsprop from "../fixtures/optimizer/RMSprop.json";
import rprop from "../fixtures/optimizer/Rprop.json";
import sgd from "../fixtures/optimizer/SGD.json";
import { request_device } from "./gpu.ts";
import { noise, OPTIMIZERS, updates_by } from "./updates.ts";

/** A run that PyTorch has drawn. */
interface Case {
  readonly options: object;
  readonly own: object;
  readonly dtype: string;
  readonly shapes?: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly grads: readonly (readonly (readonly number[])[])[];
  readonly after: { readonly [step: string]: readonly (readonly number[])[] };
}

/** What AdamW remembers of a parameter. */
interface Moments {
  readonly step: number;
  readonly exp_avg: torch.FloatArray;
  readonly exp_avg_sq: torch.FloatArray;
}

type AnyOptimizer = new (params: readonly object[], options: object) => torch.optim.Optimizer;

const ALL: readonly [string, unknown, { cases: readonly unknown[] }][] = [
  ["SGD", torch.optim.SGD, sgd],
  ["Adam", torch.optim.Adam, adam],
  ["AdamW", torch.optim.AdamW, adamw],
  ["NAdam", torch.optim.NAdam, nadam],
  ["RAdam", torch.optim.RAdam, radam],
  ["Adamax", torch.optim.Adamax, adamax],
  ["Adagrad", torch.optim.Adagrad, adagrad],
  ["Adadelta", torch.optim.Adadelta, adadelta],
  ["RMSprop", torch.optim.RMSprop, rmsprop],
  ["Rprop", torch.optim.Rprop, rprop],
  ["ASGD", torch.optim.ASGD, asgd],
  ["Adafactor", torch.optim.Adafactor, adafactor],
  ["Muon", torch.optim.Muon, muon],
];

/** Those whose kernels go over every number by itself. */
const ELEMENTWISE = ALL.filter(([name]) => name !== "Muon" && name !== "Adafactor");

/** The bar, in shares of the largest parameter: the CPU's, and 1e-6 beyond it. */
const TOLERANCE = 3e-6;
/** Muon's rounding to bfloat16 makes a last bit of float32 one of 1/256, in few numbers. */
const MUON_TOLERANCE = 5e-3;
/** The steps of a fixture. */
const STEPS = 20;

/** Numbers in no order that are the same each time. */
function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(seed + 12.9898 * i) * 0.5);
}

/** States what a GPU does, once WebGPU has been started. */
export function test_gpu(start: () => unknown): void {
  let device: GPUDevice;

  beforeAll(async () => {
    await start();
    device = await request_device();
    device.addEventListener("uncapturederror", ({ error }) => {
      throw new Error(error.message);
    });
  });

  const on_gpu = (rows: readonly ArrayLike<number>[], shapes?: readonly (readonly number[])[]) =>
    rows.map(
      (row, i) => new GPUParameter(device, { data: Float32Array.from(row), shape: shapes?.[i] }),
    );

  describe("the numbers", () => {
    for (const [name, Class, { cases }] of ALL) {
      const drawn = (cases as readonly Case[]).filter(({ dtype }) => dtype === "float32");
      test(`${name} gives PyTorch's in ${drawn.length} cases`, async () => {
        for (const { start, shapes, own, options, grads, after } of drawn) {
          const params = on_gpu(start, shapes);
          const optimizer = new (Class as AnyOptimizer)(
            [{ params: [params[0]] }, { params: [params[1]], ...own }],
            options,
          );
          const scheduler = new torch.optim.SequentialLR(optimizer, {
            schedulers: [
              new torch.optim.LinearLR(optimizer, { total_iters: 5 }),
              new torch.optim.CosineAnnealingLR(optimizer, { T_max: 20 }),
            ],
            milestones: [5],
          });
          for (let k = 0; k < STEPS; k++) {
            for (const [i, param] of params.entries()) param.grad?.set(grads[k][i]);
            // As in the fixture, the last steps leave the second parameter without a gradient.
            if (k >= 17) params[1].grad = null;
            optimizer.step();
            scheduler.step();
            const wanted = after[k + 1];
            if (!wanted) continue;
            const largest = Math.max(...wanted.flat().map(Math.abs));
            for (const [i, param] of params.entries()) {
              for (const [j, x] of (await param.read()).entries()) {
                const difference = Math.abs(x - wanted[i][j]) / largest;
                const bar = name === "Muon" ? MUON_TOLERANCE : TOLERANCE;
                expect(difference, JSON.stringify(options)).toBeLessThanOrEqual(bar);
              }
            }
          }
          for (const param of params) param.destroy();
        }
      });
    }

    test("of Muon are the CPU's, for matrices larger than what one workgroup computes", async () => {
      for (const shape of [
        [70, 130],
        [130, 70],
        [1, 5],
        [64, 64],
      ]) {
        const n = shape[0] * shape[1];
        const there = new GPUParameter(device, { data: numbers(n, 1), shape });
        const here = new torch.Parameter(numbers(n, 1), shape);
        const grad = numbers(n, 2);
        there.grad?.set(grad);
        here.grad = grad;
        const lr = 0.1;
        new torch.optim.Muon([there, here], { lr }).step();
        // A last bit of float32 is now and then one of bfloat16 after a rounding, and a step multiplies it.
        const adjustment = Math.sqrt(Math.max(1, shape[0] / shape[1]));
        for (const [i, x] of (await there.read()).entries()) {
          expect(Math.abs(x - here.data[i])).toBeLessThan(0.05 * lr * adjustment);
        }
      }
    });

    test("of Adafactor are the CPU's for vectors, matrices and lists of matrices", async () => {
      for (const shape of [[70_001], [1, 300], [300, 1], [3, 70, 90], [2, 2, 5, 300]]) {
        const n = shape.reduce((product, side) => product * side, 1);
        const there = new GPUParameter(device, { data: numbers(n, 1), shape });
        const here = new torch.Parameter(numbers(n, 1), shape);
        const optimizer = new torch.optim.Adafactor([there, here], {
          lr: 0.1,
          weight_decay: 0.1,
          maximize: true,
        });
        for (let k = 0; k < 3; k++) {
          const grad = numbers(n, 10 + k);
          there.grad?.set(grad);
          here.grad = grad;
          optimizer.step();
        }
        const close = Array.from(here.data, (x) => expect.closeTo(x, 5));
        expect(Array.from(await there.read()), String(shape)).toEqual(close);
      }
    });

    test("are the CPU's for every length, and for many parameters at once", async () => {
      const lengths = [0, 1, 2, 3, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025, 4097, 70_000];
      const rows = lengths.map((n, i) => numbers(n, i));
      const there = on_gpu(rows);
      const here = rows.map((row) => new torch.Parameter(row));
      const optimizers = [there, here].map(
        (params) => new torch.optim.AdamW(params, { lr: 0.1, amsgrad: true }),
      );
      for (let k = 0; k < 3; k++) {
        for (const [i, n] of lengths.entries()) {
          const grad = numbers(n, i + 100 * k);
          there[i].grad?.set(grad);
          here[i].grad = grad;
        }
        // Options may change at any step.
        for (const { param_groups } of optimizers) param_groups[0].weight_decay = 0.1 * k;
        for (const optimizer of optimizers) optimizer.step();
      }
      for (const [i, param] of there.entries()) {
        const found = Array.from(await param.read());
        const wanted = Array.from(here[i].data, (x) => expect.closeTo(x, 5));
        expect(found).toEqual(wanted);
      }
    });

    test.each(
      OPTIMIZERS.filter((name) => name !== "LBFGS"),
    )("of random updates by %s are the CPU's", async (name) => {
      for (const { options, shapes, seed, special } of fc.sample(updates_by(name), 3)) {
        // What a GPU takes for 0, or what overflows in a sum, is not what is asked.
        const odd = special.filter((x) => x === 0 || !Number.isFinite(x));
        const sizes = shapes.map((shape) => shape.reduce((product, side) => product * side, 1));
        const rows = sizes.map((n, i) => Float32Array.from(noise(n, seed + i, odd)));
        const there = on_gpu(rows, shapes);
        const here = rows.map((row, i) => new torch.Parameter(row, shapes[i]));
        const Class = ALL.find(([each]) => each === name)?.[1] as AnyOptimizer;
        const optimizers = [there, here].map((params) => new Class(params, options));
        for (let k = 1; k <= 5; k++) {
          for (const [i, n] of sizes.entries()) {
            const grad = noise(n, seed + 17 * k + i, odd.toReversed());
            there[i].grad?.set(grad);
            here[i].grad = grad;
          }
          for (const optimizer of optimizers) optimizer.step();
        }
        const largest = Math.max(
          ...here.flatMap(({ data }) => [...data].filter(Number.isFinite).map(Math.abs)),
        );
        const bar = name === "Muon" ? MUON_TOLERANCE : TOLERANCE;
        for (const [i, param] of there.entries()) {
          const found = await param.read();
          const wrong = here[i].data.findIndex(
            (x, k) => !Object.is(x, found[k]) && !(Math.abs(x - found[k]) <= bar * largest),
          );
          expect(wrong < 0 ? "" : `${found[wrong]} and not ${here[i].data[wrong]}`).toBe("");
          param.destroy();
        }
      }
    });

    test("not a number and infinity spread as on the CPU", async () => {
      const grad = Float32Array.of(Number.NaN, Infinity, -Infinity, 1, 0);
      const start = Float32Array.of(1, 1, 1, 1, 1);
      for (const [name, Class] of ELEMENTWISE) {
        const there = on_gpu([start]);
        const here = [new torch.Parameter(start)];
        for (const params of [there, here]) {
          const optimizer = new (Class as AnyOptimizer)(params, { lr: 0.1 });
          for (let k = 0; k < 2; k++) {
            if (params === there) there[0].grad?.set(grad);
            else here[0].grad = grad;
            optimizer.step();
          }
        }
        const found = Array.from(await there[0].read());
        expect(found, name).toEqual(
          Array.from(here[0].data, (x) => (Number.isFinite(x) ? expect.closeTo(x, 5) : x)),
        );
      }
    });
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
        const there = on_gpu(rows);
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
      const [param] = on_gpu([[1, 2]]);
      param.grad?.set([1, Infinity]);
      expect(await clip_grad_norm_(param, 1).read()).toBe(Infinity);
      expect(Array.from((await param.grad?.read()) ?? [])).toEqual([0, Number.NaN]);
    });

    test("by their values", async () => {
      const [param] = on_gpu([[1, 2, 3, 4]]);
      param.grad?.set([-3, 0.25, Number.NaN, 3]);
      clip_grad_value_(param, 0.5);
      expect(Array.from((await param.grad?.read()) ?? [])).toEqual([-0.5, 0.25, Number.NaN, 0.5]);
    });

    test("but not with those of parameters here, nor with a check of what no one has read", () => {
      const [there] = on_gpu([[1]]);
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
    const there = on_gpu([numbers(300, 1), numbers(2, 2)]);
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
    const [param] = on_gpu([[1, 2]]);
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
    const [param] = on_gpu([[1, 2]]);
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
    const there = on_gpu(rows);
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
    const again = on_gpu(values);
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
