import type { Plan } from "../studio/plan.ts";
import { type Run, runCourse } from "./course.ts";

/** What the worker is asked for. */
export interface Question {
  readonly id: number;
  readonly plan: Plan;
}

/** What it found. A plan that cannot be run to its end has no runs. */
export interface Answer {
  readonly id: number;
  readonly runs: readonly Run[];
}

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  const answer: Answer = { id: data.id, runs: tryToRun(data.plan) };
  const buffers = answer.runs.map(({ values }) => values.buffer as ArrayBuffer);
  (globalThis as unknown as Worker).postMessage(answer, buffers);
});

function tryToRun(plan: Plan): Run[] {
  try {
    return runCourse(plan);
  } catch {
    // Such as a schedule that ends before the plan does: what is sampled stays.
    return [];
  }
}
