import { type Block, tracksOf } from "../compose/layout.ts";
import type { Plan } from "../studio/plan.ts";

/** Where one phase ends and the next one begins. */
export interface Boundary {
  /** The first epoch of the later phase. */
  readonly epoch: number;
  /** How many sequences stand around the one that has it. */
  readonly depth: number;
  /** Which schedulers are before and after it. */
  readonly before: string;
  readonly after: string;
}

/** The boundaries of all sequences of a plan, nested ones too, each epoch once: as the outermost has it. */
export function boundariesOf(plan: Plan): Boundary[] {
  const found = new Map<number, Boundary>();
  for (const boundary of tracksOf(plan).flatMap(({ block }) => within(block, 0))) {
    const known = found.get(boundary.epoch);
    if (!known || known.depth > boundary.depth) found.set(boundary.epoch, boundary);
  }
  return [...found.values()].sort((a, b) => a.epoch - b.epoch);
}

function within({ kind, children }: Block, depth: number): Boundary[] {
  const phases = children.filter(({ start, end }) => start < end);
  const own =
    kind === "sequence"
      ? phases.slice(1).map(({ start, node }, i) => ({
          epoch: start,
          depth,
          before: String(phases[i].node.type),
          after: String(node.type),
        }))
      : [];
  const inner = depth + Number(kind === "sequence");
  return [...own, ...children.flatMap((child) => within(child, inner))];
}
