import { join } from "node:path";
import { runAlone } from "../child.ts";
import { median } from "../measure.ts";
import { duration, table, times } from "../report.ts";

const PLACES: readonly [string, string][] = [
  ["room", "a `Parameter`: compiled, in place"],
  ["apart", "arrays of one's own: compiled, on copies"],
  ["loop", "the rounded loop, without WebAssembly"],
  ["float64", "float64: a loop"],
];

/** What an update costs by where its arrays stand, and without compiled kernels. */
export function places(): string {
  const program = join(import.meta.dirname, "places_use.ts");
  const measured = (kind: string) =>
    PLACES.map(([place]) => median(runAlone<number[]>(program, [kind, place])));
  const [adamw, sgd] = ["AdamW", "SGD"].map(measured);
  const against = (seconds: readonly number[], i: number) => times(seconds[i] / seconds[0]);
  const rows = PLACES.map(([, label], i) => [
    label,
    ...[adamw, sgd].flatMap((seconds) => [duration(seconds[i]), against(seconds, i)]),
  ]);
  return `### Without compiled kernels

A million numbers, the time for each, every row in a Node.js of its own. The first three are float32
and come to the same bits; the loop rounds after every operation, which JavaScript does by converting
a number to float32 and back.

${table([["parameters", "AdamW", "÷ in place", "SGD, momentum", "÷ in place"], ...rows])}`;
}
