import { MOST_EPOCHS, usualEpochs } from "torch-optim-cli/curve";
import type { Plan } from "../studio/plan.ts";
import { defaultOf, lengthOptionOf } from "./catalogue.ts";
import { type Counted, round, stepsOf } from "./lengths.ts";
import {
  childPath,
  childrenOf,
  entryPath,
  isNode,
  type Kind,
  kindOf,
  listIn,
  type Node,
  placeOf,
} from "./tree.ts";

/** A scheduler on the track: from which epoch of the whole to which it is in force. */
export interface Block {
  readonly path: string;
  readonly node: Node;
  readonly kind: Kind;
  /** The first epoch in which it is in force. */
  readonly start: number;
  /** The first epoch after that. */
  readonly end: number;
  /** Where its own epoch 0 lies, exactly: before its start, if it begins in the middle of its curve. */
  readonly origin: number;
  readonly children: readonly Block[];
}

/** What one schedule moves, and its blocks. */
export interface Track {
  readonly block: Block;
  /** Which schedule of a recipe it is; of a plan with one schedule, there is none. */
  readonly entry?: number;
  readonly option: string;
  readonly groups?: readonly unknown[];
}

interface Extent {
  readonly origin: number;
  readonly start: number;
  readonly end: number;
}

const NOTHING: Node = { type: "" };
const tracks = new WeakMap<Plan, readonly Track[]>();

/** The blocks of a plan, however unsound it is. */
export function tracksOf(plan: Plan): readonly Track[] {
  const known = tracks.get(plan) ?? makeTracks(plan);
  tracks.set(plan, known);
  return known;
}

/** How many epochs a plan is shown with: its total, what it is made for, or enough to see its end. */
export function lengthOf(plan: Plan): number {
  return tracksOf(plan)[0].block.end;
}

/** The block at a path of a plan. */
export function blockAt(plan: Plan, path: string): Block | undefined {
  return blocksOf(plan).find((block) => block.path === path);
}

/** The composite that a scheduler stands in, and where; nothing for the root of a schedule. */
export function placeIn(plan: Plan, path: string): { parent: Block; index: number } | undefined {
  const place = placeOf(path);
  const parent = place && blockAt(plan, place.parent);
  return parent && { parent, index: place.index };
}

/** All blocks of a plan, each before those inside it. */
export function blocksOf(plan: Plan): Block[] {
  return tracksOf(plan).flatMap(({ block }) => family(block));
}

/** Where a milestone of a sequence lies, as an epoch of the whole. */
export function milestoneOf({ node, origin }: Block, index: number, counted: Counted): number {
  return round(origin + (stepsOf(listIn(node, "milestones")[index], counted) ?? 0));
}

/** How long a leaf's own curve is, and the option that says so. */
export function ownLength(
  node: Node,
  counted: Counted,
): { option: string; written: unknown; steps: number } | undefined {
  const option = lengthOptionOf(node.type);
  if (option === undefined) return undefined;
  const written = node[option] ?? defaultOf(node.type, option);
  const steps = stepsOf(written, counted);
  return steps === undefined ? undefined : { option, written, steps };
}

function family(block: Block): Block[] {
  return [block, ...block.children.flatMap(family)];
}

function makeTracks(plan: Plan): Track[] {
  const entries = entriesOf(plan);
  const nodes = entries.map(({ node }) => node);
  const wanted = plan.total ?? longest(nodes, plan) ?? usual(nodes, plan);
  const end = Math.min(Math.max(1, round(wanted)), MOST_EPOCHS);
  return entries.map(({ node, path, ...track }) => ({
    ...track,
    block: layOut(node, path, { origin: 0, start: 0, end }, plan),
  }));
}

