import {
  groups_of_spec,
  type SchedulerSpec,
  type SimulatedGroup,
  type SimulateOptions,
  type Simulation,
  type Spec,
  simulate,
  spec_length,
} from "torch-optim/lr_scheduler";
import { Refusal } from "./refusal.ts";
import type { NamedSpec } from "./spec_source.ts";

type Sequence = Extract<SchedulerSpec, { type: "SequentialLR" }>;

/** A stretch of epochs that one scheduler drives; `end` is the first epoch after it. */
export interface Phase {
  /** Which scheduler of its sequence it is, from 0 on. */
  readonly index: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** How groups are called where there are several. */
type GroupName = (group: number) => string;

/** A schedule's course. */
export interface Curve {
  readonly name: string;
  readonly epochs: number;
  /** Every option that is moved, the lr first: its value in every group at every epoch. */
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly groupName: GroupName;
  /** Whether it says itself what its groups are: alone, they need no other name. */
  readonly isRecipe: boolean;
  /** The index of the phase at every epoch. */
  readonly phaseAt: readonly number[];
  /** Those of the outermost sequence that have epochs; without a sequence, the whole as one. */
  readonly phases: readonly Phase[];
}

/** One line of a drawing: an option of a curve in one parameter group. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** Which line it is, the same for every option. */
  readonly index: number;
}

/** What decides a curve beside its spec. */
export interface CurveOptions {
  /** How many epochs; if it is left out, as many as the schedule is made for. */
  readonly epochs?: number;
  /** The base lr; if it is left out, 0.1, and 1 for a recipe, as all its values. */
  readonly lr?: readonly number[];
  readonly groups?: readonly SimulatedGroup[];
  readonly metrics?: readonly number[];
}

/** As many epochs as can be shown. */
export const MOST_EPOCHS = 10_000_000;
const USUAL_LR = [0.1];
/** The least of that. */
const USUAL_EPOCHS = 100;
/** How much further it is shown than its last milestone, if that lies beyond. */
const BEYOND = 1.25;

/** The courses of schedules; one of no length of its own goes as far as the longest beside it. */
export function toCurves(specs: readonly NamedSpec[], options: CurveOptions): Curve[] {
  const lengths = specs.map(({ spec }) => spec_length(spec));
  const longest = lengths.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
  return specs.map((named, i) => {
    const own = lengths[i] ?? (longest || usualEpochs(named.spec));
    const epochs = options.epochs ?? Math.max(1, own);
    if (epochs <= MOST_EPOCHS) return toCurve(named, { ...options, epochs });
    throw new Refusal(
      `${named.name}: has ${epochs} epochs, more than can be shown; --epochs takes up to ${MOST_EPOCHS}`,
    );
  });
}

/** How far a schedule is shown that is made for no number of epochs. */
export function usualEpochs(spec: Spec): number {
  const last = lastMilestone(spec);
  if (last < USUAL_EPOCHS) return USUAL_EPOCHS;
  // Two digits are enough for the end of an axis.
  const unit = 10 ** (Math.floor(Math.log10(BEYOND * last)) - 1);
  return Math.ceil((BEYOND * last) / unit) * unit;
}

/** The last milestone that is written down anywhere in a spec, as an epoch of the whole. */
function lastMilestone(spec: Spec, start = 0): number {
  if (spec.type === "Recipe") {
    return Math.max(...spec.schedules.map(({ schedule }) => lastMilestone(schedule)));
  }
  // No shares are left: they were resolved when the spec was read.
  const milestones = "milestones" in spec ? spec.milestones.map(Number) : [];
  const children = "schedulers" in spec ? spec.schedulers : [];
  const starts = spec.type === "SequentialLR" ? [0, ...milestones] : [];
  const own = start + milestones.reduce((a, b) => Math.max(a, b), 0);
  return children
    .map((child, i) => lastMilestone(child, start + (starts[i] ?? 0)))
    .reduce((a, b) => Math.max(a, b), own);
}

function toCurve(
  { name, spec }: NamedSpec,
  { epochs, lr, groups, metrics }: CurveOptions & { readonly epochs: number },
): Curve {
  const usual = groups || spec.type === "Recipe" ? undefined : USUAL_LR;
  const options = { epochs, lr: lr ?? usual, groups, metrics };
  const { values, milestones, phases } = simulated(name, spec, options);
  return {
    name,
    epochs,
    // A momentum that is cycled beside the lr is no panel of its own.
    values: spec.type === "Recipe" ? values : { lr: values.lr },
    groupName: groupNames(spec, groups),
    isRecipe: spec.type === "Recipe",
    phaseAt: phases,
    phases: toPhases(spec, milestones, epochs),
  };
}

/** The names that groups were given, or that a recipe knows them by. */
function groupNames(spec: Spec, given: CurveOptions["groups"]): GroupName {
  const groups = given ?? (spec.type === "Recipe" ? groups_of_spec(spec) : []);
  return (group) => groups[group]?.name ?? `group ${group}`;
}

/** The phases of the outermost sequence that have epochs, under their schedulers' names. */
export function toPhases(spec: Spec, milestones: readonly number[], epochs: number): Phase[] {
  const starts = [0, ...milestones];
  const whole = spec.type === "Recipe" ? spec.schedules[0].schedule : spec;
  const members = outermostSequence(spec)?.schedulers ?? [whole];
  return (
    members
      .map(({ type }, index) => ({
        index,
        name: type,
        start: starts[index],
        end: Math.min(starts[index + 1] ?? epochs, epochs),
      }))
      // With a first milestone of 0, the first phase has no epoch.
      .filter(({ start, end }) => start < end)
  );
}

function simulated(name: string, spec: Spec, options: SimulateOptions): Simulation {
  try {
    return simulate(spec, options);
  } catch (error) {
    // What the library calls an option of simulate, the user knows as an option of the command.
    const message = (error as Error).message
      .replace(/^simulate: (?=lr |metrics |groups )/, "--")
      .replace(/^simulate: /, "");
    throw new Refusal(`${name}: ${message}`);
  }
}

function outermostSequence(spec: Spec): Sequence | undefined {
  if (spec.type === "Recipe") {
    return spec.schedules
      .map(({ schedule }) => outermostSequence(schedule))
      .find((sequence) => sequence !== undefined);
  }
  if (spec.type === "SequentialLR") return spec;
  if (spec.type !== "ChainedScheduler") return undefined;
  return spec.schedulers.map(outermostSequence).find((sequence) => sequence !== undefined);
}

/** The options that curves move, the lr first. */
export function optionsOf(curves: readonly Curve[]): string[] {
  const options = new Set(curves.flatMap(({ values }) => Object.keys(values)));
  return [...options].sort((a, b) => Number(b === "lr") - Number(a === "lr"));
}

/** The lines of an option. */
export function toSeries(curves: readonly Curve[], option: string): Series[] {
  let index = 0;
  return curves.flatMap(({ name, values, groupName, isRecipe }) => {
    const lists = Object.values(values)[0] ?? [];
    const ofGroup = (group: number) =>
      isRecipe && curves.length === 1 ? groupName(group) : `${name}, ${groupName(group)}`;
    return lists.flatMap((_, group) => {
      const own = values[option]?.[group];
      const line = { name: lists.length === 1 ? name : ofGroup(group), index };
      index += 1;
      return own ? [{ ...line, values: own }] : [];
    });
  });
}
