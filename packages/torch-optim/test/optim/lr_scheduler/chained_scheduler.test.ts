import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { planned_leaf } from "../../support/arbitrary.ts";
import { curve, follow, lrs_of, schedulable, step } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const chain = (...schedulers: Spec[]): Spec => ({ type: "ChainedScheduler", schedulers });
const sequence = (milestones: number[], ...schedulers: Spec[]): Spec => ({
  type: "SequentialLR",
  schedulers,
  milestones,
});
const exponential = (gamma: number): Spec => ({ type: "ExponentialLR", gamma });
const step_lr = (step_size: number, gamma: number): Spec => ({ type: "StepLR", step_size, gamma });
const cosine = (T_max: number, eta_min = 0): Spec => ({
  type: "CosineAnnealingLR",
  T_max,
  eta_min,
});
const constant = (factor: number, total_iters: number): Spec => ({
  type: "ConstantLR",
  factor,
  total_iters,
});
const cyclic: Spec = {
  type: "CyclicLR",
  base_lr: 0.1,
  max_lr: 0.4,
  step_size_up: 2,
  cycle_momentum: false,
};
const lambda = (lr_lambda: (epoch: number) => number): Spec => ({ type: "LambdaLR", lr_lambda });

function expect_curve(spec: Spec, wanted: readonly number[]): void {
  const lrs = curve(spec, wanted.length - 1);
  for (const [epoch, lr] of wanted.entries()) {
    expect(Math.abs(lrs[epoch] - lr), `epoch ${epoch}`).toBeLessThanOrEqual(1e-12);
  }
}

/** A chain of these members, in both orders. */
function in_either_order(one: Spec, other: Spec, wanted: readonly number[]): void {
  expect_curve(chain(one, other), wanted);
  expect_curve(chain(other, one), wanted);
}

/** The members that only ever scale the lr by a factor of the epoch, floors and returns from 0 apart. */
const factors = planned_leaf.filter(
  ({ type, eta_min }) =>
    type !== "MultiplicativeLR" && !(type === "CosineAnnealingLR") && !(eta_min && type === ""),
);

