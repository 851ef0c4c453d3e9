import { build } from "./build.ts";
import { lrsOf, type Optimizer } from "./optimizer.ts";
import { PythonError } from "./python_error.ts";

/** A run in PyTorch: the lrs in force at each epoch, and how it ended before its time. */
export interface Run {
  /** By group and epoch. */
  readonly lrs: readonly number[][];
  readonly failed?: { readonly epoch: number; readonly error: PythonError };
}

/**
 * What PyTorch does with a spec on an optimizer of its own.
 *
 * @param lrs - The lr of each parameter group.
 * @throws BeyondPyTorch where PyTorch has nothing for what the spec says.
 */
export function run(spec: unknown, lrs: readonly number[], epochs: number): Run {
  const optimizer: Optimizer = { defaultLr: lrs[0], groups: lrs.map((lr) => ({ lr })) };
  const course = lrs.map((): number[] => []);
  try {
    const scheduler = build(optimizer, spec);
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (epoch > 0) scheduler.step();
      for (const [g, lr] of lrsOf(optimizer).entries()) course[g].push(lr);
    }
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { lrs: course, failed: { epoch: course[0].length, error } };
  }
  return { lrs: course };
}
