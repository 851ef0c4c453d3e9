import { checked, custom, NOT_NEGATIVE, whole_number } from "../../fields.ts";
import { is_list, is_object, refusal, refuse } from "../../refusal.ts";
import {
  groups_at_base,
  is_momentum_cycled,
  lrs_of,
  option_of,
  reset_momenta,
  type SchedulableGroup,
  type SchedulableOptimizer,
} from "../param_group.ts";
import { from_spec } from "./as_data/from_spec.ts";
import { groups_of_spec } from "./as_data/groups_of_spec.ts";
import type { Lengths } from "./as_data/lengths.ts";
import type { Spec } from "./as_data/recipe_spec.ts";
import { family_of } from "./family.ts";
import { is_scheduler, type LRScheduler } from "./lr_scheduler.ts";
import { phase_at } from "./phase_at.ts";
import { twin_on } from "./plan.ts";
import { Recipe } from "./recipe.ts";
import { select, selected_by } from "./select.ts";
import type { SequentialLR } from "./sequential_lr.ts";

/** A parameter group for `simulate`: the options that are moved, at their base values. */
export interface SimulatedGroup extends Partial<SchedulableGroup> {
  /** The name by which a recipe may select it. */
  readonly name?: string;
}

/** Options of `simulate`. */
export interface SimulateOptions extends Lengths {
  /** How many epochs to run, a whole number of at least 1: epochs 0 to `epochs - 1`. */
  epochs: number;
  /**
   * The base lr of a spec's parameter groups, at least 0: one, or a list with one for each group.
   * Default 1. A scheduler brings its own.
   */
  lr?: number | readonly number[];
  /**
   * The parameter groups of a spec with their names and options, `lr` 1 if it is left out. Default: one
   * group for each that a recipe mentions and one for the rest, every base value 1.
   */
  groups?: readonly SimulatedGroup[];
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
  /** Every option that is moved, by group and epoch. */
  readonly values: Readonly<Record<string, number[][]>>;
  /** The phase of the outermost sequence at every epoch; 0 where there is none. */
  readonly phases: number[];
  /** The milestones of the outermost sequence; none where there is none. */
  readonly milestones: readonly number[];
}

const EPOCHS = whole_number({ min: 1 });
const LRS = custom<readonly number[]>(
  "a finite number of at least 0, or a list of at least one",
  (lrs) => is_list(lrs, (lr) => NOT_NEGATIVE.valid(lr, 1), 1),
);
const GROUPS = custom<readonly SimulatedGroup[]>("a list of at least one group", (groups) =>
  is_list(groups, is_object, 1),
);

/**
 * The whole course of a scheduler, a recipe or a spec, from epoch 0 on, as a fresh run would have it. A
 * scheduler or recipe that is given, and its optimizer, are left as they are.
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
  scheduled: LRScheduler | Recipe | Spec,
  options: SimulateOptions,
): Simulation {
  const { epochs, metrics } = options;
  checked("simulate: epochs", EPOCHS, epochs);
  const run = fresh(scheduled, options);
  const schedules = schedules_of(run);
  const milestones = milestones_of(schedules);
  const groups = run.optimizer.param_groups;
  const moved = options_moved(scheduled, schedules);
  const courses = new Map(
    [...moved, "lr", "momentum"].map((option) => [option, groups.map((): number[] => [])]),
  );
  const phases: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (epoch > 0) step(run, epoch - 1, metrics);
    phases.push(phase_at(milestones, epoch));
    for (const [option, course] of courses) {
      for (const [g, group] of groups.entries()) {
        course[g].push(Number(option_of(group, option) ?? 0));
      }
    }
  }
  if (is_momentum_cycled(groups)) moved.add("momentum");
  const by_option = (option: string) => courses.get(option) ?? [];
  // A scheduler on a selection moves as its lr what has another name.
  const named = [...moved].map((option) => [
    option,
    by_option(run instanceof Recipe || option === "momentum" ? option : "lr"),
  ]);
  const momenta = moved.has("momentum") ? { momenta: by_option("momentum") } : {};
  return {
    epochs,
    lrs: by_option("lr"),
    ...momenta,
    values: Object.fromEntries(named),
    phases,
    milestones: [...milestones],
  };
}

function schedules_of(run: LRScheduler | Recipe): readonly LRScheduler[] {
  return run instanceof Recipe ? run.schedules : [run];
}

/** The options that schedules move, beside a momentum that they cycle. */
function options_moved(scheduled: unknown, schedules: readonly LRScheduler[]): Set<string> {
  const own = is_scheduler(scheduled) ? [scheduled] : schedules;
  return new Set(own.map(({ optimizer }) => selected_by(optimizer).option));
}

