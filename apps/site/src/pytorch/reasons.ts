import type { Spec } from "torch-optim/lr_scheduler";

/** A scheduler of a spec, as far as it decides what PyTorch does with it. */
interface Node {
  readonly type: string;
  readonly schedulers: readonly Node[];
  readonly options: ReadonlyMap<string, unknown>;
}

/** What PyTorch makes of a kind of spec, and when it applies. */
interface Reason {
  readonly applies: (nodes: readonly Node[]) => boolean;
  readonly sentence: string;
}

/** In this order: the first one that applies is what shows first. */
const REASONS: readonly Reason[] = [
  {
    applies: (nodes) => nodes.some(({ options }) => hasStarts(options.get("starts"))),
    sentence:
      "PyTorch has no starts: each of its phases begins at its own epoch 0, as drawn. " +
      "Here a phase may begin in the middle of its curve.",
  },
  {
    applies: (nodes) => nodes.some((node) => isComposite(firstPhaseOf(node))),
    sentence:
      "PyTorch steps a composite once too often when it is the first phase, so everything in it comes " +
      "one epoch early. Here each phase is exactly the curve that it has alone.",
  },
  {
    applies: (nodes) => nodes.some(losesFactors),
    sentence:
      "In PyTorch a member of a chain that sets the lr outright wipes out what the others have made of " +
      "it, at its next step. Here the factors of all members multiply.",
  },
  {
    applies: (nodes) => has(nodes, "OneCycleLR") && leavesOf(nodes).length > 1,
    sentence:
      "PyTorch's OneCycleLR writes its own first lr over the optimizer's base lr when it is built, so " +
      "its neighbours go by that. Here each scheduler keeps to the optimizer's base lr.",
  },
  {
    applies: (nodes) => leavesOf(nodes)[0]?.type === "CyclicLR" && leavesOf(nodes).length > 1,
    sentence:
      "PyTorch's CyclicLR, built first, makes its base_lr the optimizer's base lr, so its neighbours go " +
      "by that. Here they keep to the lr that the optimizer was given.",
  },
  {
    applies: (nodes) => nodes.some(({ type, options }) => type === "LinearLR" && isEmpty(options)),
    sentence:
      "PyTorch's LinearLR of no length stays at its start_factor for ever. " +
      "Here a warm-up of no length is over at once.",
  },
  {
    applies: (nodes) =>
      nodes.some(({ type, options }) => type === "ConstantLR" && isEmpty(options)),
    sentence:
      "PyTorch's ConstantLR of no length keeps its factor for ever. Here it never applies it.",
  },
  {
    applies: (nodes) => nodes.filter(({ type }) => type === "SWALR").length > 1,
    sentence:
      "In PyTorch every SWALR of an optimizer anneals to the lr of the one that was built last. " +
      "Here each keeps its own.",
  },
];

const OTHERWISE =
  "PyTorch's schedulers go on from whatever lr the optimizer has, so what one leaves behind changes " +
  "the next. Here each goes by its own curve.";

/** What sets the lr outright in PyTorch, whatever a chain has made of it. */
const OUTRIGHT =
  /^(SequentialLR|CosineAnnealingWarmRestarts|CyclicLR|OneCycleLR|SWALR|RampLR|KeyframesLR)$|Schedule($|With)/;

/** Why PyTorch's curve of a spec is another than ours, in a sentence or two. */
export function reasonFor(spec: Spec): string {
  const nodes = allIn(nodeOf(spec));
  return REASONS.find(({ applies }) => applies(nodes))?.sentence ?? OTHERWISE;
}

function nodeOf(spec: unknown): Node {
  const options = new Map<string, unknown>(Object.entries(spec ?? {}));
  const schedulers = options.get("schedulers");
  return {
    type: String(options.get("type")),
    schedulers: Array.isArray(schedulers) ? schedulers.map(nodeOf) : [],
    options,
  };
}

/** A scheduler and all inside it, in the order in which they are built. */
function allIn(node: Node): Node[] {
  return [...node.schedulers.flatMap(allIn), node];
}

function isComposite(node: Node | undefined): boolean {
  return node?.type === "SequentialLR" || node?.type === "ChainedScheduler";
}

function leavesOf(nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => !isComposite(node));
}

function has(nodes: readonly Node[], type: string): boolean {
  return nodes.some((node) => node.type === type);
}

/** The scheduler that a sequence begins with; with a first milestone of 0 the second. */
function firstPhaseOf({ type, schedulers, options }: Node): Node | undefined {
  if (type !== "SequentialLR") return undefined;
  const milestones = options.get("milestones");
  const begun = Array.isArray(milestones) ? milestones.filter((end) => end <= 0).length : 0;
  return schedulers[begun];
}

function membersOf({ schedulers }: Node): readonly Node[] {
  return schedulers.flatMap((child) =>
    child.type === "ChainedScheduler" ? membersOf(child) : [child],
  );
}

function losesFactors(node: Node): boolean {
  if (node.type !== "ChainedScheduler") return false;
  const members = membersOf(node);
  return members.length > 1 && members.some(({ type }) => OUTRIGHT.test(type));
}

function hasStarts(starts: unknown): boolean {
  return Array.isArray(starts) && starts.some((start) => start > 0);
}

function isEmpty(options: Node["options"]): boolean {
  return options.get("total_iters") === 0;
}
