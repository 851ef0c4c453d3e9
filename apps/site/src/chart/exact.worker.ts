import { type Instead, insteadOf } from "../pytorch/instead.ts";
import { type Plan, resolvedSpec } from "../studio/plan.ts";
import { courseOf, type Run, runCourse } from "./course.ts";

/** What the worker is asked for. */
export interface Question {
  readonly id: number;
  readonly plan: Plan;
  /** Whether also for what PyTorch does instead. */
  readonly asksInstead: boolean;
}

/** What it found, in its last answer to a question or in one before. */
export interface Answer {
  readonly id: number;
  /** Empty if the plan cannot be run to its end. */
  readonly runs?: readonly Run[];
  readonly instead?: Instead;
  readonly isLast: boolean;
}

/** What takes longer to compare is not compared. */
const MOST_COMPARED = 200_000;

addEventListener("message", ({ data: { id, plan, asksInstead } }: MessageEvent<Question>) => {
  const runs = tryTo(() => runCourse(plan)) ?? [];
  const buffers = runs.map(({ values }) => values.buffer as ArrayBuffer);
  answer({ id, runs, isLast: !asksInstead }, buffers);
  if (asksInstead) answer({ id, instead: tryTo(() => compare(plan)), isLast: true });
});

function compare(plan: Plan): Instead | undefined {
  const { length } = courseOf(plan);
  if (length > MOST_COMPARED) return undefined;
  const { lr, metrics } = plan;
  return insteadOf(resolvedSpec(plan), { lr, epochs: length, metrics });
}

/** Some schedules end before their plan does: then what is sampled has to do. */
function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function answer(found: Answer, buffers: ArrayBuffer[] = []): void {
  (globalThis as unknown as Worker).postMessage(found, buffers);
}
