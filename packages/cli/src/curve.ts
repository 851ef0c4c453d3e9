import {
  type SchedulerSpec,
  type SimulateOptions,
  type Simulation,
  simulate,
} from "torch-optim/lr_scheduler";
import type { CurveOptions } from "./options.ts";
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
  /** Those of the outermost sequence that have epochs; without a sequence, the whole as one. */
  readonly phases: readonly Phase[];
}

/** One line of a drawing: a curve's lr in one parameter group. */
export interface Series {
  readonly name: string;
  readonly lrs: readonly number[];
}

export function toCurve({ name, spec }: NamedSpec, { epochs, lr, metrics }: CurveOptions): Curve {
  const { lrs, milestones } = simulated(name, spec, { epochs, lr, metrics });
  const starts = [0, ...milestones];
  const phases = phaseNames(spec).map((phase, index) => ({
    index,
    name: phase,
    start: starts[index],
    end: Math.min(starts[index + 1] ?? epochs, epochs),
  }));
  // With a first milestone of 0, the first phase has no epoch.
  return { name, epochs, lrs, phases: phases.filter(({ start, end }) => start < end) };
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

/** The types of the schedulers in the outermost sequence, or the schedule's own. */
function phaseNames(spec: SchedulerSpec): string[] {
  return outermostSequence(spec)?.schedulers.map(({ type }) => type) ?? [spec.type];
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
