import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { GPUParameter } from "../../src/webgpu/index.ts";
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
import { numbers, on_gpu, strict_device } from "./gpu.ts";
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
/** States that optimizers' numbers on a GPU are PyTorch's and the CPU's, once WebGPU has been started. */
export function test_gpu_numbers(start: () => unknown): void {
  let device: GPUDevice;

  beforeAll(async () => {
    await start();
    device = await strict_device();
  });

  describe("the numbers", () => {
    for (const [name, Class, { cases }] of ALL) {
      const drawn = (cases as readonly Case[]).filter(({ dtype }) => dtype === "float32");
      test(`${name} gives PyTorch's in ${drawn.length} cases`, async () => {
        for (const { start, shapes, own, options, grads, after } of drawn) {
          const params = on_gpu(device, start, shapes);
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
      const there = on_gpu(device, rows);
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

    test("are the CPU's where a step has more parameters than the one before", async () => {
      const rows = Array.from({ length: 80 }, (_, i) => numbers(10, i));
      const there = on_gpu(device, rows);
      const here = rows.map((row) => new torch.Parameter(row));
      const grads = there.map(({ grad }) => grad);
      for (const [i, grad] of grads.entries()) grad?.set(rows[i]);
      const optimizers = [there, here].map(
        (params) =>
          new torch.optim.AdamW(
            [{ params: params.slice(0, 79) }, { params: params.slice(79), amsgrad: true }],
            { lr: 0.1 },
          ),
      );
      // What the second group's kernel is told stands behind what the first group's is told.
      for (const count of [1, 79, 40]) {
        for (const [i, row] of rows.entries()) {
          const has_grad = i < count || i === 79;
          here[i].grad = has_grad ? row : null;
          there[i].grad = has_grad ? grads[i] : null;
        }
        for (const optimizer of optimizers) optimizer.step();
      }
      for (const [i, param] of there.entries()) {
        const close = Array.from(here[i].data, (x) => expect.closeTo(x, 5));
        expect(Array.from(await param.read()), String(i)).toEqual(close);
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
        const there = on_gpu(device, rows, shapes);
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
        const there = on_gpu(device, [start]);
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
}
