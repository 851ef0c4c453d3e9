import type { Plan } from "../studio/plan.ts";
import { type Block, blockAt, placeIn } from "./layout.ts";
import { round, stepsOf } from "./lengths.ts";
import { type Phase, phasesOf, withPhases } from "./phases.ts";
import { withTotal } from "./total.ts";
import { childPath, childrenOf, isNode, listIn, type Node, withNode } from "./tree.ts";

/** An edited plan, and the scheduler in it that one goes on with. */
export interface Edit {
  readonly plan: Plan;
  readonly path: string;
}

/** Moves a scheduler to another place among its siblings; phases take their lengths along. */
export function reorder(plan: Plan, path: string, to: number): Edit | undefined {
  const place = placeIn(plan, path);
  if (!place || to < 0 || to >= place.parent.children.length || to === place.index)
    return undefined;
  const move = <T>(list: readonly T[]): T[] => {
    const rest = list.filter((_, i) => i !== place.index);
    return [...rest.slice(0, to), list[place.index], ...rest.slice(to)];
  };
  const node =
    place.parent.kind === "sequence"
      ? withPhases(place.parent, move(phasesOf(place.parent, place.parent.end, plan)), plan)
      : { ...place.parent.node, schedulers: move(childrenOf(place.parent.node)) };
  return { plan: put(plan, place.parent.path, node), path: childPath(place.parent.path, to) };
}

/** Puts a copy behind a scheduler: the same again for a phase, a second factor in a chain. */
export function duplicate(plan: Plan, path: string): Edit | undefined {
  const block = blockAt(plan, path);
  if (!block || block.start === block.end) return undefined;
  const place = placeIn(plan, path);
  const phases =
    place?.parent.kind === "sequence" ? phasesOf(place.parent, place.parent.end, plan) : [];
  const epochs = phases[place?.index ?? 0]?.length ?? block.end - block.start;
  return insertAt(plan, block, { where: "after", epochs });
}

/**
 * Puts a new scheduler before or after another. In a sequence it is a phase of so many epochs, and what
 * comes later moves; in a chain it is a member. A scheduler alone becomes a sequence.
 */
export function insert(
  plan: Plan,
  path: string,
  where: "before" | "after",
  node: Node,
  epochs: number,
): Edit | undefined {
  const block = blockAt(plan, path);
  return block && insertAt(plan, block, { where, node, epochs });
}

/** Takes a scheduler away, and the epochs of a phase with it. What stands alone then stands for itself. */
export function remove(plan: Plan, path: string): Edit | undefined {
  const place = placeIn(plan, path);
  const block = blockAt(plan, path);
  if (!block || !place || place.parent.children.length < 2) return undefined;
  const next = childPath(place.parent.path, Math.max(0, place.index - 1));
  const rest = <T>(list: readonly T[]) => list.filter((_, i) => i !== place.index);
  if (place.parent.kind === "chain") {
    const node = { ...place.parent.node, schedulers: rest(childrenOf(place.parent.node)) };
    return {
      plan: put(plan, place.parent.path, alone(node)),
      path: pathIn(node, place.parent.path, next),
    };
  }
  const phases = phasesOf(place.parent, place.parent.end, plan);
  const length = block.end - block.start;
  const node = withPhases(place.parent, rest(phases), plan);
  const pushed = push(put(plan, place.parent.path, alone(node)), place.parent.path, -length);
  const total = (plan.total ?? 0) - length;
  const shorter = isTimed(plan, path) && total > 0 ? withTotal(pushed, total) : pushed;
  return { plan: shorter, path: pathIn(node, place.parent.path, next) };
}

/** Cuts a scheduler in two at an epoch of the whole; the second half goes on with its curve. */
export function split(plan: Plan, path: string, epoch: number): Edit | undefined {
  const block = blockAt(plan, path);
  if (!block || epoch <= block.start || epoch >= block.end) return undefined;
  const place = placeIn(plan, path);
  const start = epoch - round(block.origin);
  if (place?.parent.kind !== "sequence") {
    const node = {
      type: "SequentialLR",
      schedulers: [block.node, block.node],
      milestones: [start],
      starts: [0, start],
    };
    return { plan: put(plan, path, node), path: childPath(path, 1) };
  }
  const phases = phasesOf(place.parent, place.parent.end, plan);
  const whole = phases[place.index];
  const length = start - (stepsOf(whole.start, plan) ?? 0);
  const halves = [
    { ...whole, length },
    { ...whole, length: whole.length - length, start },
  ];
  const node = withPhases(place.parent, phases.toSpliced(place.index, 1, ...halves), plan);
  return {
    plan: put(plan, place.parent.path, node),
    path: childPath(place.parent.path, place.index + 1),
  };
}

/** Where a block is halved. */
export function middleOf({ start, end }: Block): number {
  return Math.round((start + end) / 2);
}

/** Puts a scheduler into a composite of its own. */
export function nest(
  plan: Plan,
  path: string,
  type: "SequentialLR" | "ChainedScheduler",
): Edit | undefined {
  const block = blockAt(plan, path);
  if (!block) return undefined;
  const milestones = type === "SequentialLR" ? { milestones: [] } : {};
  const node = { type, schedulers: [block.node], ...milestones };
  return { plan: put(plan, path, node), path: childPath(path, 0) };
}

