import { type Block, milestoneOf } from "./layout.ts";
import { type Counted, round, writtenLike } from "./lengths.ts";
import { childrenOf, listIn, type Node } from "./tree.ts";

/** A phase of a sequence, with all that goes with it where it is moved. */
export interface Phase {
  readonly node: unknown;
  /** How many epochs it is in force. */
  readonly length: number;
  /** The epoch of its own curve at which it begins, as it is written. */
  readonly start: unknown;
}

/** The phases of a sequence that is in force up to an epoch of the whole. */
export function phasesOf(block: Block, end: number, counted: Counted): Phase[] {
  const children = childrenOf(block.node);
  const starts = listIn(block.node, "starts");
  let begin = round(block.origin);
  return children.map((node, i) => {
    const isLast = i === children.length - 1;
    const next = isLast ? Math.max(end, begin + 1) : milestoneOf(block, i, counted);
    const phase = { node, length: next - begin, start: starts[i] ?? 0 };
    begin = next;
    return phase;
  });
}

/** A sequence with other phases; its milestones stay in their unit, and as they are where they can. */
export function withPhases(block: Block, phases: readonly Phase[], counted: Counted): Node {
  const { node, origin } = block;
  const old = listIn(node, "milestones");
  let end = 0;
  const milestones = phases.slice(0, -1).map(({ length }, i) => {
    end += length;
    const isSame = i < old.length && milestoneOf(block, i, counted) === round(origin) + end;
    return isSame ? old[i] : writtenLike(old[i] ?? old.at(-1), end, origin, counted);
  });
  const { starts: _, ...others } = node;
  const starts = phases.map(({ start }) => start);
  return {
    ...others,
    schedulers: phases.map((phase) => phase.node),
    milestones,
    ...(starts.some((start) => start !== 0) ? { starts } : {}),
  };
}
