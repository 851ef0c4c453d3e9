import type { SchedulerSpec, Spec } from "torch-optim/lr_scheduler";

/** A scheduler's spec as something to edit: it may be unsound. */
export interface Node {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** How a scheduler is made of others, if it is. */
export type Kind = "leaf" | "sequence" | "chain";

const STEP = /([A-Za-z_$][\w$]*)|\[(\d+)\]/g;

/** Whether something is a spec, or looks enough like one to be shown. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function kindOf({ type, schedulers }: Node): Kind {
  if (!Array.isArray(schedulers)) return "leaf";
  if (type === "SequentialLR") return "sequence";
  return type === "ChainedScheduler" ? "chain" : "leaf";
}

/** The schedulers inside a composite, of which some may be nothing of the kind. */
export function childrenOf({ schedulers }: Node): readonly unknown[] {
  return Array.isArray(schedulers) ? schedulers : [];
}

/** A list that an option should be. */
export function listIn(node: Node, option: string): readonly unknown[] {
  const { [option]: list } = node;
  return Array.isArray(list) ? list : [];
}

/** The path of a child; the whole spec's is empty. */
export function childPath(path: string, index: number): string {
  return `${path}${path && "."}schedulers[${index}]`;
}

/** The path of a schedule of a recipe. */
export function entryPath(index: number): string {
  return `schedules[${index}].schedule`;
}

/** The composite that a scheduler stands in, and where; nothing for the root of a schedule. */
export function placeOf(path: string): { parent: string; index: number } | undefined {
  const [, parent, index] = /^(?:(.*)\.)?schedulers\[(\d+)\]$/.exec(path) ?? [];
  return index === undefined ? undefined : { parent: parent ?? "", index: Number(index) };
}

/** What is edited, as the library takes it: `check_spec` judges it. */
export function asSpec(node: Node): SchedulerSpec {
  return node as unknown as SchedulerSpec;
}

/** A spec with another scheduler at a path. */
export function withNode(spec: Spec, path: string, node: Node): Spec {
  return written(spec, stepsOf(path), node) as Spec;
}

function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));
}

function written(at: unknown, [step, ...rest]: (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(at)) {
    return at.map((item, i) => (i === step ? written(item, rest, value) : item));
  }
  const own = at as Record<string, unknown>;
  return { ...own, [step]: written(own?.[step], rest, value) };
}
