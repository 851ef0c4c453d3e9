import {
  from_spec,
  groups_of_spec,
  type Spec,
  simulate,
  spec_length,
} from "torch-optim/lr_scheduler";
import { MOST_EPOCHS, toPhases, usualEpochs } from "torch-optim-cli/curve";
import { type Plan, resolvedSpec } from "../studio/plan.ts";
import type { ChartPhase } from "./line.ts";

/** What an option of a group does under a plan. */
export interface Series {
  readonly option: string;
  readonly group: number;
  /** What the group is called; empty where there is no other. */
  readonly name: string;
  /** The value at an epoch. */
  at(epoch: number): number;
}

/** An option of a group with its value at every epoch. */
export interface Run {
  readonly option: string;
  readonly group: number;
  readonly values: Float64Array;
}

/** What a sound plan comes to: how long it is, its phases, and its values at any epoch. */
export interface Course {
  readonly length: number;
  readonly phases: readonly ChartPhase[];
  /** Whether metrics decide, so that it must be run to be known. */
  readonly takesMetrics: boolean;
  /** How many groups of parameters it tells apart. */
  readonly groups: number;
  readonly series: readonly Series[];
}

/** As many epochs as are run one after another. */
export const MOST_RUN = 1_000_000;
/** As many as that takes no longer than a frame, where nothing else tells what comes of metrics. */
const MOST_RUN_AT_ONCE = 5_000;
/** What a plateau sees that was given no metric: nothing ever becomes better. */
const NO_PROGRESS = 1;

const courses = new WeakMap<Plan, Course>();

/**
 * The course of a plan, made once.
 *
 * @throws SpecError if the plan is unsound.
 */
export function courseOf(plan: Plan): Course {
  const known = courses.get(plan);
  if (known) return known;
  const course = makeCourse(plan);
  courses.set(plan, course);
  return course;
}

function makeCourse(plan: Plan): Course {
  const spec = resolvedSpec(plan);
  const length = lengthOf(plan, spec);
  const { milestones } = simulate(spec, { epochs: 1, metrics: [NO_PROGRESS] });
  return {
    length,
    phases: toPhases(spec, milestones, length),
    ...seriesOf(plan, spec, length),
  };
}

function lengthOf({ total }: Plan, spec: Spec): number {
  const epochs = total ?? spec_length(spec) ?? usualEpochs(spec);
  return Math.min(Math.max(1, epochs), MOST_EPOCHS);
}

function seriesOf(
  plan: Plan,
  spec: Spec,
  length: number,
): Pick<Course, "series" | "takesMetrics" | "groups"> {
  const groups = groupsFor(plan, spec);
  const built = from_spec({ param_groups: groups }, spec);
  const takesMetrics = built.takes_metrics;
  const all = takesMetrics ? runSeries(plan, spec, length) : plannedSeries(built, groups.length);
  const names = groups.map(({ name }, g) => (groups.length === 1 ? "" : (name ?? `group ${g}`)));
  return { takesMetrics, groups: groups.length, series: named(all, spec, names) };
}

/** Series under their groups' names; of what is the same for all groups, the first alone, without one. */
function named(
  all: readonly Omit<Series, "name">[],
  spec: Spec,
  names: readonly string[],
): Series[] {
  const common = new Set(
    spec.type === "Recipe"
      ? spec.schedules.filter(({ groups }) => !groups).map(({ option = "lr" }) => option)
      : [],
  );
  return all
    .filter(({ option, group }) => group === 0 || !common.has(option))
    .map((each) => ({ ...each, name: common.has(each.option) ? "" : names[each.group] }));
}

function plannedSeries(
  built: ReturnType<typeof from_spec>,
  groups: number,
): Omit<Series, "name">[] {
  if ("lr_at" in built) {
    const lrs = latest((epoch) => planned(() => built.lr_at(epoch), []));
    return Array.from({ length: groups }, (_, group) => ({
      option: "lr",
      group,
      at: (epoch) => lrs(epoch)[group],
    }));
  }
  const values = latest((epoch) => planned(() => built.values_at(epoch), []));
  return built.values_at(0).flatMap((own, group) =>
    Object.keys(own).map((option) => ({
      option,
      group,
      at: (epoch: number) => values(epoch)[group]?.[option] ?? Number.NaN,
    })),
  );
}

function runSeries(plan: Plan, spec: Spec, length: number): Omit<Series, "name">[] {
  const epochs = Math.min(length, MOST_RUN_AT_ONCE);
  return run(plan, spec, epochs).map(({ option, group, values }) => ({
    option,
    group,
    at: (epoch: number) => (epoch < epochs ? values[epoch] : Number.NaN),
  }));
}

/** Every value of a plan at every epoch, run one after another as in training; none of one too long. */
export function runCourse(plan: Plan): Run[] {
  const { length, takesMetrics } = courseOf(plan);
  if (length > MOST_RUN && !takesMetrics) return [];
  return run(plan, resolvedSpec(plan), Math.min(length, MOST_RUN));
}

/** The metric of every epoch of a plan that goes by them: the last one that is known holds on. */
export function metricsOf(plan: Plan): number[] | undefined {
  const { length, takesMetrics } = courseOf(plan);
  return takesMetrics ? Array.from({ length }, (_, epoch) => metricAt(plan, epoch)) : undefined;
}

function metricAt({ metrics = [] }: Plan, epoch: number): number {
  return metrics[epoch] ?? metrics.at(-1) ?? NO_PROGRESS;
}

function run(plan: Plan, spec: Spec, epochs: number): Run[] {
  const { values } = simulate(spec, {
    epochs,
    groups: groupsFor(plan, spec),
    metrics: (epoch) => metricAt(plan, epoch),
  });
  // A momentum that is cycled beside the lr is no curve of its own.
  const moved = spec.type === "Recipe" ? values : { lr: values.lr };
  return Object.entries(moved).flatMap(([option, lists]) =>
    lists.map((list, group) => ({ option, group, values: Float64Array.from(list) })),
  );
}

function groupsFor({ lr }: Plan, spec: Spec) {
  const groups = groups_of_spec(spec);
  return spec.type === "Recipe" ? groups : groups.map((group) => ({ ...group, lr }));
}

/** What is planned, or nothing past the end of a schedule that has one. */
function planned<T>(ask: () => T, nothing: T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}

/** Remembers the last answer, as several groups ask for the same epoch. */
function latest<T>(answer: (epoch: number) => T): (epoch: number) => T {
  let asked = -1;
  let last: T;
  return (epoch) => {
    if (epoch !== asked) last = answer(epoch);
    asked = epoch;
    return last;
  };
}
