import * as tf from "@tensorflow/tfjs-core";
import { CosineAnnealingLR, LinearLR, SequentialLR } from "torch-optim/lr_scheduler";
import { afterAll, describe, expect, test } from "vitest";
import adadelta from "../../torch-optim/test/fixtures/optimizer/Adadelta.json";
import adagrad from "../../torch-optim/test/fixtures/optimizer/Adagrad.json";
import adam from "../../torch-optim/test/fixtures/optimizer/Adam.json";
import adamax from "../../torch-optim/test/fixtures/optimizer/Adamax.json";
import adamw from "../../torch-optim/test/fixtures/optimizer/AdamW.json";
import asgd from "../../torch-optim/test/fixtures/optimizer/ASGD.json";
import muon from "../../torch-optim/test/fixtures/optimizer/Muon.json";
import nadam from "../../torch-optim/test/fixtures/optimizer/NAdam.json";
import radam from "../../torch-optim/test/fixtures/optimizer/RAdam.json";
import rmsprop from "../../torch-optim/test/fixtures/optimizer/RMSprop.json";
import rprop from "../../torch-optim/test/fixtures/optimizer/Rprop.json";
import sgd from "../../torch-optim/test/fixtures/optimizer/SGD.json";
import * as torch from "../src/index.ts";
import { OTHER } from "./support/backends.ts";

interface Case {
  readonly options: Readonly<Record<string, unknown>>;
  readonly own: object;
  readonly dtype: string;
  readonly shapes?: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly grads: readonly (readonly (readonly number[])[])[];
  readonly after: { readonly [step: string]: readonly (readonly number[])[] };
  readonly state: { readonly state: object; readonly param_groups: readonly object[] };
}

type AnyOptimizer = new (options: object) => torch.TorchOptimizer<object>;

const CLASSES: readonly [string, AnyOptimizer, { cases: readonly unknown[] }][] = [
  ["SGD", torch.SGD, sgd],
  ["Adam", torch.Adam, adam],
  ["AdamW", torch.AdamW, adamw],
  ["NAdam", torch.NAdam, nadam],
  ["RAdam", torch.RAdam, radam],
  ["Adamax", torch.Adamax, adamax],
  ["Adagrad", torch.Adagrad, adagrad],
  ["Adadelta", torch.Adadelta, adadelta],
  ["RMSprop", torch.RMSprop, rmsprop],
  ["Rprop", torch.Rprop, rprop],
  ["ASGD", torch.ASGD, asgd],
  ["Muon", torch.Muon, muon],
];

let count = 0;

function start(Class: AnyOptimizer, { shapes, start, options, own }: Case) {
  const names = start.map((_, i) => `w${count++}_${i}`);
  const variables = start.map((row, i) =>
    tf.tidy(() =>
      tf.variable(tf.tensor([...row], [...(shapes?.[i] ?? [row.length])]), true, names[i]),
    ),
  );
  const optimizer = new Class({ ...options, groups: [{ names: [names[1]], ...own }] });
  const scheduler = new SequentialLR(optimizer, {
    schedulers: [
      new LinearLR(optimizer, { total_iters: 5 }),
      new CosineAnnealingLR(optimizer, { T_max: 20 }),
    ],
    milestones: [5],
  });
  return { variables, names, optimizer, scheduler };
}

type Run = ReturnType<typeof start>;

function step({ variables, names, optimizer, scheduler }: Run, { grads }: Case, k: number): void {
  const gradients: Record<string, tf.Tensor> = {};
  for (const [i, name] of names.entries()) {
    // As in the fixture, the last steps leave the second parameter without a gradient.
    if (i === 1 && k >= 17) continue;
    gradients[name] = tf.tensor([...grads[k][i]], variables[i].shape);
  }
  optimizer.applyGradients(gradients);
  tf.dispose(gradients);
  scheduler.step();
}

/** The largest difference, in shares of the largest parameter. */
function difference({ variables }: Run, wanted: readonly (readonly number[])[]): number {
  const largest = Math.max(...wanted.flat().map(Math.abs));
  const differences = variables.map((variable, i) =>
    Math.max(...Array.from(variable.dataSync(), (x, j) => Math.abs(x - wanted[i][j]))),
  );
  return Math.max(...differences) / largest;
}

/** What each may differ by; the products of Muon are TensorFlow's. */
const TOLERANCE: Readonly<Record<string, number>> = { Muon: 5e-3 };

afterAll(() => tf.setBackend("cpu"));

describe.each(["cpu", "wasm", OTHER])("on the backend %s", (backend) => {
  for (const [name, Class, { cases }] of CLASSES) {
    const drawn = (cases as readonly Case[]).filter(({ dtype }) => dtype === "float32");

    test(`${name} gives PyTorch's parameters in ${drawn.length} cases, and leaves no tensors`, async () => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      for (const each of drawn) {
        const run = start(Class, each);
        let done = 0;
        for (const [to, wanted] of Object.entries(each.after)) {
          for (; done < Number(to); done++) step(run, each, done);
          const tolerance = backend !== OTHER ? 2e-6 : (TOLERANCE[name] ?? 2e-6);
          expect(difference(run, wanted), JSON.stringify(each.options)).toBeLessThan(tolerance);
        }
        run.optimizer.dispose();
        tf.dispose(run.variables);
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    test(`${name} takes up PyTorch's state, and gives one like it`, async () => {
      await tf.setBackend(backend);
      for (const each of drawn) {
        const { optimizer, variables } = start(Class, each);
        optimizer.load_state_dict(each.state, variables);
        const { state } = await optimizer.state_dict();
        for (const [index, entries] of Object.entries(each.state.state)) {
          for (const [key, entry] of Object.entries(entries)) {
            const numbers = [entry].flat().map(Number);
            const found = [state[Number(index)][key]].flat().map(Number);
            expect(found).toEqual(numbers.map((x) => expect.closeTo(x, 5)));
          }
        }
        optimizer.dispose();
        tf.dispose(variables);
      }
    });
  }

  test("steps leave the number of tensors level", async () => {
    await tf.setBackend(backend);
    for (const [, Class, { cases }] of CLASSES) {
      const each = (cases as readonly Case[]).at(-1) as Case;
      const run = start(Class, each);
      step(run, each, 0);
      const before = tf.memory().numTensors;
      for (let k = 1; k < 10; k++) step(run, each, k);
      expect(tf.memory().numTensors).toBe(before);
      run.optimizer.dispose();
      tf.dispose(run.variables);
    }
  });
});
