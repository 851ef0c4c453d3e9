import { join } from "node:path";
import { runAlone } from "../child.ts";
import { figures, table } from "../report.ts";
import type { HeapUse } from "./heap_use.ts";

const STEPS = 10_000_000;

/** Measures what ten million steps do to the heap. */
export function heap(): string {
  const rows = [1, 8, 64].map((groups) => {
    const program = join(import.meta.dirname, "heap_use.ts");
    const use = runAlone<HeapUse>(program, [String(groups), String(STEPS)], ["--expose-gc"]);
    return [
      String(groups),
      `${figures(use.allocated / STEPS)} bytes`,
      String(use.collections),
      `${figures(use.growth / 1024)} kB`,
    ];
  });
  return `### The heap

${STEPS.toLocaleString("en")} steps of the same schedule, stretched to that length, in a Node.js of their own:
what a step allocates, how often the garbage collector had to run meanwhile, and how much more is on
the heap afterwards, once all garbage is collected. Some hundred
kilobytes up or down are the JIT compiler's, whatever the number of steps.

${table([["groups", "allocated a step", "collections", "heap growth"], ...rows])}`;
}
