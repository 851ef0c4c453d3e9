import * as torch from "torch-optim";
import { cpuSeconds, type Side } from "../measure.ts";
import type { PyTorch } from "../pytorch.ts";

/** An optimizer and the tensors that it updates. */
export interface Workload {
  readonly kind: string;
  readonly options: object;
  readonly shapes: readonly (readonly number[])[];
}

type OptimizerClass = new (params: torch.ParameterLike[], options: object) => torch.optim.Optimizer;

const CLASSES = torch.optim as unknown as Record<string, OptimizerClass>;

/** Numbers of a turn of measuring: enough for the clock, few enough for many turns. */
const NUMBERS = 3e7;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** All numbers of a workload. */
export function numbersIn({ shapes }: Workload): number {
  return shapes.map(sizeOf).reduce((sum, size) => sum + size, 0);
}

/** The steps of a turn. */
export function stepsOf(workload: Workload, numbers = NUMBERS): number {
  return Math.ceil(numbers / numbersIn(workload));
}

/** Numbers between -0.5 and 0.5, without a pattern that matters. */
export function noise(length: number): Float32Array {
  let x = 1;
  return Float32Array.from({ length }, () => {
    x = (x * 16807) % 2147483647;
    return x / 2147483647 - 0.5;
  });
}

/** Steps of ours, on parameters that the library made. */
export function ours(workload: Workload, steps = stepsOf(workload)): Side {
  const { kind, options, shapes } = workload;
  const params = shapes.map((shape) => new torch.Parameter(noise(sizeOf(shape)), shape));
  const optimizer = new CLASSES[kind](params, options);
  if (kind === "LBFGS") {
    const grads = params.map(({ data }) => [noise(data.length), noise(data.length).reverse()]);
    let turn = 0;
    const closure = () => {
      turn = 1 - turn;
      for (const [p, param] of params.entries()) param.grad = grads[p][turn];
      return 1;
    };
    return perStep(steps, () => optimizer.step(closure));
  }
  for (const param of params) param.grad = noise(param.data.length);
  return perStep(steps, () => optimizer.step());
}

/** PyTorch's; without PyTorch, no time at all. */
export function theirs(
  pytorch: PyTorch | undefined,
  workload: Workload,
  implementation: "fused" | "foreach" | null,
  steps = stepsOf(workload),
): Side {
  const args = { ...workload, implementation, steps };
  return () => pytorch?.call("seconds_per_update", args) ?? Number.NaN;
}

/** The CPU time of one of so many. */
export function perStep(steps: number, step: () => void): Side {
  return () =>
    cpuSeconds(() => {
      for (let k = 0; k < steps; k++) step();
    }) / steps;
}
