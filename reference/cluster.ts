// One end of the digits' way through a cluster: begins a run and stops it, or goes on with what came back and
// compares it with a run that never left, and with the learning rates that every process had.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check_spec, type SchedulerSpec } from "torch-optim/lr_scheduler";
import { loadCheckpoint, savePyTorch } from "../examples/digits/src/checkpoint.ts";
import type { RunOptions } from "../examples/digits/src/options.ts";
import { Run } from "../examples/digits/src/train.ts";

const [end, folder] = process.argv.slice(2);
const FILE = join(import.meta.dirname, "..", "examples", "cluster", "schedule.json");
const schedule: SchedulerSpec = JSON.parse(readFileSync(FILE, "utf8"));
if (check_spec(schedule).length > 0) throw new Error("the schedule is none");
const OPTIONS: RunOptions = {
  epochs: 120,
  batchSize: 128,
  optimizer: "adamw",
  lr: 0.03,
  seed: 0,
  schedule,
};
const [STOPPED, HANDED_BACK] = [40, 80];
const BATCHES = 12;

function train(run: Run, until: number): Run {
  while (run.history.length < until) run.trainEpoch();
  return run;
}

/** What `float.hex` of Python writes. */
function of_hexadecimal(text: string): number {
  const [, whole, digits, exponent] = /^0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text) ?? [];
  return (
    (Number(whole) + Number.parseInt(digits, 16) / 16 ** digits.length) * 2 ** Number(exponent)
  );
}

/** The lr of every step of a process, as written. */
function lrs_in(path: string): string[] {
  return JSON.parse(readFileSync(path, "utf8"));
}

function compare(run: Run, whole: Run): number {
  const losses = whole.history.map(({ loss }, i) => Math.abs(loss - run.history[i].loss));
  return Math.max(...losses);
}

if (end === "begin") {
  const run = train(new Run(OPTIONS), STOPPED);
  await savePyTorch(folder, run, run.parts);
} else {
  const back = Run.resume(loadCheckpoint(folder));
  if (back.history.length !== HANDED_BACK) throw new Error(`at epoch ${back.history.length}`);
  train(back, OPTIONS.epochs);
  const whole = train(new Run(OPTIONS), OPTIONS.epochs);

  const logs = readdirSync(join(folder, "lrs")).map((name) => lrs_in(join(folder, "lrs", name)));
  const [first] = logs;
  const same = logs.every((log) => JSON.stringify(log) === JSON.stringify(first));
  if (!same || first.length !== (HANDED_BACK - STOPPED) * BATCHES) throw new Error("other lrs");
  const processes = logs.length === 1 ? "1 process" : `${logs.length} processes`;
  console.log(`${processes} had the same lr to the last bit in ${first.length} steps`);
  const distances = first.map((lr, k) => {
    const epoch = STOPPED + Math.floor(k / BATCHES);
    return Math.abs(of_hexadecimal(lr) - whole.history[epoch].lr) / OPTIONS.lr;
  });
  const farthest = Math.max(...distances);
  console.log(`it is within ${farthest.toExponential(1)} of the largest lr of Node.js's`);
  if (farthest > 1e-12) throw new Error("that is too far");

  const difference = compare(back, whole);
  console.log(
    `the losses of all ${OPTIONS.epochs} epochs are within ${difference.toExponential(1)} of a run that stays`,
  );
  if (difference > 1e-3) throw new Error("that is more than float noise");
}