describe("factors multiply in a chain", () => {
  test("of any members with a closed form, in every order, nested or not", () => {
    const members = fc.array(factors, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(members, fc.double({ min: 0.1, max: 2, noNaN: true }), (specs, base_lr) => {
        const EPOCHS = 25;
        const alone = specs.map((spec) => follow(build(schedulable([base_lr]), spec), EPOCHS).lrs);
        const product = Array.from({ length: EPOCHS + 1 }, (_, epoch) =>
          alone.reduce((lr, lrs) => lr * (lrs[epoch][0] / base_lr), base_lr),
        );
        const [first, ...rest] = specs;
        for (const spec of [
          chain(...specs),
          chain(...specs.toReversed()),
          chain(chain(first), chain(...rest, ...(rest.length ? [] : [exponential(1)]))),
        ]) {
          const { lrs } = follow(build(schedulable([base_lr]), spec), EPOCHS);
          const largest = Math.max(...product);
          for (const [epoch, [lr]] of lrs.entries()) {
            expect(Math.abs(lr - product[epoch])).toBeLessThanOrEqual(1e-12 * largest);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("of a ramp and a plateau, which PyTorch refuses", () => {
    const optimizer = schedulable([1]);
    const scheduler = build(
      optimizer,
      chain(
        lambda((epoch) => Math.min(1, (epoch + 1) / 4)),
        {
          type: "ReduceLROnPlateau",
          patience: 1,
          factor: 0.5,
        },
      ),
    );
    const lrs = [];
    for (let epoch = 0; epoch < 9; epoch++) {
      lrs.push(...lrs_of(optimizer));
      step(scheduler, 1);
    }
    expect(lrs).toEqual([0.25, 0.5, 0.75, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  });

  test("of restarts that are damped", () => {
    const restarts = { type: "CosineAnnealingWarmRestarts", T_0: 30 };
    const wanted = Array.from(
      { length: 90 },
      (_, t) => (0.5 ** Math.floor(t / 30) * (1 + Math.cos((Math.PI * (t % 30)) / 30))) / 2,
    );
    in_either_order(restarts, step_lr(30, 0.5), wanted);
  });

  test("of curves that set the lr outright, some of them 0 at times", () => {
    expect_curve(chain(cyclic, step_lr(2, 0.5)), [0.1, 0.25, 0.2, 0.125, 0.025]);
    in_either_order(
      lambda((epoch) => epoch % 2),
      exponential(0.5),
      [0, 0.5, 0, 0.125, 0, 0.03125],
    );
    in_either_order(
      lambda((epoch) => Math.min(1, epoch / 4)),
      exponential(0.9),
      [0, 0.225, 0.405, 0.54675, 0.6561],
    );
    in_either_order(constant(0, 2), exponential(0.5), [0, 0, 0.25, 0.125]);
    in_either_order(
      { type: "LinearLR", start_factor: 0, total_iters: 4 },
      exponential(0.5),
      [0, 0.125, 0.125, 0.09375, 0.0625],
    );
  });

  test("behind a curve that has gone below the smallest number", () => {
    for (const [gamma, end] of [
      [0.1, 330],
      [0.5, 1100],
      [0.99, 74_100],
    ]) {
      const linear = { type: "LinearLR", start_factor: 0.5, total_iters: 1 };
      const scheduler = build(
        schedulable([0.1]),
        chain(exponential(1), sequence([end], exponential(gamma), linear)),
      );
      for (let epoch = 0; epoch < end; epoch++) scheduler.step();
      expect(lrs_of(scheduler.optimizer)).toEqual([0.05]);
      scheduler.step();
      expect(lrs_of(scheduler.optimizer)[0]).toBeCloseTo(0.1, 15);
    }
  });

  test("with what is set by hand, which stays as a factor", () => {
    const optimizer = schedulable([1]);
    const scheduler = build(optimizer, chain(lambda((epoch) => 1 / (1 + epoch))));
    scheduler.step();
    optimizer.param_groups[0].lr = 2;
    scheduler.step();
    // Four times the curve from there on: 1/3, 1/4.
    expect(lrs_of(optimizer)[0]).toBeCloseTo(4 / 3, 14);
    scheduler.step();
    expect(lrs_of(optimizer)[0]).toBeCloseTo(1, 14);
    optimizer.param_groups[0].lr = 0;
    for (let i = 0; i < 3; i++) scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0]);
  });

  test("what is set by hand while a curve is 0 holds until the next step", () => {
    const optimizer = schedulable([1]);
    const scheduler = build(
      optimizer,
      chain(
        lambda((epoch) => epoch % 2),
        exponential(0.5),
      ),
    );
    optimizer.param_groups[0].lr = 7;
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0.5]);
  });

  test("on a base lr of 0: it stays 0, but for a curve that brings its own base lr", () => {
    for (const spec of [
      chain(
        lambda((epoch) => 1 + epoch),
        exponential(0.5),
      ),
      chain(cosine(3), { type: "CosineAnnealingWarmRestarts", T_0: 2 }),
    ]) {
      expect(new Set(follow(build(schedulable([0]), spec), 9).lrs.flat())).toEqual(new Set([0]));
    }
    const { lrs } = follow(build(schedulable([0]), chain(cyclic)), 4);
    expect(lrs.flat()).toEqual(curve(cyclic, 4));
  });
});

describe("a chain's plan", () => {
  const closed: Record<string, Spec> = {
    "cosine + exponential": chain(cosine(7), exponential(0.97)),
    "cosine between": chain(exponential(0.97), cosine(5), step_lr(4, 0.9)),
    "two cosines": chain(cosine(4), cosine(5), exponential(0.99)),
    "two cosines that meet": chain(cosine(3), cosine(4)),
    "cosine + restarts": chain(cosine(6), { type: "CosineAnnealingWarmRestarts", T_0: 4 }),
    "restarts + cosine": chain({ type: "CosineAnnealingWarmRestarts", T_0: 4 }, cosine(6)),
    "cosine + λ that is 0 at times": chain(
      lambda((epoch) => epoch % 3),
      cosine(5),
    ),
    "a sequence + exponential": chain(
      sequence([5], { type: "LinearLR" }, cosine(9)),
      exponential(0.98),
    ),
    "what ends at 0": chain({ type: "PolynomialLR", total_iters: 6 }, cosine(4)),
    "constants from 0": chain(constant(0, 3), cosine(5)),
    "a floor alone": chain(cosine(5, 0.1)),
  };
  test.each(Object.entries(closed))("answers for any epoch what stepping gives: %s", (_, spec) => {
    const { lrs } = follow(build(schedulable([0.8, 0.3]), spec), 60);
    const scheduler = build(schedulable([0.8, 0.3]), spec);
    for (const [epoch, wanted] of lrs.entries()) {
      for (const [g, lr] of scheduler.lr_at(epoch).entries()) {
        expect(Math.abs(lr - wanted[g]), `epoch ${epoch}`).toBeLessThanOrEqual(1e-13);
      }
    }
    // At once, a billion epochs away as well.
    for (const epoch of [1e9, 1e9 + 1]) {
      for (const lr of scheduler.lr_at(epoch)) expect(Number.isFinite(lr)).toBe(true);
    }
    const resumed = build(schedulable([0.8, 0.3]), { ...spec, last_epoch: 29 });
    for (let epoch = 30; epoch < 40; epoch++) {
      for (const [g, lr] of lrs_of(resumed.optimizer).entries()) {
        expect(Math.abs(lr - lrs[epoch][g])).toBeLessThanOrEqual(1e-13);
      }
      resumed.step();
    }
  });

  test("is refused before it begins where it would take too long, in lr_at, last_epoch and states", () => {
    const floor = chain(cosine(90, 0.01), exponential(0.99));
    const scheduler = build(schedulable(), floor);
    const message =
      "ChainedScheduler: epoch 5000000 takes 15000003 steps to replay, more than 10000000; load a state that was saved there";
    expect(() => scheduler.lr_at(5_000_000)).toThrow(message);
    expect(() => build(schedulable(), { ...floor, last_epoch: 4_999_999 })).toThrow(message);
    const state = { ...scheduler.state_dict(), last_epoch: 5_000_000 };
    expect(() => scheduler.load_state_dict(state)).toThrow(message);
    expect(() => scheduler.lr_at(5_000_000)).toThrow(RangeError);
  });

  test("a replay goes on from where the last one ended", () => {
    let asked = 0;
    const counted = lambda((epoch) => {
      asked += 1;
      return 1 / (1 + epoch);
    });
    const scheduler = build(schedulable(), chain(counted, { ...cosine(50, 0.01) }));
    scheduler.lr_at(1000);
    asked = 0;
    scheduler.lr_at(1010);
    expect(asked).toBe(10);
  });
});

test("a chain of classes of one's own multiplies their curves, floors and all", () => {
  class Floored extends torch.optim.LRScheduler {
    get_lr() {
      const { param_groups } = this.optimizer;
      return param_groups.map(({ lr }) => (this.last_epoch === 0 ? lr : Math.max(lr / 2, 0.1)));
    }
  }
  const optimizer = schedulable([1]);
  const schedulers = [
    new Floored(optimizer),
    new torch.optim.ExponentialLR(optimizer, { gamma: 0.5 }),
  ];
  const { lrs } = follow(new torch.optim.ChainedScheduler(optimizer, { schedulers }), 5);
  const floored = [1, 0.5, 0.25, 0.125, 0.1, 0.1];
  for (const [epoch, [lr]] of lrs.entries())
    expect(lr).toBeCloseTo(floored[epoch] * 0.5 ** epoch, 15);
});
