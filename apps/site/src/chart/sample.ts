import type { Plan } from "../studio/plan.ts";
import { type Course, courseOf, type Series } from "./course.ts";
import type { ChartLine } from "./line.ts";

/** A stretch of epochs, and into how many columns of pixels it is drawn. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** The lines of an option of a plan, as many points as can be seen: each column, each phase's ends. */
export function sampleOption(plan: Plan, option: string, window: Window, style = 0): ChartLine[] {
  const course = courseOf(plan);
  const epochs = epochsIn(course, window);
  return course.series
    .filter((series) => series.option === option)
    .map((series, i) => toLine(series, epochs, style + i));
}

/** The options that a plan moves, the lr first. */
export function optionsOf(plan: Plan): string[] {
  const options = new Set(courseOf(plan).series.map(({ option }) => option));
  return [...options].sort((a, b) => Number(b === "lr") - Number(a === "lr"));
}

function toLine({ name, at }: Series, epochs: Float64Array, style: number): ChartLine {
  return { name, style, epochs, values: epochs.map(at), at };
}

/** In their order: one in each column, and where phases begin and end. */
function epochsIn({ length, phases }: Course, { from, to, columns }: Window): Float64Array {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(Math.ceil(to), length - 1);
  const count = last - first + 1;
  if (count <= columns) return Float64Array.from({ length: count }, (_, i) => first + i);
  const seen = new Set<number>();
  for (let i = 0; i <= columns; i++) seen.add(Math.round(first + ((last - first) * i) / columns));
  for (const { start } of phases) {
    for (const epoch of [start - 1, start]) if (epoch >= first && epoch <= last) seen.add(epoch);
  }
  return Float64Array.from(seen).sort();
}
