import { check_spec } from "torch-optim/lr_scheduler";
import { lengthsOf, type Plan } from "../studio/plan.ts";
import { fitted, moveEnd } from "./boundary.ts";
import { lengthOptionOf, optionsOf } from "./catalogue.ts";
import { freshNode } from "./fresh.ts";
import { type Block, blockAt, placeIn, tracksOf } from "./layout.ts";
import { stepsOf } from "./lengths.ts";
import { phasesOf, withPhases } from "./phases.ts";
import { type Edit, isTimed, nest, push, put } from "./structure.ts";
import { withTotal } from "./total.ts";
import { asSpec, childrenOf, listIn, type Node, placeOf } from "./tree.ts";

/** Gives an option of a scheduler another value, or leaves it out. */
export function setOption(plan: Plan, path: string, option: string, value: unknown): Plan {
  const block = blockAt(plan, path);
  if (!block || block.node[option] === value) return plan;
  const { type, ...options } = { ...block.node, [option]: value };
  const given = Object.entries(options).filter(([, own]) => own !== undefined);
  return put(plan, path, { type, ...Object.fromEntries(given) });
}

/** Lets a phase begin in the middle of its own curve. */
export function setStart(plan: Plan, path: string, start: unknown): Plan {
  const place = placeIn(plan, path);
  if (place?.parent.kind !== "sequence") return plan;
  const old = listIn(place.parent.node, "starts");
  const starts = place.parent.children.map((_, i) =>
    i === place.index ? (start ?? 0) : (old[i] ?? 0),
  );
  const isPlain = starts.every((own) => own === 0);
  return setOption(plan, place.parent.path, "starts", isPlain ? undefined : starts);
}

/** Gives a scheduler another length; what comes later begins so much later. */
export function setLength(plan: Plan, path: string, epochs: number): Plan {
  const block = blockAt(plan, path);
  const place = placeIn(plan, path);
  if (!block || epochs < 1) return plan;
  if (place?.parent.kind !== "sequence")
    return place ? plan : moveEnd(plan, path, block.start + epochs);
  const more = epochs - (block.end - block.start);
  const isLast = place.index === place.parent.children.length - 1;
  if (more === 0) return plan;
  if (isLast) return lengthenLast(plan, place.parent, more);
  const total = (plan.total ?? 0) + more;
  const isCounted = isTimed(plan, path);
  const roomy = isCounted && more > 0 ? withTotal(plan, total) : plan;
  const same = blockAt(roomy, place.parent.path);
  if (!same) return plan;
  const phases = phasesOf(same, place.parent.end, roomy).map((phase, i) => {
    if (i !== place.index) return phase;
    const follow = { shift: 0, from: block.end, to: block.end + more };
    return { ...phase, node: fitted(same.children[i], follow, roomy), length: epochs };
  });
  const longer = push(
    put(roomy, place.parent.path, withPhases(same, phases, roomy)),
    place.parent.path,
    more,
  );
  return isCounted && more < 0 ? withTotal(longer, total) : longer;
}

/** The last phase ends with its sequence: with the next milestone of the one around it, or with all. */
function lengthenLast(plan: Plan, sequence: Block, more: number): Plan {
  if (placeOf(sequence.path)) {
    return setLength(plan, sequence.path, sequence.end - sequence.start + more);
  }
  return moveEnd(plan, sequence.path, sequence.end + more);
}

/** Puts a scheduler of another type in a scheduler's place, with what both have in common. */
export function changeType(plan: Plan, path: string, type: string): Edit | undefined {
  const block = blockAt(plan, path);
  if (!block || block.node.type === type) return undefined;
  if (type === "SequentialLR" || type === "ChainedScheduler") {
    if (block.kind === "leaf") return nest(plan, path, type);
    return { plan: put(plan, path, otherComposite(block, type)), path };
  }
  const track = tracksOf(plan).find(({ block: root }) => path.startsWith(root.path));
  const option = track?.option ?? "lr";
  const fresh = freshNode(type, {
    epochs: block.end - block.start,
    base: plan.spec.type === "Recipe" ? 1 : plan.lr,
    option,
    isFirst: block.start === 0,
  });
  const node = block.kind === "leaf" ? withCommon(fresh, block.node, plan) : fresh;
  return { plan: setStart(put(plan, path, node), path, 0), path };
}

/** A chain of what were phases; phases of equal length of what were members. */
function otherComposite(block: Block, type: string): Node {
  const schedulers = childrenOf(block.node);
  if (type === "ChainedScheduler") return { type, schedulers };
  const each = Math.max(1, Math.floor((block.end - block.start) / schedulers.length));
  return { type, schedulers, milestones: schedulers.slice(1).map((_, i) => each * (i + 1)) };
}

/** A new scheduler with those options of an old one that it takes. */
function withCommon(fresh: Node, old: Node, plan: Plan): Node {
  const names = new Set(optionsOf(fresh.type).map(({ name }) => name));
  const common = Object.entries(old).filter(([name]) => names.has(name));
  const [from, to] = [lengthOptionOf(old.type), lengthOptionOf(fresh.type)];
  if (from !== undefined && to !== undefined && stepsOf(old[from], plan) !== undefined) {
    common.push([to, old[from]]);
  }
  let node = fresh;
  for (const [name, value] of common) {
    const next: Node = Object.assign({}, node, { [name]: value });
    if (check_spec(asSpec(next), lengthsOf(plan)).length === 0) node = next;
  }
  return node;
}
