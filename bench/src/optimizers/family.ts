import { inTurns, median, ratio } from "../measure.ts";
import type { PyTorch } from "../pytorch.ts";
import { figures, table, times } from "../report.ts";
import { numbersIn, ours, stepsOf, theirs, type Workload } from "./workload.ts";

const ROUNDS = 9;
const SHAPES = [[1_000, 1_000]];

type Implementation = "fused" | "foreach" | null;

/** All optimizers, and PyTorch's implementations of each. */
const FAMILY: readonly [string, object, readonly Implementation[]][] = [
  ["SGD", { lr: 1e-3 }, ["fused", "foreach"]],
  ["Adam", {}, ["fused", "foreach"]],
  ["AdamW", {}, ["fused", "foreach"]],
  ["NAdam", {}, ["foreach", null]],
  ["RAdam", {}, ["foreach", null]],
  ["Adamax", {}, ["foreach", null]],
  ["Adagrad", {}, ["fused", "foreach"]],
  ["Adadelta", {}, ["foreach", null]],
  ["RMSprop", {}, ["foreach", null]],
  ["Rprop", {}, ["foreach", null]],
  ["ASGD", {}, ["foreach", null]],
  ["Adafactor", {}, ["foreach", null]],
  ["Muon", {}, [null]],
  ["LBFGS", { lr: 1e-3, max_iter: 5, history_size: 10 }, [null]],
];

/** Steps of a matrix product's size take long; a turn has fewer of them. */
const FEW: readonly string[] = ["Muon", "LBFGS"];

/** Times every optimizer on one matrix beside PyTorch's fastest implementation of it. */
export async function family(pytorch: PyTorch | undefined): Promise<string> {
  const rows: string[][] = [];
  for (const [kind, options, implementations] of FAMILY) {
    const workload: Workload = { kind, options, shapes: SHAPES };
    const steps = FEW.includes(kind) ? 1 : stepsOf(workload);
    const sides = implementations.map((implementation) => [
      implementation ?? "for-loop",
      theirs(pytorch, workload, implementation, steps),
    ]);
    const seconds = await inTurns(
      { ours: ours(workload, steps), ...Object.fromEntries(sides) } as Record<string, () => number>,
      ROUNDS,
    );
    const rate = (side: number[]) => figures(numbersIn(workload) / median(side) / 1e6);
    const { ours: mine, ...others } = seconds;
    const [fastest, best] = Object.entries(others).sort(([, a], [, b]) => median(a) - median(b))[0];
    const theirCells = pytorch ? [rate(best), fastest, times(ratio(best, mine))] : [];
    rows.push([kind, rate(mine), ...theirCells]);
    await pytorch?.call("drop_optimizers", {});
  }
  const peers = pytorch ? ["PyTorch's fastest", "which is", "torch-optim ÷ it"] : [];
  return `### The family

A matrix of 1,000 × 1,000 in float32, one thread, the default options, millions of parameters a
second. \`LBFGS\` takes five iterations a step with a history of ten, on two gradients by turns. The
goal: no slower than PyTorch's fastest.

${table([["optimizer", "torch-optim", ...peers], ...rows])}

Where a fused kernel is faster, for \`Adam\`, \`AdamW\` or \`Adagrad\`, it uses wider vectors for square
roots and divisions than WebAssembly has. \`SGD\` without momentum is a single line that streams
through the cache. \`Muon\` multiplies matrices in float32 here and rounds to bfloat16, where PyTorch
multiplies in bfloat16, which a processor without instructions for it does slowly, and one that has
them in a tenth of the time of ours.`;
}
