import type { Plan } from "../studio/plan.ts";
import { type Block, blockAt, milestoneOf, ownLength, tracksOf } from "./layout.ts";
import { type Counted, round, stepsOf, writtenLike } from "./lengths.ts";
import { listIn, type Node, withNode } from "./tree.ts";

/** Where a boundary lies, and how far it can go, in epochs of the whole. */
export interface Range {
  readonly epoch: number;
  readonly least: number;
  readonly most: number;
}

/** Where the boundary behind a phase of a sequence may lie. */
export function boundaryRange(plan: Plan, path: string, index: number): Range | undefined {
  const block = blockAt(plan, path);
  if (block?.kind !== "sequence" || index + 1 >= block.children.length) return undefined;
  const epoch = milestoneOf(block, index, plan);
  const before = index === 0 ? round(block.origin) : milestoneOf(block, index - 1, plan);
  const isLast = index + 2 === block.children.length;
  const after = isLast ? block.end : milestoneOf(block, index + 1, plan);
  return { epoch, least: before + 1, most: Math.max(after - 1, epoch) };
}

/**
 * Moves the boundary behind a phase of a sequence. What ended with it ends with it still, and what
 * ended with the phase behind it still does: their own lengths follow. Two halves of one curve go on as
 * one.
 */
export function moveBoundary(plan: Plan, path: string, index: number, to: number): Plan {
  const block = blockAt(plan, path);
  const range = boundaryRange(plan, path, index);
  if (!block || !range) return plan;
  const epoch = Math.min(Math.max(to, range.least), range.most);
  if (epoch === range.epoch) return plan;
  const { node, origin } = block;
  const milestones = [...listIn(node, "milestones")];
  const exact = origin + (stepsOf(milestones[index], plan) ?? 0);
  milestones[index] = writtenLike(milestones[index], epoch - round(origin), origin, plan);
  const shift = origin + (stepsOf(milestones[index], plan) ?? 0) - exact;
  const [left, right] = block.children.slice(index);
  const moved = goesOn(left, right, range.epoch)
    ? withStart({ ...node, milestones }, index + 1, epoch - range.epoch, plan)
    : {
        ...node,
        milestones,
        schedulers: listIn(node, "schedulers").map((child, i) => {
          if (i === index) return fitted(left, { shift: 0, from: range.epoch, to: epoch }, plan);
          if (i !== index + 1) return child;
          return fitted(right, { shift, from: right.end, to: right.end }, plan);
        }),
      };
  return { ...plan, spec: withNode(plan.spec, path, moved) };
}

/** Where the end of a track may lie; nothing where nothing says how long it is. */
export function endRange(plan: Plan, path: string): Range | undefined {
  const root = tracksOf(plan).find(({ block }) => block.path === path)?.block;
  if (!root) return undefined;
  const last = lastMilestone(root, plan);
  const range = { epoch: root.end, least: last + 1, most: Number.MAX_SAFE_INTEGER };
  if (plan.total !== undefined) return range;
  const longer = { shift: 0, from: root.end, to: root.end + 1 };
  return fitted(root, longer, plan) === root.node ? undefined : range;
}

/** Moves the end of a track: that of the whole run, if the plan says how many steps it has. */
export function moveEnd(plan: Plan, path: string, to: number): Plan {
  const range = endRange(plan, path);
  if (!range) return plan;
  const epoch = Math.max(to, range.least);
  if (epoch === range.epoch) return plan;
  const next = plan.total === undefined ? plan : { ...plan, total: epoch };
  const follow = { shift: 0, from: range.epoch, to: epoch };
  let { spec } = next;
  for (const { block } of tracksOf(next)) {
    const isMoved = plan.total !== undefined || block.path === path;
    if (isMoved) spec = withNode(spec, block.path, fitted(block, follow, plan, next));
  }
  return { ...next, spec };
}

/** The epoch in which the last phase of all begins. */
function lastMilestone(block: Block, counted: Counted): number {
  const last = block.children.at(-1);
  if (block.kind !== "sequence" || !last) return block.start;
  return block.children.length > 1
    ? milestoneOf(block, block.children.length - 2, counted)
    : block.start;
}

/** Whether a phase goes on with the curve of the one before it. */
function goesOn(left: Block, right: Block, epoch: number): boolean {
  return (
    round(left.origin) === round(right.origin) &&
    round(right.origin) < epoch &&
    JSON.stringify(left.node) === JSON.stringify(right.node)
  );
}

function withStart(node: Node, index: number, more: number, counted: Counted): Node {
  const starts = [...listIn(node, "starts")];
  starts[index] = (stepsOf(starts[index], counted) ?? 0) + more;
  return { ...node, starts };
}

/** A new end, and by how much the scheduler's own beginning has moved. */
interface Follow {
  readonly shift: number;
  readonly from: number;
  readonly to: number;
}

/** A scheduler whose own length follows its end, if it was in force for just as long. */
export function fitted(block: Block, follow: Follow, counted: Counted, next = counted): Node {
  const { node, kind, children } = block;
  if (kind === "leaf") return fittedLeaf(block, follow, counted, next);
  const fit = children.map((child, i) => {
    const isLast = i === children.length - 1;
    return kind === "chain" || isLast ? fitted(child, follow, counted, next) : child.node;
  });
  const isSame = fit.every((child, i) => child === children[i].node);
  return isSame ? node : { ...node, schedulers: fit };
}

function fittedLeaf(
  { node, origin }: Block,
  { shift, from, to }: Follow,
  counted: Counted,
  next: Counted,
): Node {
  const own = ownLength(node, counted);
  if (!own || round(origin + own.steps) !== from) return node;
  const begin = origin + shift;
  const steps = to - round(begin);
  if (steps < 1) return node;
  const nowEnds = round(begin + (stepsOf(own.written, next) ?? own.steps));
  if (nowEnds === to) return node;
  return { ...node, [own.option]: writtenLike(own.written, steps, begin, next) };
}
