/** Trains the example with the options it is given as JSON, and prints what that took. */

import type { RunOptions } from "../../../examples/digits/src/options.ts";
import { Run } from "../../../examples/digits/src/train.ts";
import { cpuSeconds, wallSeconds } from "../measure.ts";

/** The seconds that all epochs took, and how well the images held out are known in the end. */
export interface Training {
  readonly wall: number;
  readonly cpu: number;
  readonly accuracy: number;
}

const options: RunOptions = JSON.parse(process.argv[2]);
const run = new Run(options);
let cpu = 0;
const wall = await wallSeconds(() => {
  cpu = cpuSeconds(() => {
    while (!run.isDone) run.trainEpoch();
  });
});
const training: Training = { wall, cpu, accuracy: run.history[run.history.length - 1].accuracy };
console.log(JSON.stringify(training));
