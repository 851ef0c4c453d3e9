import { constants } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { announce, sayHowToGoOn } from "./announce.ts";
import {
  checkpointPath,
  formatIn,
  loadCheckpoint,
  orDamaged,
  saveCheckpoint,
  savePyTorch,
} from "./checkpoint.ts";
import { toCsv } from "./history.ts";
import { type CheckpointFormat, flag, parseCommandLine, type RunOptions } from "./options.ts";
import { makeProgress, percent } from "./progress.ts";
import { Refusal } from "./refusal.ts";
import { newFolder, oldFolder } from "./run_folder.ts";
import { listenForStop, stopSignal } from "./stop.ts";
import type { Run } from "./train.ts";
import { writeWhole } from "./write_whole.ts";

async function main(): Promise<void> {
  const { options, given, out, resume, checkpointFormat } = await parseCommandLine(
    process.argv.slice(2),
  );
  listenForStop();
  const folder = resume ? oldFolder(out) : newFolder(out);
  const format = resume ? ownFormat(folder, checkpointFormat) : (checkpointFormat ?? "json");
  const run = resume ? await resumeRun(folder, given) : await beginRun(folder, options, format);
  console.log(announce(run, folder, resume));
  await train(run, folder, format);
  const signal = stopSignal();
  if (signal && !run.isDone) {
    console.log(sayHowToGoOn(run, folder));
    process.exitCode = 128 + constants.signals[signal];
  } else {
    await report(run, folder);
  }
}

/** A fresh run; its first checkpoint is there before its first epoch. */
async function beginRun(
  folder: string,
  options: RunOptions,
  format: CheckpointFormat,
): Promise<Run> {
  const { Run } = await import("./train.ts");
  const run = new Run(options);
  await save(run, folder, format);
  return run;
}

async function save(run: Run, folder: string, format: CheckpointFormat): Promise<void> {
  if (format === "pt") await savePyTorch(folder, run, run.parts);
  else saveCheckpoint(folder, run.checkpoint());
}

/** How the run in a folder keeps its checkpoints, which must be as the user says, if at all. */
function ownFormat(folder: string, wanted: CheckpointFormat | undefined): CheckpointFormat {
  const own = formatIn(folder) ?? "json";
  if (wanted === undefined || wanted === own) return own;
  throw new Refusal(
    `the run in ${folder} keeps its checkpoints as ${own} and cannot go on with ` +
      `--checkpoint-format ${wanted}; nothing was changed`,
  );
}

/** The run in a folder, if it is the one with the given options. */
async function resumeRun(folder: string, given: Partial<RunOptions>): Promise<Run> {
  const checkpoint = loadCheckpoint(folder);
  for (const name of Object.keys(given) as (keyof RunOptions)[]) {
    const own = checkpoint.options[name];
    if (!isDeepStrictEqual(given[name], own)) {
      throw new Refusal(
        `the run in ${folder} began with ${flag(name)} ${show(own)} and cannot go on with ` +
          `${show(given[name])}, ` +
          "since its schedule, data and parameters follow from its options; nothing was changed",
      );
    }
  }
  const { Run } = await import("./train.ts");
  return orDamaged(folder, () => Run.resume(checkpoint));
}

function show(value: unknown): string {
  if (value === null) return "of its own";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Trains until the run is done or asked to stop. */
async function train(run: Run, folder: string, format: CheckpointFormat): Promise<void> {
  const progress = makeProgress(run.options.epochs, run.history);
  try {
    while (!run.isDone && !stopSignal()) {
      const epoch = run.trainEpoch();
      await save(run, folder, format);
      progress.show(epoch);
      await setImmediate(); // Signals are heard here.
    }
  } finally {
    progress.end();
  }
}

/** Writes the history and its picture, and says how it went and where all is. */
async function report({ history, schedule }: Run, folder: string): Promise<void> {
  const { drawHistory } = await import("./picture.ts");
  const csv = join(folder, "history.csv");
  const svg = join(folder, "history.svg");
  writeWhole(csv, toCsv(history));
  writeWhole(svg, drawHistory(history, schedule.phases));
  console.log(`\nHeld-out accuracy: ${percent(history[history.length - 1].accuracy)}`);
  console.log(`History:    ${csv}`);
  console.log(`Picture:    ${svg}`);
  console.log(`Checkpoint: ${checkpointPath(folder)}`);
}

/** Whether the system refused something: a folder that cannot be written, a full disk. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

// A reader that has seen enough, such as head, ends the run as quietly as Ctrl-C does.
process.stdout.on("error", () => process.exit(1));

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal || isSystemError(error))) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
