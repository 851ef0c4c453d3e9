import { expect, test } from "vitest";
import type * as torch from "../../src/index.ts";
import { lrs_of, momenta_of, schedulable, step } from "./curve.ts";
import { build, type Spec } from "./spec.ts";

/** A course that a real PyTorch has drawn. */
export interface Case {
  readonly groups: readonly number[];
  readonly spec: Spec;
  readonly steps: number;
  /** The lr of every group at epochs 0 to `steps`. */
  readonly lr: readonly (readonly number[])[];
  /** The momentum likewise, where it is cycled. */
  readonly momentum?: readonly (readonly number[])[];
  readonly optimizer?: readonly unknown[];
  /** What `step` is given, step by step. */
  readonly metrics?: readonly number[];
  readonly epochs?: readonly number[];
  /** The lr that the user sets before a step, by group. */
  readonly hand_set?: { readonly [step: string]: { readonly [group: string]: number } };
}

export interface Fixture {
  readonly pytorch: string;
  readonly cases: readonly Case[];
}

/** The largest difference to PyTorch's lr (in shares of the largest lr) and momentum. */
export function difference(drawn: Case): number {
  const own: Partial<torch.optim.SchedulableGroup> =
    drawn.optimizer?.[0] === "Adam" ? { betas: [0.9, 0.999] } : { momentum: 0.9 };
  const optimizer = schedulable(drawn.groups, own);
  const scheduler = build(optimizer, drawn.spec);
  const largest = Math.max(...drawn.lr.flat()) || 1;
  let worst = 0;
  for (let epoch = 0; epoch <= drawn.steps; epoch++) {
    for (const [g, lr] of lrs_of(optimizer).entries()) {
      worst = Math.max(worst, Math.abs(lr - drawn.lr[g][epoch]) / largest);
    }
    for (const [g, momentum] of momenta_of(optimizer).entries()) {
      const wanted = drawn.momentum?.[g][epoch] ?? 0.9;
      worst = Math.max(worst, Math.abs((momentum as number) - wanted));
    }
    if (epoch === drawn.steps) break;
    advance(drawn, scheduler, epoch);
  }
  return worst;
}

/** One step as a case takes it. */
export function advance(drawn: Case, scheduler: torch.optim.LRScheduler, epoch: number): void {
  set_by_hand(drawn, scheduler, epoch);
  if (drawn.epochs) scheduler.step(drawn.epochs[epoch]);
  else step(scheduler, drawn.metrics?.[epoch]);
}

/** Sets the lr that a case sets before the step from `epoch`. */
export function set_by_hand(drawn: Case, scheduler: torch.optim.LRScheduler, epoch: number): void {
  for (const [g, lr] of Object.entries(drawn.hand_set?.[epoch] ?? {})) {
    scheduler.optimizer.param_groups[Number(g)].lr = lr;
  }
}

/** States that every case of a fixture is met to 1e-12 of its largest lr. */
export function matches_pytorch(name: string, { pytorch, cases }: Fixture): void {
  test(`${name} gives PyTorch ${pytorch}'s numbers in ${cases.length} cases`, () => {
    for (const drawn of cases) {
      expect(difference(drawn), JSON.stringify(drawn.spec)).toBeLessThanOrEqual(1e-12);
    }
  });
}
