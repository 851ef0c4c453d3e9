import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunOptions } from "../../examples/digits/src/options.ts";
import { runAlone } from "./child.ts";
import type { Training } from "./digits/train.ts";
import { ROOT } from "./machine.ts";
import { inTurns, median, ratio, wallSeconds } from "./measure.ts";
import { PyTorch } from "./pytorch.ts";
import { duration, table, times } from "./report.ts";

const EXAMPLE = join(ROOT, "examples", "digits");
const OPTIONS: RunOptions = {
  epochs: 100,
  batchSize: 128,
  optimizer: "adamw",
  lr: 0.03,
  seed: 0,
  schedule: null,
};
const ROUNDS = 5;

/** What the main job takes, from start to end and in training alone. */
export async function* digits(pytorch: PyTorch | undefined): AsyncGenerator<string> {
  const ours: Training[] = [];
  const theirs: Training[] = [];
  const whole = await inTurns(
    {
      ours: () => {
        ours.push(train());
        return wallSeconds(runExample);
      },
      theirs: () => (pytorch ? wallSeconds(async () => theirs.push(await trainInPyTorch())) : 0),
    },
    ROUNDS,
    0,
  );
  const row = (what: string, mine: number[], others: number[]) => [
    what,
    duration(median(mine)),
    ...(pytorch ? [duration(median(others)), times(ratio(mine, others))] : []),
  ];
  const seconds = (kind: "wall" | "cpu") =>
    [ours, theirs].map((runs) => runs.map((run) => run[kind])) as [number[], number[]];
  const accuracy = (runs: Training[]) =>
    `${(100 * median(runs.map((run) => run.accuracy))).toFixed(1)} %`;
  yield `## The handwritten digits

The main job, \`npm start\`: a 64-64-10 classifier, ${OPTIONS.epochs} epochs in batches of ${OPTIONS.batchSize}, AdamW under a
\`SequentialLR\` of a warm-up and a cosine, the images held out classified after every epoch. With
torch-optim, jax-js computes the gradients, on its wasm device; PyTorch does all of it, on the same
data, with one thread. Every run has a process of its own. Training is the epochs alone; the whole
program also loads its libraries and the data, saves a checkpoint after every epoch and, with
torch-optim alone, draws its picture at the end.

${table([
  ["digits", "torch-optim, jax-js", ...(pytorch ? ["PyTorch", "torch-optim ÷ PyTorch"] : [])],
  row("training", ...seconds("wall")),
  row("training, CPU time", ...seconds("cpu")),
  row("whole program", whole.ours, whole.theirs),
  ["held-out accuracy", accuracy(ours), ...(pytorch ? [accuracy(theirs), ""] : [])],
])}`;
}

function train(): Training {
  return runAlone(join(import.meta.dirname, "digits", "train.ts"), [JSON.stringify(OPTIONS)]);
}

/** What `npm start` runs. */
function runExample(): void {
  const folder = mkdtempSync(join(tmpdir(), "torch-optim-bench-"));
  const { epochs, batchSize, optimizer, lr, seed } = OPTIONS;
  const options = {
    "--epochs": epochs,
    "--batch-size": batchSize,
    "--optimizer": optimizer,
    "--lr": lr,
    "--seed": seed,
    "--out": join(folder, "run"),
  };
  const program = join(EXAMPLE, "src", "main.ts");
  const args = Object.entries(options).flat().map(String);
  try {
    execFileSync(process.execPath, [...process.execArgv, program, ...args]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function trainInPyTorch(): Promise<Training> {
  const pytorch = await PyTorch.start();
  if (!pytorch) throw new Error("the PyTorch that was there is gone");
  const data = readFileSync(join(EXAMPLE, "data", "digits.csv.gz")).toString("base64");
  const { epochs, batchSize: batch_size, lr } = OPTIONS;
  const training = await pytorch.call<Training>("train", { data, epochs, batch_size, lr });
  await pytorch.end();
  return training;
}
