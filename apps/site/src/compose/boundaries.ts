import type { Plan } from "../studio/plan.ts";
import { boundaryRange, endRange, moveBoundary, moveEnd, type Range } from "./boundary.ts";
import type { Compose } from "./compose.ts";
import { followPointer } from "./follow_pointer.ts";
import type { Block } from "./layout.ts";
import { snapped } from "./snap.ts";
import { listIn } from "./tree.ts";

/** What can be moved on a track: the end of a phase, or of the whole. */
export interface Boundary {
  /** The sequence's, or the track's. */
  readonly path: string;
  /** The phase before it; the end of all has none. */
  readonly index?: number;
  readonly name: string;
  readonly range: Range;
  /** As it is written, if it is. */
  readonly written?: unknown;
}

/** The boundaries between the phases of a sequence. */
export function boundariesOf(plan: Plan, { path, kind, node, children }: Block): Boundary[] {
  if (kind !== "sequence") return [];
  return children.slice(0, -1).flatMap(({ end, start, node: left }, index) => {
    const range = boundaryRange(plan, path, index);
    const isSeen = range !== undefined && (start < end || range.epoch === end);
    const name = `Boundary between ${left.type} and ${children[index + 1].node.type}`;
    const written = listIn(node, "milestones")[index];
    return isSeen ? [{ path, index, name, range, written }] : [];
  });
}

/** The end of a track, if it can be moved. */
export function endOf(plan: Plan, path: string): Boundary | undefined {
  const range = endRange(plan, path);
  return range && { path, name: "End of the schedule", range };
}

export function movedTo(plan: Plan, { path, index }: Boundary, epoch: number): Plan {
  return index === undefined ? moveEnd(plan, path, epoch) : moveBoundary(plan, path, index, epoch);
}

/**
 * Drags a boundary along the axis. Every place is reached from where it was pressed, so that going there
 * and back changes nothing.
 *
 * @param pixels - How wide an epoch is.
 */
export function dragBoundary(
  event: PointerEvent,
  { studio, change }: Compose,
  boundary: Boundary,
  pixels: number,
  done: () => void,
): void {
  const first = studio.plan.value;
  const gesture = Symbol("drag");
  let isMoved = false;
  followPointer(event, {
    move(dx, _dy, { altKey }) {
      const place = boundary.range.epoch + dx / pixels;
      const epoch = altKey ? Math.round(place) : snapped(place, pixels, boundary.written, first);
      const next = Math.abs(dx) < 1 ? first : movedTo(first, boundary, epoch);
      if (next === first && !isMoved) return;
      isMoved = true;
      change(next, gesture);
    },
    end: done,
    cancel() {
      if (isMoved) studio.history.undo();
      done();
    },
  });
}
