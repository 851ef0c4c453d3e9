import { join } from "node:path";
import { type Checkpoint, loadCheckpoint, saveCheckpoint, writeWhole } from "./checkpoint.ts";
import { toCsv } from "./history.ts";
import { type Options, parseOptions, type RunOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";
import { runFolder } from "./run_folder.ts";

const RUN_OPTIONS = ["epochs", "batchSize", "optimizer", "lr", "seed"] as const;

/** The options of the run to resume; those that were given must be the same. */
function agreed(options: Options, checkpoint: Checkpoint, folder: string): RunOptions {
  for (const name of RUN_OPTIONS) {
    const saved = checkpoint.options[name];
    if (options.given.has(name) && options[name] !== saved) {
      throw new Refusal(
        `the run in ${folder} has ${name} ${saved}, so it cannot be resumed with ${options[name]}; ` +
          "nothing was changed",
      );
    }
  }
  return checkpoint.options;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const folder = runFolder(options.out, options.resume);
  const checkpoint = options.resume ? loadCheckpoint(folder) : undefined;
  const { epochs, batchSize, optimizer, lr, seed } = checkpoint
    ? agreed(options, checkpoint, folder)
    : options;

  // What takes time to load comes after all that can be refused at once.
  const [{ Run }, { drawHistory }, { makeProgress, percent }] = await Promise.all([
    import("./train.ts"),
    import("./picture.ts"),
    import("./progress.ts"),
  ]);
  const run = new Run({ epochs, batchSize, optimizer, lr, seed });
  if (checkpoint) run.restore(checkpoint);

  console.log(
    checkpoint
      ? `Resuming ${folder} after epoch ${run.history.length} of ${epochs}.`
      : `Training a 64-64-10 classifier of handwritten digits for ${epochs} epochs with ${optimizer}.`,
  );
  const progress = makeProgress(epochs, run.history.length);
  while (!run.isDone) {
    progress.show(run.trainEpoch());
    saveCheckpoint(folder, run.checkpoint());
  }
  progress.end();

  const files = { history: "history.csv", picture: "history.svg" };
  writeWhole(join(folder, files.history), toCsv(run.history));
  const picture = await drawHistory(run.history, run.scheduler.milestones);
  writeWhole(join(folder, files.picture), picture);

  console.log(`\nHeld-out accuracy: ${percent(run.history[epochs - 1].accuracy)}`);
  console.log(`History:    ${join(folder, files.history)}`);
  console.log(`Picture:    ${join(folder, files.picture)}`);
  console.log(`Checkpoint: ${join(folder, "checkpoint.json")}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
