import { checked, custom, number, whole_number } from "../../fields.ts";
import { refusal, refuse } from "../../refusal.ts";
import {
  groups_at_base,
  is_momentum_cycled,
  lrs_of,
  momentum_of,
  reset_momenta,
  type SchedulableOptimizer,
} from "../param_group.ts";
import { from_spec } from "./as_data/from_spec.ts";
import type { SchedulerSpec } from "./as_data/scheduler_spec.ts";
import { family_of } from "./family.ts";
import { is_scheduler, type LRScheduler } from "./lr_scheduler.ts";
import { phase_at } from "./phase_at.ts";
import { twin_on } from "./plan.ts";
import type { SequentialLR } from "./sequential_lr.ts";

/** Options of `simulate`. */
export interface SimulateOptions {
  /** How many epochs to run, a whole number of at least 1: epochs 0 to `epochs - 1`. */
  epochs: number;
  /**
   * The base lr of a spec's parameter groups, at least 0: one, or a list with one for each group.
   * Default 1. A scheduler brings its own.
   */
  lr?: number | readonly number[];
  /**
   * The metric that a `ReduceLROnPlateau` judges: a list with one for every epoch, or a function
   * of the epoch and its lr.
   */
  metrics?: readonly number[] | ((epoch: number, lrs: readonly number[]) => number);
}

/** What is in force at every epoch. */
export interface Simulation {
  /** How many epochs there are: 0 to `epochs - 1`. */
  readonly epochs: number;
  /** The lr by group and epoch. */
  readonly lrs: number[][];
  /** The momentum by group and epoch (beta1 where a group has betas), if it is cycled. */
  readonly momenta?: number[][];
  /** The phase of the outermost sequence at every epoch; 0 where there is none. */
  readonly phases: number[];
  /** The milestones of the outermost sequence; none where there is none. */
  readonly milestones: readonly number[];
}

const EPOCHS = whole_number({ min: 1 });
const LR = number({ min: 0 });
const LRS = custom<readonly number[]>(
  "a finite number of at least 0, or a list of at least one",
  (lrs) => Array.isArray(lrs) && lrs.length > 0 && lrs.every((lr) => LR.valid(lr, 1)),
);

/**
 * The whole curve of a scheduler or a spec, from epoch 0 on, as a fresh run would have it. A
 * scheduler that is given, and its optimizer, are left as they are.
 *
 * @throws SpecError for a wrong spec; RangeError, TypeError or Error that names the option.
 * @example
 * ```ts
 * const { lrs, phases } = simulate(parse_spec("linear:2 > step(step_size=2)"), { epochs: 6 });
 * lrs[0]; // [0.333…, 0.666…, 1, 1, 0.1, 0.1]
 * phases; // [0, 0, 1, 1, 1, 1]
 * ```
 */
export function simulate(
  scheduler_or_spec: LRScheduler | SchedulerSpec,
  { epochs, lr, metrics }: SimulateOptions,
): Simulation {
  checked("simulate: epochs", EPOCHS, epochs);
  const scheduler = fresh(scheduler_or_spec, lr);
  const milestones = milestones_of(scheduler);
  const groups = scheduler.optimizer.param_groups;
  const lrs = groups.map((): number[] => []);
  const momenta = groups.map((): number[] => []);
  const phases: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (epoch > 0) step(scheduler, epoch - 1, metrics);
    phases.push(phase_at(milestones, epoch));
    const in_force = lrs_of(groups);
    for (const [g, group] of groups.entries()) {
      lrs[g].push(in_force[g]);
      momenta[g].push(momentum_of(group) ?? 0);
    }
  }
  const is_cycled = is_momentum_cycled(groups);
  return { epochs, lrs, ...(is_cycled ? { momenta } : {}), phases, milestones: [...milestones] };
}

function fresh(
  scheduler_or_spec: LRScheduler | SchedulerSpec,
  lr: number | readonly number[] | undefined,
): LRScheduler {
  if (!is_scheduler(scheduler_or_spec)) {
    return from_spec(optimizer_of(lr ?? 1), scheduler_or_spec);
  }
  if (lr !== undefined) {
    refuse("simulate: lr", "left out for a scheduler, which has its own", lr);
  }
  const { optimizer, base_lrs } = scheduler_or_spec;
  const param_groups = groups_at_base(optimizer.param_groups, base_lrs);
  reset_momenta(param_groups);
  return twin_on({ param_groups }, scheduler_or_spec);
}

function optimizer_of(lr: number | readonly number[]): SchedulableOptimizer {
  const lrs = checked("simulate: lr", LRS, typeof lr === "number" ? [lr] : lr);
  return { param_groups: lrs.map((lr) => ({ lr, momentum: 0.9 })) };
}

/** The milestones of the outermost sequence of a tree, along which its epochs count. */
function milestones_of(scheduler: LRScheduler): readonly number[] {
  const sequence = family_of(scheduler).find(
    ({ motion, options }) => motion.children.length > 0 && "milestones" in options,
  );
  return (sequence as SequentialLR | undefined)?.milestones ?? [];
}

function step(scheduler: LRScheduler, epoch: number, metrics: SimulateOptions["metrics"]): void {
  if (!scheduler.motion.needs_metric?.()) {
    scheduler.step();
    return;
  }
  if (metrics === undefined) {
    throw new Error(
      `simulate: metrics must be given, as the lr after epoch ${epoch} depends on that epoch's metric`,
    );
  }
  const lrs = lrs_of(scheduler.optimizer.param_groups);
  const metric = typeof metrics === "function" ? metrics(epoch, lrs) : metrics[epoch];
  if (typeof metric !== "number") {
    throw new TypeError(`simulate: the metric of epoch ${epoch} ${refusal("a number", metric)}`);
  }
  scheduler.step(metric);
}