function entriesOf({ spec }: Plan) {
  if (spec.type !== "Recipe") return [{ node: nodeOf(spec), path: "", option: "lr" }];
  const { schedules } = spec;
  const entries = Array.isArray(schedules) ? schedules.filter(isNode) : [];
  if (entries.length === 0) return [{ node: NOTHING, path: entryPath(0), option: "lr" }];
  return entries.map(({ option = "lr", groups, schedule }, entry) => ({
    node: nodeOf(schedule),
    path: entryPath(entry),
    entry,
    option: String(option),
    ...(Array.isArray(groups) ? { groups } : {}),
  }));
}

function nodeOf(value: unknown): Node {
  return isNode(value) ? value : NOTHING;
}

function layOut(node: Node, path: string, extent: Extent, counted: Counted): Block {
  const kind = kindOf(node);
  const children = childrenOf(node).map((child, i) => {
    const own = kind === "sequence" ? phaseExtent(node, i, extent, counted) : extent;
    return layOut(nodeOf(child), childPath(path, i), own, counted);
  });
  return { path, node, kind, ...extent, children: kind === "leaf" ? [] : children };
}

function phaseExtent(node: Node, index: number, extent: Extent, counted: Counted): Extent {
  const milestone = (i: number) => stepsOf(listIn(node, "milestones")[i], counted);
  const begin = extent.origin + (index === 0 ? 0 : (milestone(index - 1) ?? 0));
  const next = milestone(index);
  const isLast = index === childrenOf(node).length - 1;
  const end = isLast || next === undefined ? extent.end : round(extent.origin + next);
  const within = (epoch: number) => Math.min(Math.max(epoch, extent.start), extent.end);
  const start = stepsOf(listIn(node, "starts")[index], counted) ?? 0;
  return { origin: begin - start, start: within(round(begin)), end: within(end) };
}

/** How long the longest of some schedules is made for, exactly. */
function longest(nodes: readonly unknown[], counted: Counted): number | undefined {
  const lengths = nodes.map((node) => madeFor(nodeOf(node), counted));
  const known = lengths.filter((length) => length !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function madeFor(node: Node, counted: Counted): number | undefined {
  const children = childrenOf(node);
  switch (kindOf(node)) {
    case "leaf":
      return lengthOfLeaf(node, counted);
    case "chain":
      return longest(children, counted);
    case "sequence": {
      const last = madeFor(nodeOf(children.at(-1)), counted);
      const start = stepsOf(listIn(node, "starts")[children.length - 1], counted) ?? 0;
      return last === undefined ? undefined : lastMilestone(node, counted) + last - start;
    }
  }
}

function lengthOfLeaf(node: Node, counted: Counted): number | undefined {
  const steps = (option: string) => stepsOf(node[option], counted);
  const own = ownLength(node, counted)?.steps;
  if (node.type === "OneCycleLR" && own === undefined) {
    const [epochs, each] = [steps("epochs"), steps("steps_per_epoch")];
    return epochs === undefined || each === undefined ? undefined : epochs * each;
  }
  const stable = node.type === "WSDSchedule" ? steps("num_stable_steps") : undefined;
  if (stable === undefined) return own;
  return (steps("num_warmup_steps") ?? 0) + stable + (steps("num_decay_steps") ?? 0);
}

function lastMilestone(node: Node, counted: Counted): number {
  return stepsOf(listIn(node, "milestones")[childrenOf(node).length - 2], counted) ?? 0;
}

/** How far schedules are shown that are made for no number of epochs. */
function usual(nodes: readonly Node[], counted: Counted): number {
  const last = Math.max(...nodes.map((node) => farthest(node, 0, counted)));
  return usualEpochs({ type: "SequentialLR", schedulers: [], milestones: [round(last)] });
}

/** The last milestone anywhere in a schedule. */
function farthest(node: Node, origin: number, counted: Counted): number {
  const milestones = listIn(node, "milestones").map((length) => stepsOf(length, counted) ?? 0);
  const begins = node.type === "SequentialLR" ? [0, ...milestones] : [];
  const inside = childrenOf(node).map((child, i) =>
    farthest(nodeOf(child), origin + (begins[i] ?? 0), counted),
  );
  return Math.max(origin, ...milestones.map((milestone) => origin + milestone), ...inside);
}
