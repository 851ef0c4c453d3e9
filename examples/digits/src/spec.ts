import { existsSync, readFileSync } from "node:fs";
import {
  parse_spec,
  type SchedulerSpec,
  SpecError,
  SpecSyntaxError,
  simulate,
} from "torch-optim/lr_scheduler";

/**
 * Reads a schedule: a file, `-` for standard input, or the spec itself in its short form.
 *
 * @throws Error with everything that is wrong with it, or if it ends before the run does.
 */
export function readSpec(argument: string, epochs: number): SchedulerSpec {
  const isFile = argument === "-" || existsSync(argument) || argument.endsWith(".json");
  const text = isFile ? readFileSync(argument === "-" ? 0 : argument, "utf8") : argument;
  const spec = checked(text);
  // The run takes a step after its last epoch too.
  simulate(spec, { epochs: epochs + 1, metrics: () => 0 });
  return spec;
}

function checked(text: string): SchedulerSpec {
  try {
    return parse_spec(text);
  } catch (error) {
    // A mistake in the short form is shown on further lines; the first one says it all.
    if (error instanceof SpecSyntaxError) throw new Error(error.message.split("\n", 1)[0]);
    if (!(error instanceof SpecError)) throw error;
    throw new Error(error.problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
  }
}

/** Whether some scheduler in it judges a metric. */
export function takesMetrics(spec: SchedulerSpec): boolean {
  return JSON.stringify(spec).includes('"ReduceLROnPlateau"');
}
