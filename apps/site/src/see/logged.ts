import { courseOf } from "../chart/course.ts";
import type { ExactRuns } from "../chart/exact_runs.ts";
import { optionsOf } from "../chart/sample.ts";
import type { Plan } from "../studio/plan.ts";
import type { LoggedRun } from "./run_log.ts";

/** A run that is laid over the plan. */
export interface Logged {
  /** Of the file. */
  readonly name: string;
  readonly run: LoggedRun;
}

/** What a plan gives at an epoch, in its first group. */
export function planned(plan: Plan, runs: ExactRuns): (epoch: number) => number | undefined {
  const { series, length } = courseOf(plan);
  const [option] = optionsOf(plan);
  const own = series.find((each) => each.option === option);
  const run = runs.get(plan)?.runs?.find((each) => each.option === option);
  return (epoch) => {
    if (epoch < 0 || epoch >= length) return undefined;
    return run ? run.values[epoch] : own?.at(epoch);
  };
}
