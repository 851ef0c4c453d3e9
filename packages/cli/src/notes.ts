import type { Curve } from "./curve.ts";
import { jumpsAfter } from "./jumps.ts";

/** The epochs of a curve that matter, in order, each with why. */
export function notesOf({ epochs, values, phases }: Curve): Map<number, string[]> {
  const notes = new Map<number, Set<string>>();
  const note = (epoch: number, why: string) => {
    notes.set(epoch, (notes.get(epoch) ?? new Set()).add(why));
  };
  note(0, "start");
  for (const { start } of phases.slice(1)) {
    note(start - 1, "before milestone");
    note(start, "milestone");
  }
  const lists = Object.values(values).flat();
  for (const group of lists) noteJumps(group, note);
  for (const group of lists) {
    note(epochOf(group, Math.max), "maximum");
    note(epochOf(group, Math.min), "minimum");
  }
  note(epochs - 1, "end");
  const inOrder = [...notes].sort(([a], [b]) => a - b);
  return new Map(inOrder.map(([epoch, why]) => [epoch, inWords(why)]));
}

function noteJumps(lrs: readonly number[], note: (epoch: number, why: string) => void): void {
  for (let epoch = 1; epoch < lrs.length; epoch++) {
    if (!jumpsAfter(epoch - 1, lrs)) continue;
    note(epoch, lrs[epoch] > lrs[epoch - 1] ? "step up" : "step down");
    // After a stretch on the level, the lr before is that of the row above.
    if (epoch > 1 && lrs[epoch - 1] !== lrs[epoch - 2]) note(epoch - 1, "before step");
  }
}

/** What a milestone does is said by that. */
function inWords(why: ReadonlySet<string>): string[] {
  const isAtMilestone = why.has("milestone") || why.has("before milestone");
  return [...why].filter((word) => !(isAtMilestone && /step/.test(word)));
}

/** The first epoch with the extreme, also where rounding makes a later one more extreme by a hair. */
function epochOf(lrs: readonly number[], extreme: (a: number, b: number) => number): number {
  const reached = lrs.reduce((a, b) => extreme(a, b));
  const hair = 1e-9 * lrs.reduce((a, b) => Math.max(a, b));
  return lrs.findIndex((lr) => Math.abs(lr - reached) <= hair);
}
