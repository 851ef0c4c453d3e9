import { join } from "node:path";
import { format_spec, to_spec } from "torch-optim/lr_scheduler";
import { quoted } from "./shell.ts";
import type { Run } from "./train.ts";

/** What is said of a run. */
type Subject = Pick<Run, "history" | "isDone" | "options" | "schedule">;

/** What is said before a run begins, or goes on. */
export function announce(run: Subject, folder: string, resume: boolean): string {
  const { epochs, optimizer } = run.options;
  if (run.isDone) return `The run in ${folder} is finished: ${allOf(epochs)} done.`;
  return [
    resume
      ? `Resuming the run in ${folder} after epoch ${run.history.length} of ${epochs}.`
      : `Training a digit classifier with ${optimizer} for ${count(epochs)} in ${folder}.`,
    howToPlot(run, folder),
  ].join("\n");
}

/** What is said when a run was stopped. */
export function sayHowToGoOn({ history, options }: Subject, folder: string): string {
  // A name that begins with a dash would be taken for an option.
  const name = quoted(folder.startsWith("-") ? `./${folder}` : folder);
  return [
    `\nStopped after epoch ${history.length} of ${options.epochs}. To go on:`,
    `npm start -- --resume --out ${name}`,
  ].join("\n");
}

/** What draws a run's schedule; one that goes by the losses is known when they are. */
function howToPlot({ options, schedule }: Subject, folder: string): string {
  const { scheduler } = schedule;
  const { epochs, lr } = options;
  const spec = quoted(format_spec(to_spec(scheduler)));
  const command = `npm run torch-optim -- plot ${spec} --lr ${lr} --epochs ${epochs}`;
  if (!scheduler.takes_metrics) return `To see the schedule that it trains under:\n${command}\n`;
  const losses = `tail -n +2 ${quoted(join(folder, "history.csv"))} | cut -d, -f4`;
  return `To see, in the end, the schedule that it trained under:\n${losses} | ${command} --metrics -\n`;
}

function count(epochs: number): string {
  return epochs === 1 ? "1 epoch" : `${epochs} epochs`;
}

function allOf(epochs: number): string {
  return epochs === 1 ? "its 1 epoch is" : `all of its ${epochs} epochs are`;
}
