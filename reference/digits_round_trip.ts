// One end of the digits' round trip: begins a run and stops it, or goes on with what PyTorch hands back,
// and compares its losses with those of a run that never left.
import { loadCheckpoint, savePyTorch } from "../examples/digits/src/checkpoint.ts";
import type { RunOptions } from "../examples/digits/src/options.ts";
import { Run } from "../examples/digits/src/train.ts";

const [end, folder] = process.argv.slice(2);
const OPTIONS: RunOptions = {
  epochs: 30,
  batchSize: 128,
  optimizer: "adamw",
  lr: 0.03,
  seed: 0,
  schedule: null,
};
const STOPPED = 10;
const HANDED_BACK = 20;

function train(run: Run, until: number): Run {
  while (run.history.length < until) run.trainEpoch();
  return run;
}

if (end === "begin") {
  const run = train(new Run(OPTIONS), STOPPED);
  await savePyTorch(folder, run, run.parts);
} else {
  const back = Run.resume(loadCheckpoint(folder));
  if (back.history.length !== HANDED_BACK) throw new Error(`at epoch ${back.history.length}`);
  train(back, OPTIONS.epochs);
  const whole = train(new Run(OPTIONS), OPTIONS.epochs);
  const differences = whole.history.map(({ loss }, i) => Math.abs(loss - back.history[i].loss));
  for (const [i, { loss, lr }] of whole.history.entries()) {
    if (Math.abs(lr - back.history[i].lr) > 1e-12 * OPTIONS.lr) throw new Error(`lr of epoch ${i}`);
    const side = i < STOPPED || i >= HANDED_BACK ? "Node.js" : "PyTorch";
    if (i % 5 !== 4) continue;
    const losses = [loss, back.history[i].loss].map((each) => each.toFixed(6));
    console.log(
      `epoch ${i + 1} in ${side}: loss ${losses[1]}, and ${losses[0]} in a run that stays`,
    );
  }
  const largest = Math.max(...differences);
  console.log(
    `the losses of all ${OPTIONS.epochs} epochs differ by at most ${largest.toExponential(1)}`,
  );
  if (largest > 1e-3) throw new Error("that is more than float noise");
}
