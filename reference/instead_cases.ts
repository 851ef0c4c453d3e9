// Writes the specs of which it is to be known what PyTorch itself makes of them: random ones. `instead.py` builds and runs them.
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { writable_tree } from "../packages/torch-optim/test/support/arbitrary.ts";
import type { Spec } from "../packages/torch-optim/test/support/spec.ts";

const STEPS = 24;
const EACH = 180;
const DEEPEST = 3;

/** What is at home in this library alone: PyTorch has nothing to compare with. */
const OURS = ["RampLR", "KeyframesLR"];

function depthOf({ schedulers = [] }: Spec): number {
  return 1 + Math.max(0, ...schedulers.map(depthOf));
}

function isPyTorchs({ type, starts, schedulers = [] }: Spec): boolean {
  return !OURS.includes(type) && starts === undefined && schedulers.every(isPyTorchs);
}

/** Whether PyTorch refuses it for a metric, as it does anything with such a scheduler in it. */
function takesMetrics({ type, schedulers = [] }: Spec): boolean {
  return type === "ReduceLROnPlateau" || type === "GreedyLR" || schedulers.some(takesMetrics);
}

const specs = fc
  .sample(writable_tree, { numRuns: 30_000, seed: 20261127 })
  .filter((spec) => spec.schedulers && depthOf(spec) <= DEEPEST && isPyTorchs(spec));
const planned = specs.filter((spec) => !takesMetrics(spec));
const chosen = [
  ...planned.filter((spec) => depthOf(spec) === 2).slice(0, EACH),
  ...planned.filter((spec) => depthOf(spec) === 3).slice(0, EACH),
  ...specs.filter(takesMetrics).slice(0, EACH / 6),
];
const cases = chosen.map((spec) => ({
  groups: [0.5],
  optimizer: ["SGD", { lr: 0.5, momentum: 0.9 }],
  spec,
  steps: STEPS,
}));
writeFileSync(process.argv[2], JSON.stringify(cases));
