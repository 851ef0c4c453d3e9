import { join } from "node:path";
import { runAlone } from "../child.ts";
import { figures, table } from "../report.ts";
import type { Soak } from "./soak_use.ts";

/** A million steps of a small model. */
export function soak(): string {
  const program = join(import.meta.dirname, "soak_use.ts");
  const rows = ["AdamW", "SGD"].map((kind) => {
    const { steps, heap, resident } = runAlone<Soak>(program, [kind], ["--expose-gc"]);
    return [
      kind,
      steps.toLocaleString("en"),
      `${figures(heap / 1024)} kB`,
      `${figures(resident / 1024)} kB`,
    ];
  });
  return `### A million steps

A model of four small tensors under a \`SequentialLR\`, in a Node.js of its own: how much more is in
use after the steps than before, once all garbage is collected.

${table([["optimizer", "steps", "heap", "resident memory"], ...rows])}`;
}
