import { thin } from "torch-optim-cli/thin";
import type { Plan } from "../studio/plan.ts";
import { courseOf, type Run, type Series } from "./course.ts";
import { type ChartLine, type ChartPhase, valueAt } from "./line.ts";

/** A stretch of epochs, and into how many columns of pixels it is drawn. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/**
 * The lines of an option of a plan, as many points as can be seen: each column, each phase's ends. Where
 * the plan was run from its first epoch to its last, no extreme between them is missing.
 */
export function sampleOption(
  plan: Plan,
  option: string,
  window: Window,
  style = 0,
  runs: readonly Run[] = [],
): ChartLine[] {
  const { length, phases, series } = courseOf(plan);
  const seen = within(window, length);
  const epochs = epochsIn(phases, seen);
  return series
    .filter((each) => each.option === option)
    .map((each) => {
      const own = style + each.group;
      const run = runs.find((run) => run.option === option && run.group === each.group);
      return run ? thinned(each, run, seen, own) : sampled(each, epochs, own);
    });
}

/** The options that a plan moves, the lr first. */
export function optionsOf(plan: Plan): string[] {
  const options = new Set(courseOf(plan).series.map(({ option }) => option));
  return [...options].sort((a, b) => Number(b === "lr") - Number(a === "lr"));
}

function sampled({ name, at }: Series, epochs: Float64Array, style: number): ChartLine {
  return { name, style, epochs, values: epochs.map(at), at };
}

function thinned({ name }: Series, { values }: Run, seen: Window, style: number): ChartLine {
  const { from, to, columns } = seen;
  const points = thin(values.subarray(from, to + 1), columns);
  return {
    name,
    style,
    epochs: Float64Array.from(points, ([epoch]) => from + epoch),
    values: Float64Array.from(points, ([, value]) => value),
    at: (epoch) => values[epoch],
  };
}

/** As many points of a line as can be seen, without those of any extreme missing. */
export function thinLine(line: ChartLine, { from, to, columns }: Window): ChartLine {
  const epochs = Float64Array.from(line.epochs);
  const first = Math.max(0, epochs.findIndex((epoch) => epoch >= from) - 1);
  const beyond = epochs.findIndex((epoch) => epoch > to);
  const last = beyond < 0 ? epochs.length : beyond + 1;
  const points = thin(Float64Array.from(line.values).subarray(first, last), Math.max(1, columns));
  return {
    at: (epoch) => valueAt(line, epoch),
    ...line,
    epochs: Float64Array.from(points, ([i]) => epochs[first + i]),
    values: Float64Array.from(points, ([, value]) => value),
  };
}

/** The first and the last epoch that can be seen. */
function within({ from, to, columns }: Window, length: number): Window {
  return {
    from: Math.max(0, Math.floor(from)),
    to: Math.min(Math.ceil(to), length - 1),
    columns: Math.max(1, Math.floor(columns)),
  };
}

/** In their order: one in each column, and where phases begin and end. */
function epochsIn(phases: readonly ChartPhase[], { from, to, columns }: Window): Float64Array {
  const apart = Math.max(1, (to - from) / columns);
  const ends = phases.flatMap(({ start }) => [start - 1, start]).values();
  const epochs: number[] = [];
  const add = (epoch: number) => {
    if (epoch >= from && epoch <= to && epoch !== epochs.at(-1)) epochs.push(epoch);
  };
  let end = ends.next();
  for (let i = 0; from + i * apart <= to; i++) {
    const epoch = Math.round(from + i * apart);
    for (; !end.done && end.value < epoch; end = ends.next()) add(end.value);
    add(epoch);
  }
  for (const later of ends) add(later);
  add(to);
  return Float64Array.from(epochs);
}
