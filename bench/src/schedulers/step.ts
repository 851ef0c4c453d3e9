import { cpuSeconds, inTurns, median, ratio, type Side } from "../measure.ts";
import type { PyTorch } from "../pytorch.ts";
import { duration, table, times } from "../report.ts";
import { BareLoop, baseLrs, deepbox, type Lengths, torchOptim } from "./warmup_cosine.ts";

const LENGTHS: Lengths = { warmup: 1_000, cosine: 9_000 };
const EPOCHS = LENGTHS.warmup + LENGTHS.cosine;
const ROUNDS = 25;
/** Of one group; with more groups, a schedule takes longer and fewer are enough. */
const SCHEDULES = 20;

/** Times `step()` with 1, 8 and 64 parameter groups. */
export async function step(pytorch: PyTorch | undefined): Promise<string> {
  const rows: string[][] = [];
  for (const groups of [1, 8, 64]) {
    const lrs = baseLrs(groups);
    const schedules = Math.ceil(SCHEDULES / groups);
    checkBareLoop(lrs);
    const seconds = await inTurns(
      {
        ours: perEpoch(schedules, () => stepping(torchOptim(lrs, LENGTHS))),
        bare: perEpoch(schedules, () => looping(new BareLoop(lrs, LENGTHS))),
        deepbox: perEpoch(schedules, () => stepping(deepbox(lrs, LENGTHS))),
        pytorch: () => pytorch?.call("seconds_per_step", { lrs, ...LENGTHS }) ?? Number.NaN,
      },
      ROUNDS,
    );
    const { ours } = seconds;
    const against = (others: number[]) => [duration(median(others)), times(ratio(others, ours))];
    rows.push([
      String(groups),
      duration(median(ours)),
      duration(median(seconds.bare)),
      times(ratio(ours, seconds.bare)),
      ...(pytorch ? against(seconds.pytorch) : []),
      ...against(seconds.deepbox),
    ]);
  }
  const head = ["groups", "torch-optim", "bare loop", "torch-optim ÷ bare loop"];
  const peers = (pytorch ? ["PyTorch", "deepbox"] : ["deepbox"]).flatMap((peer) => [
    peer,
    `${peer} ÷ torch-optim`,
  ]);
  return `### A step

One \`step()\` of a \`SequentialLR\` of a linear warm-up (${figure(LENGTHS.warmup)} epochs) and a cosine
(${figure(LENGTHS.cosine)} epochs), in CPU time, over the whole schedule, with 1, 8 and 64 parameter groups.
The bare loop is the floor: PyTorch's formulas on plain \`{ lr }\` objects, written out for this one
schedule, with no call inside; its lr agree with torch-optim's at every epoch. deepbox's are its own
\`SequentialLR\`, \`LinearLR\` and \`CosineAnnealingLR\`: the same shape, though not the same lr, since
its phases take up the lr that the ones built before them left, and count their epochs from 1. The
goals: at most 6 times the bare loop with one group and 12 times with 64, and at least 20 times as
fast as PyTorch. Beside the formula, a step finds the phase in force, looks for groups that were
added, and computes and checks every lr before it writes the first.

${table([[...head, ...peers], ...rows])}`;
}

function figure(n: number): string {
  return n.toLocaleString("en");
}

/** Makes schedules and runs each to its end: a side that gives the mean time of an epoch. */
function perEpoch(schedules: number, make: () => () => void): Side {
  return () => {
    let seconds = 0;
    for (let i = 0; i < schedules; i++) seconds += cpuSeconds(make());
    return seconds / (schedules * EPOCHS);
  };
}

function stepping(scheduler: { step(): void }): () => void {
  return () => {
    for (let epoch = 0; epoch < EPOCHS; epoch++) scheduler.step();
  };
}

function looping(loop: BareLoop): () => void {
  return () => loop.run(EPOCHS);
}

/** The floor counts only if it computes the same. */
function checkBareLoop(lrs: readonly number[]): void {
  const scheduler = torchOptim(lrs, LENGTHS);
  const bare = new BareLoop(lrs, LENGTHS);
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    scheduler.step();
    bare.run(1);
    for (const [g, { lr }] of scheduler.optimizer.param_groups.entries()) {
      if (!(Math.abs(lr - bare.groups[g].lr) <= 1e-12 * lrs[g])) {
        throw new Error(`the bare loop has lr ${bare.groups[g].lr} at epoch ${epoch}, not ${lr}`);
      }
    }
  }
}
