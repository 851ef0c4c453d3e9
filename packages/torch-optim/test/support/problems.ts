import * as torch from "../../src/index.ts";
import type { State } from "./checkpoint.ts";

type Rows = readonly (readonly number[])[];

/** A small problem that LBFGS minimizes, under a warm-up and a cosine. */
export interface LBFGSRun {
  readonly problem: string;
  readonly options: torch.optim.LBFGSOptions;
  readonly dtype: string;
  /** The parameters' values; the last one never has a gradient. */
  readonly start: Rows;
  /** Inputs and targets, where there are any. */
  readonly data: readonly (readonly number[] | Rows)[];
  /** The loss that each step returns, and the evaluations and iterations after it. */
  readonly losses: readonly number[];
  readonly counts: Rows;
  /** The steps done at the checkpoint, and the parameters' values there and at the end. */
  readonly stopped: number;
  readonly params: Rows;
  readonly after: Rows;
  readonly state: State;
}

/** A loss, and its gradient by each of two parameters. */
type Loss = (first: number[], second: number[]) => { loss: number; grads: [number[], number[]] };

function rosenbrock(x: number[], y: number[]): ReturnType<Loss> {
  const rest = x.map((a, i) => y[i] - a * a);
  const terms = x.map((a, i) => (1 - a) ** 2 + 100 * rest[i] ** 2);
  return {
    loss: sum(terms),
    grads: [x.map((a, i) => -2 * (1 - a) - 400 * a * rest[i]), rest.map((r) => 200 * r)],
  };
}

/** A mean over inputs of what `term` makes of `input · weight + bias` and the target. */
function linear(
  inputs: Rows,
  targets: readonly number[],
  penalty: number,
  term: (output: number, target: number) => { loss: number; slope: number },
): Loss {
  const share = 1 / inputs.length;
  return (weight, [bias]) => {
    const terms = inputs.map((row, k) =>
      term(sum(row.map((a, i) => a * weight[i])) + bias, targets[k]),
    );
    const by_weight = weight.map((w, i) => {
      const slopes = inputs.map((row, k) => row[i] * terms[k].slope);
      return share * sum(slopes) + 2 * penalty * w;
    });
    const by_bias = [share * sum(terms.map(({ slope }) => slope))];
    const loss = share * sum(terms.map((t) => t.loss)) + penalty * sum(weight.map((w) => w * w));
    return { loss, grads: [by_weight, by_bias] };
  };
}

function loss_of({ problem, data }: LBFGSRun): Loss {
  const [inputs, targets] = data as readonly [Rows, readonly number[]];
  if (problem === "rosenbrock") return rosenbrock;
  if (problem === "least_squares") {
    return linear(inputs, targets, 0, (output, target) => {
      const error = output - target;
      return { loss: error * error, slope: 2 * error };
    });
  }
  return linear(inputs, targets, 0.05, (output, target) => {
    const side = 2 * target - 1;
    const power = Math.exp(-side * output);
    return { loss: Math.log1p(power), slope: (-side * power) / (1 + power) };
  });
}

/** Optimizer, scheduler and parameters, by default with the values that they start from. */
export function start_lbfgs(drawn: LBFGSRun, values = drawn.start) {
  const TypedArray = drawn.dtype === "float32" ? Float32Array : Float64Array;
  const params = values.map((row) => new torch.Parameter(TypedArray.from(row)));
  const optimizer = new torch.optim.LBFGS(params, drawn.options);
  const warmup = new torch.optim.LinearLR(optimizer, { total_iters: 3 });
  const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 20 });
  const schedulers = [warmup, cosine];
  const scheduler = new torch.optim.SequentialLR(optimizer, { schedulers, milestones: [3] });
  const sign = drawn.options.maximize ? -1 : 1;
  const evaluate = loss_of(drawn);
  const closure = () => {
    const { loss, grads } = evaluate([...params[0].data], [...params[1].data]);
    for (const [i, grad] of grads.entries()) params[i].grad = grad.map((g) => sign * g);
    return sign * loss;
  };
  return { optimizer, scheduler, params, closure };
}

/** The loss that every step returns, and the evaluations and iterations after it. */
export function minimize(run: ReturnType<typeof start_lbfgs>, steps: number) {
  const losses: number[] = [];
  const counts: number[][] = [];
  for (let k = 0; k < steps; k++) {
    losses.push(run.optimizer.step(run.closure));
    run.scheduler.step();
    const state = run.optimizer.state.get(run.params[0]);
    counts.push([state?.func_evals ?? Number.NaN, state?.n_iter ?? Number.NaN]);
  }
  return { losses, counts };
}

function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
