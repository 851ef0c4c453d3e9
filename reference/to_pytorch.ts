// Writes checkpoints of ours, and how we go on from them: of every case that PyTorch has drawn.
import { readFileSync, writeFileSync } from "node:fs";
import {
  type Checkpoint,
  course,
  run_to_checkpoint,
  saved,
} from "../packages/torch-optim/test/support/checkpoint.ts";
import {
  type LBFGSRun,
  minimize,
  start_lbfgs,
} from "../packages/torch-optim/test/support/problems.ts";
import {
  type OptimizerRun,
  start_training,
  train,
  values_of,
} from "../packages/torch-optim/test/support/training.ts";

const [folder, optimizers] = process.argv.slice(2);

function read<T>(name: string, from = folder): T[] {
  return JSON.parse(readFileSync(`${from}/${name}.json`, "utf8")).cases;
}

function write(name: string, cases: readonly object[]): void {
  writeFileSync(`${folder}/${name}.json`, JSON.stringify({ cases }));
}

const DECAY = { type: "ExponentialLR", gamma: 0.9 };
const CHAIN = { type: "ChainedScheduler", schedulers: [{ type: "StepLR", step_size: 3 }, DECAY] };

/** PyTorch can go on with a composite as a later phase, although it cannot begin one. */
const LATER = [
  [DECAY, CHAIN],
  [DECAY, { type: "SequentialLR", milestones: [1], schedulers: [DECAY, DECAY] }],
].map((schedulers) => ({
  groups: [1],
  spec: { type: "SequentialLR", milestones: [2], schedulers },
  stopped: 4,
  steps: 12,
}));

const schedulers = [
  // PyTorch does not go on as the law of chains says.
  ...read<Checkpoint & { by_law?: boolean }>("from_pytorch").filter((drawn) => !drawn.by_law),
  ...read<Checkpoint>("ahead_from_pytorch"),
  ...(LATER as unknown as Checkpoint[]),
];
write(
  "schedulers_from_here",
  schedulers.map((drawn) => {
    const run = run_to_checkpoint(drawn);
    const state = saved(run);
    const { lr, momentum } = course(drawn, run);
    const compared = drawn.momentum ? { lr, momentum } : { lr };
    return { ...drawn, state, ...compared };
  }),
);

write(
  "optimizers_from_here",
  read<OptimizerRun>("optimizers_from_pytorch").map((drawn) => {
    const run = start_training(drawn);
    train(run, drawn, 0, drawn.stopped);
    return { ...drawn, state: saved(run), params: values_of(run) };
  }),
);

write(
  "lbfgs_from_here",
  read<LBFGSRun>("LBFGS", optimizers).map((drawn) => {
    const run = start_lbfgs(drawn);
    minimize(run, drawn.stopped);
    return { ...drawn, state: saved(run), params: run.params.map(({ data }) => [...data]) };
  }),
);
