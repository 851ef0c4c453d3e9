import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { any_tree, planned_tree } from "../../support/arbitrary.ts";
import { follow, lrs_of, metric_at, momenta_of, schedulable, step } from "../../support/curve.ts";
import { expect_refusal } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

const EPOCHS = 40;
const LRS = [1, 0.3];
const CLOSE = 1e-12;

describe("resuming", () => {
  test("lr_at gives what stepping gives, at any epoch of any planned tree, and touches nothing", () => {
    fc.assert(
      fc.property(planned_tree, fc.array(fc.nat(EPOCHS), { minLength: 1 }), (spec, epochs) => {
        const { lrs } = follow(build(schedulable(LRS), spec), EPOCHS);
        const scheduler = build(schedulable(LRS), spec);
        const before = structuredClone(scheduler.state_dict());
        const groups = structuredClone(scheduler.optimizer.param_groups);
        const largest = Math.max(1, ...lrs.flat());
        for (const epoch of epochs) {
          for (const [g, lr] of scheduler.lr_at(epoch).entries()) {
            expect(Math.abs(lr - lrs[epoch][g])).toBeLessThanOrEqual(CLOSE * largest);
          }
        }
        expect(scheduler.state_dict()).toEqual(before);
        expect(scheduler.optimizer.param_groups).toEqual(groups);
      }),
      { numRuns: 500 },
    );
  });

  test("last_epoch: N stands at epoch N + 1 and goes on from there", () => {
    fc.assert(
      fc.property(planned_tree, fc.nat(EPOCHS - 6), (spec, last_epoch) => {
        const whole = follow(build(schedulable(LRS), spec), EPOCHS);
        const scheduler = build(schedulable(LRS), { ...spec, last_epoch });
        expect(scheduler.last_epoch).toBe(last_epoch + 1);
        const rest = follow(scheduler, 5);
        const largest = Math.max(1, ...whole.lrs.flat());
        for (let i = 0; i <= 5; i++) {
          for (const [g, lr] of rest.lrs[i].entries()) {
            const wanted = whole.lrs[last_epoch + 1 + i][g];
            expect(Math.abs(lr - wanted)).toBeLessThanOrEqual(CLOSE * largest);
          }
          for (const [g, momentum] of rest.momenta[i].entries()) {
            expect(momentum).toBeCloseTo(whole.momenta[last_epoch + 1 + i][g] as number, 12);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("last_epoch notes the base lr, for schedulers that are built later", () => {
    const optimizer = schedulable([1]);
    build(optimizer, { type: "ExponentialLR", gamma: 0.5, last_epoch: 3 });
    expect(lrs_of(optimizer)).toEqual([0.5 ** 4]);
    build(optimizer, {
      type: "SequentialLR",
      schedulers: [{ type: "StepLR", step_size: 9 }],
      milestones: [],
    });
    expect(lrs_of(optimizer)).toEqual([1]);
  });

  test("a state through JSON goes on bit for bit, in any tree, at any epoch, after a hand-set lr", () => {
    fc.assert(
      fc.property(
        any_tree,
        fc.nat(EPOCHS),
        fc.option(fc.double({ min: 1e-3, max: 1, noNaN: true })),
        fc.boolean(),
        (spec, stopped, by_hand, optimizer_last) => {
          const one = build(schedulable(LRS), spec);
          for (let epoch = 0; epoch < stopped; epoch++) step(one, metric_at(epoch));
          if (by_hand !== null) one.optimizer.param_groups[0].lr = by_hand;
          const groups = structuredClone(one.optimizer.param_groups);
          const state = JSON.parse(JSON.stringify(one.state_dict()));

          const other = build(schedulable([0.7, 0.2]), spec);
          const restore_optimizer = () => {
            for (const [g, group] of groups.entries()) {
              Object.assign(other.optimizer.param_groups[g], structuredClone(group));
            }
          };
          if (!optimizer_last) restore_optimizer();
          other.load_state_dict(state);
          expect(lrs_of(other.optimizer)).toEqual(lrs_of(one.optimizer));
          expect(other.state_dict()).toEqual(one.state_dict());
          if (optimizer_last) restore_optimizer();
          for (let epoch = stopped; epoch < stopped + 12; epoch++) {
            step(one, metric_at(epoch));
            step(other, metric_at(epoch));
            expect(lrs_of(other.optimizer)).toEqual(lrs_of(one.optimizer));
            expect(momenta_of(other.optimizer)).toEqual(momenta_of(one.optimizer));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a chain goes on from the epoch at which a curve inside is 0, as if it had been stepped", () => {
    const annealing = { type: "CosineAnnealingLR", T_max: 5 };
    const spec: Spec = {
      type: "ChainedScheduler",
      schedulers: [
        { type: "ConstantLR", factor: 0.1, total_iters: 20 },
        { type: "SequentialLR", schedulers: [annealing], milestones: [] },
      ],
    };
    const stepped = follow(build(schedulable(), spec), 8);
    const resumed = follow(build(schedulable(), { ...spec, last_epoch: 4 }), 3);
    for (const [i, [lr]] of resumed.lrs.entries())
      expect(lr).toBeCloseTo(stepped.lrs[5 + i][0], 15);
    expect(stepped.lrs[7][0]).toBeCloseTo(0.1 * (0.5 + 0.5 * Math.cos((7 * Math.PI) / 5)), 15);
  });

  test("a step that overflows is refused, so that no state holds an lr that none can take up", () => {
    const scheduler = build(schedulable(), { type: "ExponentialLR", gamma: 1e200 });
    step(scheduler);
    expect_refusal(
      () => step(scheduler),
      RangeError,
      "ExponentialLR: lr of parameter group 0 must be a finite number, got Infinity",
      scheduler.optimizer,
      scheduler,
    );
    build(schedulable(), { type: "ExponentialLR", gamma: 1 }).load_state_dict(
      scheduler.state_dict(),
    );
  });
});
