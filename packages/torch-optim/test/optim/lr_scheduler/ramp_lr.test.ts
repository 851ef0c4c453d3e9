import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { curve, follow, lrs_of, schedulable } from "../../support/curve.ts";
import { expect_refusal } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

type Shape = torch.optim.RampShape;

/** The share of the way that is done at epoch `t` of `T`, by shape. */
const SHARES: Record<Exclude<Shape, "exponential">, (t: number, T: number) => number> = {
  linear: (t, T) => t / T,
  cosine: (t, T) => (1 - Math.cos((Math.PI * t) / T)) / 2,
  sqrt: (t, T) => Math.sqrt(t / T),
  square: (t, T) => (t / T) ** 2,
  log: (t, T) => Math.log(t + 1) / Math.log(T),
};

function factor(shape: Shape, start: number, end: number, t: number, T: number): number {
  if (t >= T || (shape === "log" && t === T - 1)) return end;
  if (shape === "exponential") return start * (end / start) ** (t / T);
  return start + (end - start) * SHARES[shape](t, T);
}

const ramp = (options: Omit<torch.optim.RampLROptions, "last_epoch">): Spec => ({
  type: "RampLR",
  ...options,
});
const chain = (...schedulers: Spec[]): Spec => ({ type: "ChainedScheduler", schedulers });

describe("RampLR", () => {
  test.each([
    ...Object.keys(SHARES),
    "exponential",
  ] as Shape[])("goes by its formula: %s", (shape) => {
    const least = shape === "exponential" ? 0.001 : 0;
    const any = fc.oneof(
      fc.constantFrom(least, 1),
      fc.double({ min: least, max: 20, noNaN: true }),
    );
    const total = fc.oneof(fc.constant(0), fc.integer({ min: 2, max: 40 }));
    fc.assert(
      fc.property(any, any, total, (start_factor, end_factor, total_iters) => {
        const base_lr = 0.3;
        const spec = ramp({ total_iters, end_factor, start_factor, shape });
        const { lrs } = follow(build(schedulable([base_lr]), spec), 50);
        const largest = Math.max(start_factor, end_factor, 1) * base_lr;
        for (const [t, [lr]] of lrs.entries()) {
          const wanted = base_lr * factor(shape, start_factor, end_factor, t, total_iters);
          expect(Math.abs(lr - wanted)).toBeLessThanOrEqual(1e-12 * largest);
        }
      }),
    );
  });

  test("warms up from exactly 0, and ends at exactly its end", () => {
    expect(curve(ramp({ total_iters: 4, start_factor: 0, end_factor: 1 }), 6)).toEqual([
      0, 0.25, 0.5, 0.75, 1, 1, 1,
    ]);
    expect(curve(ramp({ total_iters: 4, end_factor: 0, shape: "square" }), 6)).toEqual([
      1, 0.9375, 0.75, 0.4375, 0, 0, 0,
    ]);
    expect(curve(ramp({ total_iters: 0, end_factor: 0.5 }), 2)).toEqual([0.5, 0.5, 0.5]);
    expect(
      curve(ramp({ total_iters: 2, start_factor: 0, end_factor: 3, shape: "log" }), 2),
    ).toEqual([0, 3, 3]);
    expect(curve(ramp({ total_iters: 1, start_factor: 0, end_factor: 3 }), 2)).toEqual([0, 3, 3]);
  });

  test("is a ratio in a chain where it never meets 0: the other factors and a hand-set lr stay", () => {
    for (const one of [
      ramp({ total_iters: 2, end_factor: 0.5 }),
      ramp({ total_iters: 0, start_factor: 0, end_factor: 0.5 }),
    ]) {
      const optimizer = schedulable([1]);
      const scheduler = build(optimizer, one);
      scheduler.step();
      scheduler.step();
      optimizer.param_groups[0].lr = 8;
      scheduler.step();
      expect(lrs_of(optimizer)).toEqual([8]);
      expect(build(schedulable(), one).motion.has_own_curve?.()).toBe(false);
    }
  });

  test("multiplies its neighbours behind a 0, where it begins with one or ends with one", () => {
    const decay = { type: "ExponentialLR", gamma: 0.5 };
    const rise = ramp({ total_iters: 2, start_factor: 0, end_factor: 1 });
    for (const spec of [chain(rise, decay), chain(decay, rise)]) {
      expect(curve(spec, 4)).toEqual([0, 0.25, 0.25, 0.125, 0.0625]);
    }
    const fall = ramp({ total_iters: 2, end_factor: 0 });
    const whole: Spec = {
      type: "SequentialLR",
      schedulers: [chain(fall, decay), { type: "ConstantLR", factor: 1 }],
      milestones: [3],
    };
    expect(curve(whole, 4)).toEqual([1, 0.25, 0, 1, 1]);
  });

  test("leaves alone what is set by hand after its end, and in a chain at 0 until the next step", () => {
    const fall = ramp({ total_iters: 2, end_factor: 0 });
    for (const [spec, wanted] of [
      [fall, 8],
      [chain(fall, { type: "ExponentialLR", gamma: 0.5 }), 0],
    ] as const) {
      const optimizer = schedulable([1]);
      const scheduler = build(optimizer, spec);
      for (let epoch = 0; epoch < 3; epoch++) scheduler.step();
      optimizer.param_groups[0].lr = 8;
      scheduler.step();
      expect(lrs_of(optimizer)).toEqual([wanted]);
    }
  });

  test("takes factors whose quotient is no finite number", () => {
    const spec = ramp({
      total_iters: 2,
      start_factor: 1e-200,
      end_factor: 1e200,
      shape: "exponential",
    });
    const [first, middle, last] = curve(spec, 2);
    expect(first).toBe(1e-200);
    expect(middle).toBeCloseTo(1, 12);
    expect(last / 1e200).toBeCloseTo(1, 12);
  });

  test.each([
    [
      { total_iters: 1, end_factor: 1, shape: "log" },
      'total_iters must be 0 or at least 2 with shape "log", got 1',
    ],
    [
      { total_iters: 3, end_factor: 0, shape: "exponential" },
      'end_factor must be above 0 with shape "exponential", got 0',
    ],
    [
      { total_iters: 3, end_factor: 1, start_factor: 0, shape: "exponential" },
      'start_factor must be above 0 with shape "exponential", got 0',
    ],
  ] as const)("refuses %j", (options, message) => {
    const optimizer = schedulable();
    const act = () => new torch.optim.RampLR(optimizer, options);
    expect_refusal(act, RangeError, `RampLR: ${message}`, optimizer);
    expect(torch.optim.lr_scheduler.check_spec({ type: "RampLR", ...options })).toEqual([
      { path: message.split(" ", 1)[0], message: message.slice(message.indexOf(" ") + 1) },
    ]);
  });
});
