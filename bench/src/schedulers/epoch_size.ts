import * as torch from "torch-optim";
import { cpuSeconds, inTurns, median, ratio, type Side } from "../measure.ts";
import { duration, table, times } from "../report.ts";
import { baseLrs, deepbox } from "./warmup_cosine.ts";

const EPOCHS = [1e3, 1e6, 1e9] as const;
const HORIZON = 1.5e9;
const WARM_UP = 500;
const ROUNDS = 25;

/** Times `lr_at` and construction with `last_epoch` at epochs near and far. */
export async function epochSize(): Promise<string> {
  const rows: string[][] = [];
  for (const phases of [2, 1000]) {
    const { optimizer, schedulers, milestones } = cycles(phases);
    const make = (last_epoch: number) =>
      new torch.optim.SequentialLR(optimizer, { schedulers, milestones, last_epoch });
    const scheduler = make(-1);
    const sides: [string, number, (epoch: number) => unknown][] = [
      ["`lr_at(epoch)`", 10_000, (epoch) => scheduler.lr_at(epoch)],
      ["`new SequentialLR(…, { last_epoch })`", 20_000 / phases, make],
    ];
    for (const [what, count, call] of sides) {
      const [near, middle, far] = EPOCHS;
      const seconds = await inTurns(
        {
          near: repeated(count, () => call(near)),
          middle: repeated(count, () => call(middle)),
          far: repeated(count, () => call(far)),
        },
        ROUNDS,
      );
      rows.push([
        String(phases),
        what,
        duration(median(seconds.near)),
        duration(median(seconds.middle)),
        duration(median(seconds.far)),
        times(ratio(seconds.far, seconds.near)),
      ]);
    }
  }
  rows.push(await deepboxRow());
  return `### Epochs far away

\`lr_at\` and construction with \`last_epoch\`, in CPU time, of sequences that alternate warm-ups and
cosines; the phases are there already. Construction looks at every phase once, whatever the epoch.
PyTorch's \`SequentialLR\` cannot be built at an epoch, and deepbox steps there.

${table([["phases", "call", ...EPOCHS.map((epoch) => `epoch ${exponent(epoch)}`), "1e9 ÷ 1e3"], ...rows])}`;
}

function exponent(epoch: number): string {
  return `1e${Math.log10(epoch)}`;
}

/** Warm-ups and cosines in turn; every epoch that is asked for falls into a cosine. */
function cycles(phases: number) {
  const optimizer = new torch.optim.SGD([new torch.Parameter([0])], { lr: 0.1 });
  const period = (2 * HORIZON) / phases;
  const starts = Array.from({ length: phases / 2 }, (_, cycle) => cycle * period);
  const schedulers = starts.flatMap(() => [
    new torch.optim.LinearLR(optimizer, { total_iters: WARM_UP }),
    new torch.optim.CosineAnnealingLR(optimizer, { T_max: period - WARM_UP }),
  ]);
  const milestones = starts.flatMap((start) => [start, start + WARM_UP]).slice(1);
  return { optimizer, schedulers, milestones };
}

function repeated(count: number, call: () => unknown): Side {
  return () =>
    cpuSeconds(() => {
      for (let i = 0; i < count; i++) call();
    }) / count;
}

async function deepboxRow(): Promise<string[]> {
  const [near, middle] = EPOCHS;
  const lengths = { warmup: WARM_UP, cosine: HORIZON };
  const seconds = await inTurns(
    {
      near: repeated(20, () => deepbox(baseLrs(1), lengths, near)),
      middle: repeated(1, () => deepbox(baseLrs(1), lengths, middle)),
    },
    5,
    1,
  );
  const what = "deepbox's `new SequentialLR(…, { lastEpoch })`";
  return ["2", what, duration(median(seconds.near)), duration(median(seconds.middle)), "–", "–"];
}
