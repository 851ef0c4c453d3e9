import * as tf from "@tensorflow/tfjs-core";
import { CosineAnnealingLR, LinearLR, SequentialLR } from "torch-optim/lr_scheduler";
import adadelta from "../../../torch-optim/test/fixtures/optimizer/Adadelta.json";
import adagrad from "../../../torch-optim/test/fixtures/optimizer/Adagrad.json";
import adam from "../../../torch-optim/test/fixtures/optimizer/Adam.json";
import adamax from "../../../torch-optim/test/fixtures/optimizer/Adamax.json";
import adamw from "../../../torch-optim/test/fixtures/optimizer/AdamW.json";
import asgd from "../../../torch-optim/test/fixtures/optimizer/ASGD.json";
import muon from "../../../torch-optim/test/fixtures/optimizer/Muon.json";
import nadam from "../../../torch-optim/test/fixtures/optimizer/NAdam.json";
import radam from "../../../torch-optim/test/fixtures/optimizer/RAdam.json";
import rmsprop from "../../../torch-optim/test/fixtures/optimizer/RMSprop.json";
import rprop from "../../../torch-optim/test/fixtures/optimizer/Rprop.json";
import sgd from "../../../torch-optim/test/fixtures/optimizer/SGD.json";
import * as torch from "../../src/index.ts";

/** A run that PyTorch has drawn. */
export interface Case {
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

const ALL: readonly [string, AnyOptimizer, { cases: readonly unknown[] }][] = [
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

/** Each optimizer with the runs in float32 that PyTorch has drawn of it. */
export const DRAWN = ALL.map(([name, Class, { cases }]) => ({
  name,
  Class,
  cases: (cases as readonly Case[]).filter(({ dtype }) => dtype === "float32"),
}));

let count = 0;

export const BY_NAME = DRAWN.map((drawn) => [drawn.name, drawn] as const);

/** The variables of a case, its optimizer with a group for the second, and a schedule. */
export function start(Class: AnyOptimizer, { shapes, start, options, own }: Case) {
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

export type Run = ReturnType<typeof start>;

/** The step number `k` of a case. */
export function step(
  { variables, names, optimizer, scheduler }: Run,
  { grads }: Case,
  k: number,
): void {
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
export async function difference(
  { variables }: Run,
  wanted: readonly (readonly number[])[],
): Promise<number> {
  const largest = Math.max(...wanted.flat().map(Math.abs));
  const found = await Promise.all(variables.map((variable) => variable.data()));
  const differences = found.map((values, i) =>
    Math.max(...Array.from(values, (x, j) => Math.abs(x - wanted[i][j]))),
  );
  return Math.max(...differences) / largest;
}

/** Frees what a run holds. */
export function end({ optimizer, variables }: Run): void {
  optimizer.dispose();
  tf.dispose(variables);
}
