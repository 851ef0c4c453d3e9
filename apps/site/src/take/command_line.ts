import { courseOf } from "../chart/course.ts";
import { SHORT_FORM } from "../editors/short_form.ts";
import type { Plan } from "../studio/plan.ts";

/** What a plan's metrics are saved as, for the command line to read. */
export const METRICS_FILE = "metrics.txt";

/** The line that draws a sound plan in a terminal. */
export function commandLine(plan: Plan): string {
  const { lr, total, stepsPerEpoch, spec } = plan;
  const options = [
    ["--lr", spec.type === "Recipe" ? undefined : lr],
    ["--epochs", total],
    ["--total", total],
    ["--steps-per-epoch", stepsPerEpoch],
    ["--metrics", courseOf(plan).takesMetrics ? METRICS_FILE : undefined],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  return ["npx torch-optim-cli plot", quoted(SHORT_FORM.write(plan)), ...options].join(" ");
}

/** A text as one word of a shell, in which it changes nothing. */
function quoted(text: string): string {
  if (!/["$`\\!%]/.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