/** Puts a phase and the one behind it into a sequence of their own. */
export function nestWithNext(plan: Plan, path: string): Edit | undefined {
  const place = placeIn(plan, path);
  if (place?.parent.kind !== "sequence" || place.index + 1 >= place.parent.children.length)
    return undefined;
  const phases = phasesOf(place.parent, place.parent.end, plan);
  const [first, second] = phases.slice(place.index);
  const begun = stepsOf(first.start, plan) ?? 0;
  const starts = second.start === 0 ? {} : { starts: [0, second.start] };
  const node = {
    type: "SequentialLR",
    schedulers: [first.node, second.node],
    milestones: [begun + first.length],
    ...starts,
  };
  const pair = { node, length: first.length + second.length, start: first.start };
  const whole = withPhases(place.parent, phases.toSpliced(place.index, 2, pair), plan);
  return { plan: put(plan, place.parent.path, whole), path };
}

/** Puts what is inside a composite in its place, without a change of the curve. */
export function unnest(plan: Plan, path: string): Edit | undefined {
  const block = blockAt(plan, path);
  if (!block || block.kind === "leaf") return undefined;
  const only = alone(block.node);
  if (only !== block.node) return { plan: put(plan, path, only), path };
  const place = placeIn(plan, path);
  if (place?.parent.kind === "chain" && block.kind === "chain") {
    const members = childrenOf(place.parent.node).toSpliced(
      place.index,
      1,
      ...childrenOf(block.node),
    );
    return {
      plan: put(plan, place.parent.path, { ...place.parent.node, schedulers: members }),
      path,
    };
  }
  const inside = block.kind === "sequence" ? visible(block) : [];
  if (place?.parent.kind !== "sequence" || inside.length === 0) return undefined;
  const phases = phasesOf(place.parent, place.parent.end, plan).toSpliced(
    place.index,
    1,
    ...inside,
  );
  return { plan: put(plan, place.parent.path, withPhases(place.parent, phases, plan)), path };
}

/** The phases of a nested sequence that are in force at all, as phases of the one around it. */
function visible(block: Block): Phase[] {
  return block.children
    .filter(({ start, end }) => start < end)
    .map(({ node, start, end, origin }) => ({
      node,
      length: end - start,
      start: start - round(origin),
    }));
}

/** What is to be put where. */
interface Insertion {
  readonly where: "before" | "after";
  /** Without one, it is a copy of what stands there. */
  readonly node?: Node;
  readonly epochs: number;
}

function insertAt(plan: Plan, block: Block, { where, node, epochs }: Insertion): Edit {
  const { path } = block;
  const place = placeIn(plan, path);
  const behind = Number(where === "after");
  if (place?.parent.kind === "chain") {
    const index = place.index + behind;
    const schedulers = childrenOf(place.parent.node).toSpliced(index, 0, node ?? block.node);
    const whole = put(plan, place.parent.path, { ...place.parent.node, schedulers });
    return { plan: whole, path: childPath(place.parent.path, index) };
  }
  const roomy = isTimed(plan, path) ? withTotal(plan, (plan.total ?? 0) + epochs) : plan;
  const same = blockAt(roomy, place ? place.parent.path : path);
  if (!same) throw new Error("a plan has the same blocks under another total");
  if (!place) {
    const pair = [same.node, node ?? same.node];
    const sequence = {
      type: "SequentialLR",
      schedulers: behind ? pair : pair.toReversed(),
      milestones: [behind ? block.end - block.start : epochs],
    };
    return { plan: put(roomy, path, sequence), path: childPath(path, behind) };
  }
  const phases = phasesOf(same, place.parent.end, roomy);
  const own = phases[place.index];
  const added = node ? { node, length: epochs, start: 0 } : { ...own, length: epochs };
  const index = place.index + behind;
  const whole = withPhases(same, phases.toSpliced(index, 0, added), roomy);
  const pushed = push(put(roomy, place.parent.path, whole), place.parent.path, epochs);
  return { plan: pushed, path: childPath(place.parent.path, index) };
}

/** Whether the epochs of a phase count in the length of the whole: in a chain, others go on beside it. */
export function isTimed(plan: Plan, path: string): boolean {
  const place = placeIn(plan, path);
  return !place || (place.parent.kind === "sequence" && isTimed(plan, place.parent.path));
}

/** Lets what comes after a sequence begin so many epochs later. */
export function push(plan: Plan, path: string, epochs: number): Plan {
  const place = placeIn(plan, path);
  if (place?.parent.kind !== "sequence") return plan;
  const phases = phasesOf(place.parent, place.parent.end, plan).map((phase, i) =>
    i === place.index ? { ...phase, length: Math.max(1, phase.length + epochs) } : phase,
  );
  const node = withPhases(place.parent, phases, plan);
  return push(put(plan, place.parent.path, node), place.parent.path, epochs);
}

/** A composite of one that means no more than what is in it gives way to it. */
function alone(node: Node): Node {
  const [child, ...others] = childrenOf(node);
  const starts = listIn(node, "starts");
  const isWhole = others.length === 0 && isNode(child) && starts.every((start) => start === 0);
  return isWhole ? child : node;
}

/** Where a child is to be found, or what has taken the place of its composite. */
function pathIn(node: Node, parent: string, child: string): string {
  return alone(node) === node ? child : parent;
}

/** The plan with another scheduler at a path. */
export function put(plan: Plan, path: string, node: Node): Plan {
  return { ...plan, spec: withNode(plan.spec, path, node) };
}
