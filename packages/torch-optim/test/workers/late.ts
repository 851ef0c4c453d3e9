import { from_spec, parse_spec, type SchedulerSpec } from "../../src/optim/lr_scheduler/index.ts";

/** What a worker is told once, when it starts: the plan, and from where to where it works. */
export interface Task {
  readonly spec: string;
  readonly lrs: readonly number[];
  readonly from: number;
  readonly until: number;
}

/** The schedule of a plan, on groups with these learning rates. */
export function schedule_of({ spec, lrs }: Pick<Task, "spec" | "lrs">) {
  const optimizer = { param_groups: lrs.map((lr) => ({ lr })) };
  return from_spec(optimizer, parse_spec(spec) as SchedulerSpec);
}

/** The lr of every epoch of a task, by a worker that has seen none before. */
export function lrs_of({ from, until, ...plan }: Task): number[][] {
  const scheduler = schedule_of(plan);
  return Array.from({ length: until - from }, (_, i) => scheduler.lr_at(from + i));
}

/** The lr of every epoch as a run has it that steps from the beginning. */
export function lrs_of_steps(plan: Pick<Task, "spec" | "lrs">): number[][] {
  const scheduler = schedule_of(plan);
  return Array.from({ length: UNTIL }, () => {
    const lrs = [...scheduler.get_last_lr()];
    scheduler.step();
    return lrs;
  });
}

/** A worker as a function: it is told its task, and answers. */
export type Ask = (task: Task) => Promise<number[][]>;

/** How far workers that join a plan late are from one another, and from the run that steps. */
export async function disagreement(plan: Pick<Task, "spec" | "lrs">, ask: Ask) {
  const first = await ask({ ...plan, from: 0, until: UNTIL });
  const late = await Promise.all(
    [1, 47, UNTIL - 1].map((from) => ask({ ...plan, from, until: UNTIL })),
  );
  const largest = (a: readonly number[][], b: readonly number[][]) =>
    Math.max(...a.flatMap((lrs, i) => lrs.map((lr, g) => Math.abs(lr - b[i][g]))));
  return {
    among_workers: Math.max(...late.map((lrs) => largest(lrs, first.slice(UNTIL - lrs.length)))),
    from_steps: largest(first, lrs_of_steps(plan)),
  };
}

export const UNTIL = 120;

/** Plans with everything that an epoch alone decides: phases, nesting, chains, restarts, functions of steps. */
export const PLANS = [
  "linear:10 > cosine:110",
  "linear:7 > (constant:13(factor=0.5) > cosine:40) > step(step_size=9, gamma=0.5)",
  "linear:20 + exponential(gamma=0.97)",
  "linear:5 > restarts(T_0=9, T_mult=2)",
  "cyclic(base_lr=0.001, max_lr=0.2, step_size_up=11, cycle_momentum=false)",
].map((spec) => ({ spec, lrs: [0.1, 0.03] }));
