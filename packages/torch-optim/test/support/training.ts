import * as torch from "../../src/index.ts";
import type { State } from "./checkpoint.ts";

type Rows = readonly (readonly number[])[];

/** A training of two parameters in groups of their own, under a warm-up and a cosine. */
export interface OptimizerRun {
  /** The optimizer's class, its options, and those of the second group. */
  readonly kind: string;
  readonly options: object;
  readonly own: object;
  readonly dtype: string;
  readonly shapes: readonly number[][];
  /** The parameters' values at the start, at the checkpoint and at the end. */
  readonly start: Rows;
  readonly params: Rows;
  readonly after: Rows;
  /** The gradients of every step. */
  readonly grads: readonly Rows[];
  /** The steps done at the checkpoint. */
  readonly stopped: number;
  readonly state: State;
}

type OptimizerClass = new (params: object[], options: object) => torch.optim.SGD;

/** Optimizer, scheduler and parameters, by default with the values that they start from. */
export function start_training(drawn: OptimizerRun, values = drawn.start) {
  const TypedArray = drawn.dtype === "float32" ? Float32Array : Float64Array;
  const params = values.map((row, i) => new torch.Parameter(TypedArray.from(row), drawn.shapes[i]));
  const groups = [{ params: [params[0]] }, { params: [params[1]], ...drawn.own }];
  const classes = torch.optim as unknown as Record<string, OptimizerClass>;
  const optimizer = new classes[drawn.kind](groups, drawn.options);
  const warmup = new torch.optim.LinearLR(optimizer, { total_iters: 5 });
  const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 20 });
  const schedulers = [warmup, cosine];
  const scheduler = new torch.optim.SequentialLR(optimizer, { schedulers, milestones: [5] });
  return { params, optimizer, scheduler };
}

export type Training = ReturnType<typeof start_training>;

export function train(run: Training, drawn: OptimizerRun, begin: number, end: number): void {
  for (let k = begin; k < end; k++) {
    for (const [i, param] of run.params.entries()) {
      // The last steps leave the second parameter without a gradient.
      param.grad = i === 1 && k >= 17 ? null : [...drawn.grads[k][i]];
    }
    run.optimizer.step();
    run.scheduler.step();
  }
}

export function values_of({ params }: Training): number[][] {
  return params.map(({ data }) => [...data]);
}
