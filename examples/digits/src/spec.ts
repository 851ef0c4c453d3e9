import { type SchedulerSpec, simulate } from "torch-optim/lr_scheduler";
import { readSpec } from "torch-optim-cli/spec_source";

/**
 * Reads a schedule: a file, `-` for standard input, or the spec itself in its short form.
 *
 * @throws Error with everything that is wrong with it, or if it ends before the run does.
 */
export async function readSchedule(argument: string, epochs: number): Promise<SchedulerSpec> {
  const { spec } = await readSpec(argument).catch((error: Error) => {
    throw new Error(inOneLine(error.message), { cause: error });
  });
  if (spec.type === "Recipe") throw new Error("it must be one schedule of the lr, got a recipe");
  // The run takes a step after its last epoch too.
  simulate(spec, { epochs: epochs + 1, metrics: () => 0 });
  return spec;
}

/** All mistakes, without the lines that show where in a text they are. */
function inOneLine(message: string): string {
  return message
    .split("\n")
    .filter((line) => !/^\s/.test(line))
    .join("; ");
}
