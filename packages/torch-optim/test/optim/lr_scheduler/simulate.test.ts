import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_tree, planned_tree } from "../../support/arbitrary.ts";
import { follow, lrs_of, metric_at, schedulable, step } from "../../support/curve.ts";
import { thrown } from "../../support/refusal.ts";
import { build } from "../../support/spec.ts";

const { parse_spec, simulate, to_schedule } = torch.optim.lr_scheduler;

const EPOCHS = 30;
const LRS = [1, 0.3];

describe("simulate", () => {
  test("gives what stepping gives, in any tree, and leaves the scheduler where it is", () => {
    fc.assert(
      fc.property(any_tree, fc.nat(9), (spec, done) => {
        const { lrs, momenta } = follow(build(schedulable(LRS), spec), EPOCHS);
        const scheduler = build(schedulable(LRS), spec);
        for (let epoch = 0; epoch < done; epoch++) step(scheduler, metric_at(epoch));
        const state = structuredClone(scheduler.state_dict());
        const groups = structuredClone(scheduler.optimizer.param_groups);
        const curve = simulate(scheduler, { epochs: EPOCHS + 1, metrics: metric_at });
        const unsigned = curve.lrs.map((row) => row.map((lr) => lr + 0));
        expect(unsigned).toEqual(LRS.map((_, g) => lrs.map((epoch) => epoch[g])));
        if (curve.momenta) {
          expect(curve.momenta).toEqual(LRS.map((_, g) => momenta.map((epoch) => epoch[g])));
        } else {
          expect(new Set(momenta.flat())).toEqual(new Set([0.9]));
        }
        expect(scheduler.state_dict()).toEqual(state);
        expect(scheduler.optimizer.param_groups).toEqual(groups);
      }),
      { numRuns: 200 },
    );
  });

  test("says which phase of the outermost sequence is in force", () => {
    const spec = parse_spec("(linear:2 > constant:2):3 > exp(gamma=0.5)");
    expect(simulate(spec, { epochs: 5 })).toMatchObject({
      epochs: 5,
      phases: [0, 0, 0, 1, 1],
      milestones: [3],
    });
    const chain = parse_spec("exp(gamma=0.5) + (linear:2 > constant)");
    expect(simulate(chain, { epochs: 3 })).toMatchObject({ phases: [0, 0, 1], milestones: [2] });
    const single = parse_spec("exp(gamma=0.5)");
    expect(simulate(single, { epochs: 2 })).toMatchObject({ phases: [0, 0], milestones: [] });
  });

  test("takes the base lr of one group or of several for a spec", () => {
    const spec = parse_spec("exp(gamma=0.5)");
    expect(simulate(spec, { epochs: 3 }).lrs).toEqual([[1, 0.5, 0.25]]);
    expect(simulate(spec, { epochs: 2, lr: 8 }).lrs).toEqual([[8, 4]]);
    expect(simulate(spec, { epochs: 2, lr: [8, 2] }).lrs).toEqual([
      [8, 4],
      [2, 1],
    ]);
  });

  test("asks for metrics where they decide, and only there", () => {
    const spec = parse_spec("linear:2 > plateau(patience=0, factor=0.5)");
    expect(() => simulate(spec, { epochs: 4 })).toThrow(
      "simulate: metrics must be given, as the lr after epoch 2 depends on that epoch's metric",
    );
    expect(simulate(spec, { epochs: 3 }).lrs[0]).toHaveLength(3);
    const metrics = [Number.NaN, Number.NaN, 1, 1, 1];
    const { lrs } = simulate(spec, { epochs: 6, metrics });
    expect(lrs[0].slice(2)).toEqual([1, 1, 0.5, 0.25]);
    expect(simulate(spec, { epochs: 6, metrics: (epoch) => metrics[epoch] }).lrs).toEqual(lrs);
    expect(() => simulate(spec, { epochs: 7, metrics })).toThrow(
      "simulate: the metric of epoch 5 must be a number, got undefined",
    );
  });

  test("refuses what it cannot use by name", () => {
    const scheduler = new torch.optim.ExponentialLR(schedulable(), { gamma: 0.9 });
    expect(() => simulate(scheduler, { epochs: 0 })).toThrow(
      "simulate: epochs must be a whole number of at least 1, got 0",
    );
    expect(() => simulate(scheduler, { epochs: 3, lr: 1 })).toThrow(
      "simulate: lr must be left out for what has its own, got 1",
    );
    for (const [lr, error, shown] of [
      ["x", TypeError, '"x"'],
      [{}, TypeError, "an object"],
      [-1, RangeError, "[-1]"],
      [[0.1, Number.NaN], RangeError, "[0.1, NaN]"],
      [[], RangeError, "[]"],
    ] as const) {
      const refusal = thrown(() =>
        simulate(parse_spec("linear:3"), { epochs: 2, lr: lr as never }),
      );
      expect(refusal).toBeInstanceOf(error);
      expect(refusal.message).toBe(
        `simulate: lr must be a finite number of at least 0, or a list of at least one, got ${shown}`,
      );
    }
    expect(() => simulate({ type: "StepLR" } as never, { epochs: 3 })).toThrow(
      torch.optim.lr_scheduler.SpecError,
    );
  });
});

describe("to_schedule", () => {
  test("is the plan as a function of the step, group by group", () => {
    fc.assert(
      fc.property(planned_tree, (spec) => {
        const scheduler = build(schedulable(LRS), spec);
        for (const g of LRS.keys()) {
          const schedule = to_schedule(scheduler, g);
          for (const step of [0, 7, 3]) expect(schedule(step)).toBe(scheduler.lr_at(step)[g]);
        }
        expect(lrs_of(scheduler.optimizer)).toEqual(
          lrs_of(build(schedulable(LRS), spec).optimizer),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("refuses a group that is not there", () => {
    const scheduler = new torch.optim.ExponentialLR(schedulable(LRS), { gamma: 0.9 });
    for (const group of [-1, 2, 0.5]) {
      expect(() => to_schedule(scheduler, group)).toThrow(
        `to_schedule: group must be one of 2, from 0 on, got ${group}`,
      );
    }
    expect(() => to_schedule(scheduler, "0" as never)).toThrow(TypeError);
    const refusal = thrown(() => to_schedule(5 as never));
    expect(refusal).toBeInstanceOf(TypeError);
    expect(refusal.message).toBe("to_schedule: scheduler must be a scheduler, got 5");
  });
});
