import { jit, numpy as np, tree } from "@jax-js/jax";
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
  readonly options: object;
  readonly dtype: string;
  readonly shapes?: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly grads: readonly (readonly (readonly number[])[])[];
  readonly after: { readonly [step: string]: readonly (readonly number[])[] };
}

const ALL: readonly [
  string,
  (options: never) => torch.TorchTransformation,
  { cases: readonly unknown[] },
][] = [
  ["sgd", torch.sgd, sgd],
  ["adam", torch.adam, adam],
  ["adamw", torch.adamw, adamw],
  ["nadam", torch.nadam, nadam],
  ["radam", torch.radam, radam],
  ["adamax", torch.adamax, adamax],
  ["adagrad", torch.adagrad, adagrad],
  ["adadelta", torch.adadelta, adadelta],
  ["rmsprop", torch.rmsprop, rmsprop],
  ["rprop", torch.rprop, rprop],
  ["asgd", torch.asgd, asgd],
  ["muon", torch.muon, muon],
];

/** Each transformation with the runs in float32 that PyTorch has drawn of it. */
export const DRAWN = ALL.map(([name, make, { cases }]) => ({
  name,
  make,
  cases: (cases as readonly Case[]).filter(({ dtype }) => dtype === "float32"),
}));

/** How many steps are drawn. */
export const STEPS = 20;

const array = (row: readonly number[], shape: readonly number[]) =>
  np.array(Float32Array.from(row)).reshape([...shape]);

export type Drawn = (typeof DRAWN)[number];

/** What is said after each step: its number, the parameters, and the state. */
type Told = (step: number, params: np.Array, state: torch.TorchState) => unknown;

/** Trains the first parameter of a case, the only one that has PyTorch's options without others. */
export async function train(
  make: Drawn["make"],
  { options, shapes, start, grads }: Case,
  { is_traced, steps, told }: { is_traced: boolean; steps: number; told: Told },
): Promise<{ traces: number }> {
  const shape = shapes?.[0] ?? [start[0].length];
  const solver = make(options as never);
  const scheduler = new SequentialLR(solver, {
    schedulers: [
      new LinearLR(solver, { total_iters: 5 }),
      new CosineAnnealingLR(solver, { T_max: 20 }),
    ],
    milestones: [5],
  });
  let traces = 0;
  const plain = (params: np.Array, state: torch.TorchState, grad: np.Array) => {
    traces++;
    const [updates, next] = solver.update([grad], state, [params.ref]);
    return [np.add(params, updates[0]), next] as [np.Array, torch.TorchState];
  };
  const step = is_traced ? (jit(plain as never) as unknown as typeof plain) : plain;
  let params = array(start[0], shape);
  let state = solver.init([params.ref]);
  for (let k = 0; k < steps; k++) {
    [params, state] = step(params, state, array(grads[k % grads.length][0], shape));
    scheduler.step();
    state = solver.advance(state);
    await told(k + 1, params, state);
  }
  params.dispose();
  tree.dispose(state);
  return { traces };
}

/** The largest difference from PyTorch's parameters at any drawn step, in shares of the largest one. */
export async function difference(
  make: Drawn["make"],
  drawn: Case,
  is_traced: boolean,
): Promise<{ difference: number; traces: number }> {
  let largest = 0;
  const { traces } = await train(make, drawn, {
    is_traced,
    steps: STEPS,
    async told(step, params) {
      const wanted = drawn.after[step];
      if (!wanted) return;
      const found = await params.ref.data();
      const scale = Math.max(...wanted.flat().map(Math.abs));
      const differences = [...found].map((x: number, i) => Math.abs(x - wanted[0][i]) / scale);
      largest = Math.max(largest, ...differences);
    },
  });
  return { difference: largest, traces };
}
