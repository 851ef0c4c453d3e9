import {
  check_spec,
  type Lengths,
  parse_spec,
  type Spec,
  type SpecProblem,
} from "torch-optim/lr_scheduler";

/** A schedule as the studio knows it: all that decides its curve. */
export interface Plan {
  /** What is scheduled. It may be unsound while it is being edited; its lengths may be shares or epochs. */
  readonly spec: Spec;
  /** The base lr. The values of a recipe are its groups' own, all 1. */
  readonly lr: number;
  /** How many steps the whole has; what shares are of. */
  readonly total?: number;
  /** How many steps an epoch has. */
  readonly stepsPerEpoch?: number;
  /** What plateaus go by, one number for each epoch. */
  readonly metrics?: readonly number[];
}

/** What a plan's lengths are counted by, as the library takes it. */
export function lengthsOf({ total, stepsPerEpoch }: Plan): Lengths {
  return { total, steps_per_epoch: stepsPerEpoch };
}

/** Everything that is wrong with a plan's spec. */
export function problemsOf(plan: Plan): SpecProblem[] {
  return check_spec(plan.spec, lengthsOf(plan));
}

/** A sound plan's spec with numbers in place of shares and epochs. */
export function resolvedSpec(plan: Plan): Spec {
  return parse_spec(JSON.stringify(plan.spec), lengthsOf(plan));
}
