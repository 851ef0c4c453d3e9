import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { follow, lrs_of, schedulable } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const EPOCHS = 30;

/** Trees around an annealing scheduler. */
const AROUND: Record<string, (annealing: Spec) => Spec> = {
  alone: (annealing) => annealing,
  "as a later phase": (annealing) => ({
    type: "SequentialLR",
    schedulers: [{ type: "LinearLR", total_iters: 4 }, annealing],
    milestones: [4],
  }),
  "in a chain": (annealing) => ({
    type: "ChainedScheduler",
    schedulers: [{ type: "ExponentialLR", gamma: 0.9 }, annealing],
  }),
};

describe.each([
  { type: "CosineAnnealingLR", T_max: 7 },
  { type: "CosineAnnealingWarmRestarts", T_0: 3, T_mult: 2 },
])("eta_min as a list in $type", (annealing) => {
  test.each(Object.entries(AROUND))("is each group's own: %s", (_, around) => {
    const group = fc.tuple(fc.constantFrom(1, 0.3, 0.01), fc.constantFrom(0, 0.001, 0.1));
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), fc.nat(EPOCHS), (groups, at) => {
        const base_lrs = groups.map(([lr]) => lr);
        const spec = around({ ...annealing, eta_min: groups.map(([, eta_min]) => eta_min) });
        const { lrs } = follow(build(schedulable(base_lrs), spec), EPOCHS);
        for (const [g, [lr, eta_min]] of groups.entries()) {
          const alone = follow(build(schedulable([lr]), around({ ...annealing, eta_min })), EPOCHS);
          expect(lrs.map((row) => row[g])).toEqual(alone.lrs.map(([one]) => one));
        }

        const scheduler = build(schedulable(base_lrs), spec);
        for (const [g, lr] of scheduler.lr_at(at).entries()) expect(lr).toBeCloseTo(lrs[at][g], 12);
        for (let epoch = 0; epoch < at; epoch++) scheduler.step();
        const other = build(schedulable(base_lrs.map(() => 0.5)), spec);
        other.load_state_dict(JSON.parse(JSON.stringify(scheduler.state_dict())));
        expect(lrs_of(other.optimizer)).toEqual(lrs[at]);
        scheduler.step();
        other.step();
        expect(lrs_of(other.optimizer)).toEqual(lrs_of(scheduler.optimizer));
      }),
      { numRuns: 50 },
    );
  });

  test("refuses a group that is added, of which it says nothing", () => {
    const param_groups = [{ lr: 1 }];
    const scheduler = build({ param_groups }, { ...annealing, eta_min: [0.1] });
    param_groups.push({ lr: 0.5 });
    expect(() => scheduler.step()).toThrow(`${annealing.type}: eta_min must be`);
    expect(lrs_of({ param_groups })).toEqual([1, 0.5]);
  });
});
