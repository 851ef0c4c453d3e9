import { courseOf, MOST_RUN, runCourse } from "../chart/course.ts";
import type { Plan } from "../studio/plan.ts";
import { TooLong } from "./too_long.ts";

/**
 * Every value of a sound plan at every step, exactly, as CSV: a column for each option of each group.
 *
 * @throws TooLong if it has more steps than are run here.
 */
export function tableOf(plan: Plan): string {
  const { length, series } = courseOf(plan);
  if (length > MOST_RUN) throw new TooLong(length);
  const runs = runCourse(plan);
  const columns = series.map(({ option, group, name }) => ({
    title: [option, name].filter(Boolean).join(" "),
    values: runs.find((run) => run.option === option && run.group === group)?.values ?? [],
  }));
  const lines = [["step", ...columns.map(({ title }) => cell(title))].join(",")];
  for (let step = 0; step < length; step++) {
    lines.push([step, ...columns.map(({ values }) => values[step])].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** A title as CSV has it: in quotes where it must be. */
function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
