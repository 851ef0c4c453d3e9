import {
  type SchedulerSpec,
  type SimulateOptions,
  type Simulation,
  simulate,
  spec_length,
} from "torch-optim/lr_scheduler";
import { MOST_EPOCHS } from "./options.ts";
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

/** A schedule's course. */
export interface Curve {
  readonly name: string;
  readonly epochs: number;
  /** The lr of every group at every epoch. */
  readonly lrs: readonly (readonly number[])[];
  /** The index of the phase at every epoch. */
  readonly phaseAt: readonly number[];
  /** Those of the outermost sequence that have epochs; without a sequence, the whole as one. */
  readonly phases: readonly Phase[];
}

/** One line of a drawing: a curve's lr in one parameter group. */
export interface Series {
  readonly name: string;
  readonly lrs: readonly number[];
}

/** What decides a curve beside its spec. */
export interface CurveOptions {
  /** How many epochs; if it is left out, as many as the schedule is made for. */
  readonly epochs?: number;
  readonly lr: readonly number[];
  readonly metrics?: readonly number[];
}

/** How far a schedule is shown that is made for no number of epochs. */
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

function usualEpochs(spec: SchedulerSpec): number {
  const last = lastMilestone(spec);
  if (last < USUAL_EPOCHS) return USUAL_EPOCHS;
  // Two digits are enough for the end of an axis.
  const unit = 10 ** (Math.floor(Math.log10(BEYOND * last)) - 1);
  return Math.ceil((BEYOND * last) / unit) * unit;
}

/** The last milestone that is written down anywhere in a spec, as an epoch of the whole. */
function lastMilestone(spec: SchedulerSpec, start = 0): number {
  const milestones = "milestones" in spec ? spec.milestones : [];
  const children = "schedulers" in spec ? spec.schedulers : [];
  const starts = spec.type === "SequentialLR" ? [0, ...milestones] : [];
  const own = start + milestones.reduce((a, b) => Math.max(a, b), 0);
  return children
    .map((child, i) => lastMilestone(child, start + (starts[i] ?? 0)))
    .reduce((a, b) => Math.max(a, b), own);
}

function toCurve(
  { name, spec }: NamedSpec,
  { epochs, lr, metrics }: CurveOptions & { readonly epochs: number },
): Curve {
  const { lrs, milestones, phases } = simulated(name, spec, { epochs, lr, metrics });
  return { name, epochs, lrs, phaseAt: phases, phases: toPhases(spec, milestones, epochs) };
}

/** The phases of the outermost sequence that have epochs, under their schedulers' names. */
export function toPhases(
  spec: SchedulerSpec,
  milestones: readonly number[],
  epochs: number,
): Phase[] {
  const starts = [0, ...milestones];
  const members = outermostSequence(spec)?.schedulers ?? [spec];
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

function simulated(name: string, spec: SchedulerSpec, options: SimulateOptions): Simulation {
  try {
    return simulate(spec, options);
  } catch (error) {
    // What the library calls an option of simulate, the user knows as an option of the command.
    const message = (error as Error).message
      .replace(/^simulate: (?=lr |metrics )/, "--")
      .replace(/^simulate: /, "");
    throw new Refusal(`${name}: ${message}`);
  }
}

function outermostSequence(spec: SchedulerSpec): Sequence | undefined {
  if (spec.type === "SequentialLR") return spec;
  if (spec.type !== "ChainedScheduler") return undefined;
  return spec.schedulers.map(outermostSequence).find((sequence) => sequence !== undefined);
}

export function toSeries(curves: readonly Curve[]): Series[] {
  return curves.flatMap(({ name, lrs }) =>
    lrs.map((values, group) => ({
      name: lrs.length === 1 ? name : `${name}, group ${group}`,
      lrs: values,
    })),
  );
}
