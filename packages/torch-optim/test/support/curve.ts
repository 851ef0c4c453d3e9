import type * as torch from "../../src/index.ts";
import type { SchedulableGroup, SchedulableOptimizer } from "../../src/optim/param_group.ts";
import { build, type Spec } from "./spec.ts";

/** An optimizer as a scheduler sees it. */
export function schedulable(
  lrs: readonly number[] = [1],
  own: Partial<SchedulableGroup> = { momentum: 0.9 },
): SchedulableOptimizer {
  return { param_groups: lrs.map((lr) => ({ ...structuredClone(own), lr })) };
}

/** The lr in force of every group; a zero without its sign, as JSON has it. */
export function lrs_of(optimizer: SchedulableOptimizer): number[] {
  return optimizer.param_groups.map(({ lr }) => lr + 0);
}

/** The momentum in force of every group: beta1 where there are betas. */
export function momenta_of(optimizer: SchedulableOptimizer): (number | undefined)[] {
  return optimizer.param_groups.map(({ betas, momentum }) => betas?.[0] ?? momentum);
}

/** A metric for every epoch: falling, then on a plateau, then falling again. */
export function metric_at(epoch: number): number {
  return epoch % 9 < 3 ? 1 / (1 + epoch) : 1;
}

/** One step, with a metric if the scheduler takes one. */
export function step(scheduler: torch.optim.LRScheduler, metric?: number): void {
  if (scheduler.takes_metrics) scheduler.step(metric);
  else scheduler.step();
}

/** What is in force at every epoch from 0 to `epochs`. */
export interface Course {
  readonly lrs: number[][];
  readonly momenta: (number | undefined)[][];
}

/** Runs a spec alone on an optimizer of its own. */
export function run(spec: Spec, epochs: number, optimizer = schedulable()): Course {
  return follow(build(optimizer, spec), epochs);
}

/** Steps a scheduler and notes what is in force before and after every step. */
export function follow(scheduler: torch.optim.LRScheduler, epochs: number): Course {
  const { optimizer } = scheduler;
  const lrs = [lrs_of(optimizer)];
  const momenta = [momenta_of(optimizer)];
  for (let epoch = 0; epoch < epochs; epoch++) {
    step(scheduler, metric_at(epoch));
    lrs.push(lrs_of(optimizer));
    momenta.push(momenta_of(optimizer));
  }
  return { lrs, momenta };
}

/** The lr of the first group at every epoch. */
export function curve(spec: Spec, epochs: number): number[] {
  return run(spec, epochs).lrs.map(([lr]) => lr);
}
