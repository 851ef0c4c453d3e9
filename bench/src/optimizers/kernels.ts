import { inTurns, median, ratio, type Side } from "../measure.ts";
import type { PyTorch } from "../pytorch.ts";
import { figures, table, times } from "../report.ts";
import { plainAdamW, plainSGD } from "./plain_loops.ts";
import {
  noise,
  numbersIn,
  ours,
  perStep,
  sizeOf,
  stepsOf,
  theirs,
  type Workload,
} from "./workload.ts";

const ROUNDS = 15;

const SIZES: readonly [string, readonly (readonly number[])[]][] = [
  ["10,000", [[10_000]]],
  ["1,000,000", [[1_000_000]]],
  ["16,000,000", [[16_000_000]]],
  ["200 × 1,000", Array.from({ length: 200 }, () => [1_000])],
];

interface Kernel {
  readonly name: string;
  readonly kind: string;
  readonly options: object;
  readonly plain: (p: Float32Array, g: Float32Array) => () => void;
  /** Arrays that an update reads and writes. */
  readonly streams: number;
}

const KERNELS: readonly Kernel[] = [
  { name: "AdamW", kind: "AdamW", options: { lr: 1e-3 }, plain: plainAdamW, streams: 7 },
  {
    name: "SGD, momentum",
    kind: "SGD",
    options: { lr: 1e-3, momentum: 0.9 },
    plain: plainSGD,
    streams: 5,
  },
];

/** Times the most used optimizers beside PyTorch's, plain loops, and the memory's own speed. */
export async function kernels(pytorch: PyTorch | undefined): Promise<string> {
  const rows: string[][] = [];
  const streaming: string[] = [];
  for (const { name, kind, options, plain, streams } of KERNELS) {
    for (const [size, shapes] of SIZES) {
      const workload: Workload = { kind, options, shapes };
      const seconds = await inTurns(
        {
          ours: ours(workload),
          plain: plainSide(workload, plain),
          fused: theirs(pytorch, workload, "fused"),
          foreach: theirs(pytorch, workload, "foreach"),
          copy: copySide(workload),
        },
        ROUNDS,
      );
      const numbers = numbersIn(workload);
      const rate = (side: number[]) => figures(numbers / median(side) / 1e6);
      const against = (side: number[]) => [rate(side), times(ratio(side, seconds.ours))];
      rows.push([
        name,
        size,
        rate(seconds.ours),
        ...against(seconds.plain),
        ...(pytorch ? [...against(seconds.fused), ...against(seconds.foreach)] : []),
      ]);
      if (numbers > 1e7) {
        // A copy reads one array and writes one.
        const share = (ratio(seconds.copy, seconds.ours) * streams) / 2;
        const mine = bandwidth(streams * numbers, seconds.ours);
        const copied = bandwidth(2 * numbers, seconds.copy);
        streaming.push(`${name} ${mine} of the ${copied} of a copy: ${times(share)}`);
      }
      await pytorch?.call("drop_optimizers", {});
    }
  }
  const peers = ["fused", "foreach"].flatMap((peer) => [`PyTorch ${peer}`, "torch-optim ÷ it"]);
  const head = ["optimizer", "parameters", "torch-optim", "plain loop", "torch-optim ÷ it"];
  return `### Steps

float32, one thread, millions of parameters a second, from the CPU time of a step. The plain loops
are the same formulas over \`Float32Array\`s in JavaScript. The goals: as fast as PyTorch's fused
kernel at every size and 3 times as fast with 200 tensors, 3 times as fast as the plain loop, and at
16,000,000 parameters 0.8 of the speed at which a copy streams memory.

${table([[...head, ...(pytorch ? peers : [])], ...rows])}

Streaming at 16,000,000: ${streaming.join("; ")}.

Where AdamW is behind the fused kernel, it is by its square root and its division: WebAssembly's
vectors have 128 bits, and PyTorch's kernel uses those of 256 or 512. SGD has neither,
and is bound by the memory. From run to run these ratios move by a tenth. A copy counts as what it
reads and writes; that it also fetches what it overwrites, which an update has read anyway, is not
counted.`;
}

function plainSide(workload: Workload, plain: Kernel["plain"]): Side {
  const updates = workload.shapes.map((shape) => plain(noise(sizeOf(shape)), noise(sizeOf(shape))));
  return perStep(stepsOf(workload), () => {
    for (const update of updates) update();
  });
}

function copySide(workload: Workload): Side {
  const numbers = numbersIn(workload);
  const [from, to] = [noise(numbers), new Float32Array(numbers)];
  return perStep(stepsOf(workload), () => to.set(from));
}

/** Of so many float32. */
function bandwidth(numbers: number, seconds: readonly number[]): string {
  return `${figures((4 * numbers) / median(seconds) / 1e9)} GB/s`;
}
