import { from_spec, groups_of_spec, type SchedulerSpec, type Spec } from "torch-optim/lr_scheduler";
import { BeyondPyTorch } from "./emulation/python_error.ts";
import { type Run, run } from "./emulation/run.ts";
import { reasonFor } from "./reasons.ts";

/** What decides a schedule's curve beside its spec. */
export interface Circumstances {
  /** The base lr. The values of a recipe are its groups' own, all 1. */
  readonly lr: number;
  /** How many epochs to compare: epochs 0 to `epochs - 1`. */
  readonly epochs: number;
  /** What plateaus go by, one number for each epoch. */
  readonly metrics?: readonly number[];
}

/** What PyTorch does where it does something else. */
export interface Instead {
  /** The lr at each epoch, up to where it fails. Where groups differ: of the first that is another. */
  readonly values: number[];
  /** What PyTorch does, and why ours is right. */
  readonly reason: string;
  /** How PyTorch ends before its time. */
  readonly fails?: { readonly epoch: number; readonly message: string };
}

/** The largest difference, as a share of the largest lr, by which two curves are still the same. */
const TOLERANCE = 1e-9;
/** What a plateau sees that was given no metric: nothing ever becomes better. */
const NO_PROGRESS = 1;

/**
 * What PyTorch 2.14.1 does with a spec, its lengths in steps, where that is something else than what the
 * library does; undefined where both do the same, or PyTorch has nothing like it. Of a recipe: with the
 * schedule that moves the lr of all groups, as PyTorch moves nothing else.
 */
export function insteadOf(spec: Spec, circumstances: Circumstances): Instead | undefined {
  const schedule = scheduleOf(spec);
  if (!schedule || isAloneWithMetrics(schedule)) return undefined;
  const { epochs } = circumstances;
  const lr = schedule === spec ? circumstances.lr : 1;
  const lrs = groups_of_spec(spec).map(() => lr);
  try {
    const theirs = run(schedule, lrs, epochs);
    return compared(schedule, runOurs(schedule, lrs, circumstances), theirs);
  } catch (error) {
    if (error instanceof BeyondPyTorch) return undefined;
    throw error;
  }
}

/** What PyTorch's schedulers move of a spec. */
function scheduleOf(spec: Spec): SchedulerSpec | undefined {
  if (spec.type !== "Recipe") return spec;
  const entry = spec.schedules.find(({ option = "lr", groups }) => option === "lr" && !groups);
  return entry?.schedule;
}

/** Alone, what metrics decide is the same in PyTorch and `transformers`. */
function isAloneWithMetrics({ type }: SchedulerSpec): boolean {
  return type === "ReduceLROnPlateau" || type === "GreedyLR";
}

/** A run of the library's, and how it was refused. */
interface OurRun {
  readonly lrs: readonly number[][];
  readonly refused?: { readonly epoch: number; readonly message: string };
}

function runOurs(spec: SchedulerSpec, lrs: readonly number[], { epochs, metrics }: Circumstances) {
  const groups = lrs.map((lr) => ({ lr, momentum: 0.9 }));
  const course = groups.map((): number[] => []);
  const metricAt = (epoch: number) => metrics?.[epoch] ?? metrics?.at(-1) ?? NO_PROGRESS;
  try {
    const scheduler = from_spec({ param_groups: groups }, spec);
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (epoch > 0) scheduler.step(scheduler.takes_metrics ? metricAt(epoch - 1) : undefined);
      for (const [g, { lr }] of groups.entries()) course[g].push(lr);
    }
  } catch (error) {
    const [message] = String(error instanceof Error ? error.message : error).split("\n");
    return { lrs: course, refused: { epoch: course[0].length, message } };
  }
  return { lrs: course };
}

function compared(spec: SchedulerSpec, ours: OurRun, theirs: Run): Instead | undefined {
  const group = theirs.lrs.findIndex((lrs, g) => !areSame(lrs, ours.lrs[g]));
  const epochOfEnd = theirs.failed?.epoch;
  if (group < 0 && epochOfEnd === ours.refused?.epoch) return undefined;
  const values = [...theirs.lrs[Math.max(0, group)]];
  const differsFirst = theirs.lrs.some((lrs, g) => !areSame(lrs, ours.lrs[g].slice(0, lrs.length)));
  if (theirs.failed) {
    const { epoch, error } = theirs.failed;
    const reason = differsFirst && !ours.refused ? reasonFor(spec) : error.reason;
    return { values, reason, fails: { epoch, message: error.message } };
  }
  return { values, reason: ours.refused ? reasonForRefusal(ours.refused) : reasonFor(spec) };
}

function reasonForRefusal({ epoch, message }: { epoch: number; message: string }): string {
  const when = epoch === 0 ? "when it is built" : `at epoch ${epoch}`;
  return `PyTorch accepts this without a word. Here it is refused ${when}: ${message}.`;
}

function areSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  const largest = [...a, ...b].reduce((most, lr) => Math.max(most, Math.abs(lr)), 0);
  return a.every((lr, epoch) => lr === b[epoch] || Math.abs(lr - b[epoch]) <= TOLERANCE * largest);
}