function fresh(
  scheduled: LRScheduler | Recipe | Spec,
  { lr, groups, total, steps_per_epoch }: SimulateOptions,
): LRScheduler | Recipe {
  const is_spec = !is_scheduler(scheduled) && !(scheduled instanceof Recipe);
  if (is_spec) {
    const optimizer = optimizer_for(scheduled, lr, groups);
    return from_spec(optimizer, scheduled, { total, steps_per_epoch });
  }
  for (const [option, value] of Object.entries({ lr, groups, total, steps_per_epoch })) {
    if (value === undefined) continue;
    refuse(`simulate: ${option}`, "left out for what has its own", value);
  }
  return is_scheduler(scheduled) ? fresh_scheduler(scheduled) : fresh_recipe(scheduled);
}

function fresh_scheduler(scheduler: LRScheduler): LRScheduler {
  const { optimizer, base_lrs } = scheduler;
  const param_groups = groups_at_base(optimizer.param_groups, base_lrs);
  reset_momenta(param_groups);
  return twin_on({ param_groups }, scheduler);
}

function fresh_recipe({ optimizer, schedules }: Recipe): Recipe {
  const base_lrs = optimizer.param_groups.map(({ initial_lr, lr }) => initial_lr ?? lr);
  const param_groups = groups_at_base(optimizer.param_groups, base_lrs);
  reset_momenta(param_groups);
  const own = { param_groups };
  const twins = schedules.map((schedule) => {
    const { option, named } = selected_by(schedule.optimizer);
    const selection = select(own, { option, groups: named });
    for (const [g, base] of schedule.base_lrs.entries()) selection.param_groups[g].lr = base;
    return twin_on(selection, schedule);
  });
  return new Recipe(own, { schedules: twins });
}

function optimizer_for(
  spec: Spec,
  lr: SimulateOptions["lr"],
  groups: SimulateOptions["groups"],
): SchedulableOptimizer {
  if (groups !== undefined) {
    if (lr !== undefined) refuse("simulate: lr", "left out where groups are given", lr);
    const given = checked("simulate: groups", GROUPS, groups);
    return { param_groups: given.map((group) => ({ momentum: 0.9, ...group, lr: group.lr ?? 1 })) };
  }
  const lrs = checked(
    "simulate: lr",
    LRS,
    lr === undefined || typeof lr === "number" ? [lr ?? 1] : lr,
  );
  const made = spec.type === "Recipe" ? groups_of_spec(spec) : [];
  const count = Math.max(lrs.length, made.length);
  const param_groups = Array.from({ length: count }, (_, g) => ({
    momentum: 0.9,
    ...made[g],
    lr: lrs[g] ?? lrs[0],
  }));
  return { param_groups };
}

/** The milestones of the outermost sequence of the schedules, along which their epochs count. */
function milestones_of(schedules: readonly LRScheduler[]): readonly number[] {
  const sequence = schedules
    .flatMap(family_of)
    .find(({ motion, options }) => motion.children.length > 0 && "milestones" in options);
  return (sequence as SequentialLR | undefined)?.milestones ?? [];
}

function step(run: LRScheduler | Recipe, epoch: number, metrics: SimulateOptions["metrics"]): void {
  if (!schedules_of(run).some(({ motion }) => motion.needs_metric?.())) {
    run.step();
    return;
  }
  if (metrics === undefined) {
    throw new Error(
      `simulate: metrics must be given, as the lr after epoch ${epoch} depends on that epoch's metric`,
    );
  }
  const lrs = lrs_of(run.optimizer.param_groups);
  const metric = typeof metrics === "function" ? metrics(epoch, lrs) : metrics[epoch];
  if (typeof metric !== "number") {
    throw new TypeError(`simulate: the metric of epoch ${epoch} ${refusal("a number", metric)}`);
  }
  run.step(metric);
}
