import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { planned_tree } from "../../support/arbitrary.ts";
import { curve, follow, lrs_of, momenta_of, schedulable } from "../../support/curve.ts";
import { expect_refusal, thrown } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const { ChainedScheduler, CosineAnnealingLR, LinearLR, SequentialLR } = torch.optim.lr_scheduler;

const LRS = [1, 0.3];
const EPOCHS = 24;
/** Relative by nature: they go on from the lr in force, and so from their own beginning. */
const RELATIVE = ["MultiplicativeLR", "SWALR"];

/** Sequences of any schedulers, whose phases begin anywhere on their own curves. */
const started_sequence = fc
  .array(
    fc.tuple(
      planned_tree.filter(({ type }) => !RELATIVE.includes(type)),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 8 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((phases) => {
    const ends = phases.map((_, i) => phases.slice(0, i + 1).reduce((sum, [, n]) => sum + n, 0));
    return {
      type: "SequentialLR",
      schedulers: phases.map(([spec]) => spec),
      milestones: ends.slice(0, -1),
      starts: phases.map(([, , start]) => start),
    };
  });

/** The children's own curves from their starts on, laid end to end. */
function laid_end_to_end({ schedulers, milestones, starts }: Spec): {
  lrs: number[][];
  momenta: (number | undefined)[][];
} {
  const begins = [0, ...(milestones as number[])];
  const course = { lrs: [] as number[][], momenta: [] as (number | undefined)[][] };
  for (const [i, child] of (schedulers as Spec[]).entries()) {
    const start = (starts as number[])[i];
    const end = Math.min(begins[i + 1] ?? Infinity, EPOCHS + 1);
    const { lrs, momenta } = follow(build(schedulable(LRS), child), start + end - begins[i]);
    course.lrs.push(...lrs.slice(start, -1));
    course.momenta.push(...momenta.slice(start, -1));
  }
  return course;
}

/** That lists of lrs are the same, but for the rounding of another way of computing them. */
function expect_close(found: readonly number[][], wanted: readonly number[][]): void {
  const largest = Math.max(...wanted.flat().map(Math.abs), Number.MIN_VALUE);
  expect(found.length).toBe(wanted.length);
  for (const [epoch, lrs] of found.entries()) {
    for (const [g, lr] of lrs.entries()) {
      expect(Math.abs(lr - wanted[epoch][g])).toBeLessThanOrEqual(1e-12 * largest);
    }
  }
}

class OwnLR extends torch.optim.LRScheduler<object> {
  calls = 0;

  get_lr(): number[] {
    this.calls += 1;
    return this.base_lrs.map((base_lr) => base_lr / (1 + this.last_epoch));
  }
}

function cosine_in_the_middle(optimizer: Optimizer) {
  return new SequentialLR(optimizer, {
    schedulers: [
      new LinearLR(optimizer, { start_factor: 0.25, total_iters: 3 }),
      new CosineAnnealingLR(optimizer, { T_max: 6 }),
    ],
    milestones: [3],
    starts: [0, 3],
  });
}

describe("starts of a SequentialLR", () => {
  test("let a phase begin in the middle of its own curve", () => {
    const { lrs } = follow(cosine_in_the_middle(schedulable()), 6);
    const cosine = (t: number) => (1 + Math.cos((Math.PI * t) / 6)) / 2;
    const wanted = [0.25, 0.5, 0.75, cosine(3), cosine(4), cosine(5), cosine(6)];
    expect_close(
      lrs,
      wanted.map((lr) => [lr]),
    );
  });

  test("shift the law: a phase gives its child's own lr and momentum from there on, in any tree", () => {
    fc.assert(
      fc.property(started_sequence, (spec) => {
        const { lrs, momenta } = follow(build(schedulable(LRS), spec), EPOCHS);
        const wanted = laid_end_to_end(spec);
        expect_close(lrs, wanted.lrs);
        for (const [epoch, found] of momenta.entries()) {
          for (const [g, momentum] of found.entries()) {
            expect(momentum).toBeCloseTo(wanted.momenta[epoch][g] ?? Number.NaN, 12);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("are in the plan, in last_epoch and in the state, from every epoch", () => {
    fc.assert(
      fc.property(started_sequence, fc.integer({ min: 0, max: EPOCHS - 1 }), (spec, done) => {
        const optimizer = schedulable(LRS);
        const scheduler = build(optimizer, spec);
        const { lrs } = follow(scheduler, done);
        expect_close([scheduler.lr_at(done)], [lrs[done]]);
        const resumed = schedulable(LRS);
        build(resumed, { ...spec, last_epoch: done - 1 });
        expect_close([lrs_of(resumed)], [lrs[done]]);

        const other = schedulable(LRS);
        const twin = build(other, spec);
        const state = JSON.parse(JSON.stringify(scheduler.state_dict()));
        expect(state._starts ?? state._schedulers.map(() => 0)).toEqual(spec.starts);
        twin.load_state_dict(state);
        expect(twin.state_dict()).toEqual(state);
        for (let epoch = done; epoch < EPOCHS; epoch++) {
          scheduler.step();
          twin.step();
          expect(lrs_of(other)).toEqual(lrs_of(optimizer));
          expect(momenta_of(other)).toEqual(momenta_of(optimizer));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("replay a class of one's own up to there, its fields too, alone and inside others", () => {
    for (const nested of [false, true]) {
      const optimizer = schedulable();
      const own = new OwnLR(optimizer);
      const phase = nested ? new ChainedScheduler(optimizer, { schedulers: [own] }) : own;
      const linear = new LinearLR(optimizer, { total_iters: 2 });
      const scheduler = new SequentialLR(optimizer, {
        schedulers: [linear, phase],
        milestones: [2],
        starts: [0, 4],
      });
      const { lrs } = follow(scheduler, 4);
      expect(lrs.slice(2).flat()).toEqual([1 / 5, 1 / 6, 1 / 7]);
      expect(own.last_epoch).toBe(6);
      if (!nested) expect(own.calls).toBe(7);
      expect(scheduler.lr_at(4)).toEqual([1 / 7]);
    }
  });

  test("are zeros in a state without them, which is said where they were given otherwise", () => {
    const plain = schedulable();
    const linear = new LinearLR(plain, { start_factor: 0.25, total_iters: 3 });
    const cosine = new CosineAnnealingLR(plain, { T_max: 6 });
    const without = new SequentialLR(plain, { schedulers: [linear, cosine], milestones: [3] });
    const state = without.state_dict();
    expect(state).not.toHaveProperty("_starts");
    const scheduler = cosine_in_the_middle(schedulable());
    scheduler.load_state_dict(state);
    expect(scheduler.starts).toEqual([0, 0]);
    expect(scheduler.lr_at(3)).toEqual([1]);
  });

  test("must be as many as there are schedulers, whole, and possible for each of them", () => {
    const of = (type: string, starts: unknown, options: object = {}): (() => unknown) => {
      const spec = { type, ...options };
      const first = { type: "LinearLR" };
      return () =>
        build(schedulable(), {
          type: "SequentialLR",
          schedulers: [first, spec],
          milestones: [5],
          starts,
        });
    };
    const identity = { lr_lambda: { fn: "power", base: 1 } };
    const plateau = {
      schedulers: [{ type: "LinearLR" }, { type: "ReduceLROnPlateau" }],
      milestones: [2],
    };
    const cases: [() => unknown, ErrorConstructor, string][] = [
      [of("LinearLR", [1]), Error, "starts must be 2 for 2 schedulers, got 1"],
      [
        of("LinearLR", [0, -1]),
        RangeError,
        "starts must be a list of whole numbers from 0 on, got [0, -1]",
      ],
      [
        of("LinearLR", [0, 1.5]),
        RangeError,
        "starts must be a list of whole numbers from 0 on, got [0, 1.5]",
      ],
      [of("LinearLR", 3), TypeError, "starts must be a list of whole numbers from 0 on, got 3"],
      [of("ReduceLROnPlateau", [0, 2]), Error, "starts[1] must be 0 for ReduceLROnPlateau, got 2"],
      [of("SequentialLR", [0, 2], plateau), Error, "starts[1] must be 0 for SequentialLR, got 2"],
      [
        of("MultiplicativeLR", [0, 2], identity),
        Error,
        "starts[1] must be 0 for MultiplicativeLR, got 2",
      ],
      [of("SWALR", [0, 2], { swa_lr: 0.1 }), Error, "starts[1] must be 0 for SWALR, got 2"],
    ];
    for (const [act, error, message] of cases) {
      const refusal = thrown(act);
      expect(refusal.message).toBe(`SequentialLR: ${message}`);
      expect(refusal.constructor).toBe(error);
    }
    const past = thrown(of("OneCycleLR", [0, 12], { max_lr: 1, total_steps: 10 }));
    expect(past).toBeInstanceOf(RangeError);
    expect(past.message).toBe(
      "OneCycleLR: step 12 is past the end of the cycle, total_steps is 10",
    );
  });

  test("leave all as it was where the first epoch of a phase is refused", () => {
    const optimizer = schedulable();
    let is_broken = true;
    class BrokenLR extends torch.optim.LRScheduler {
      get_lr(): number[] {
        if (this.last_epoch === 2 && is_broken) throw new Error("no lr");
        return [0.125 * this.last_epoch];
      }
    }
    const linear = new LinearLR(optimizer, { total_iters: 1 });
    const broken = new BrokenLR(optimizer);
    const scheduler = new SequentialLR(optimizer, {
      schedulers: [linear, broken],
      milestones: [1],
      starts: [0, 3],
    });
    expect_refusal(() => scheduler.step(), Error, "no lr", optimizer, scheduler, linear, broken);
    is_broken = false;
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0.375]);
    expect(broken.last_epoch).toBe(3);
  });

  test("begin where factors have come to a rounding error below 0, and others are built beside", () => {
    const optimizer = schedulable([0.1]);
    const { CosineAnnealingWarmRestarts, ExponentialLR } = torch.optim.lr_scheduler;
    const chain = new ChainedScheduler(optimizer, {
      schedulers: [
        new ExponentialLR(optimizer, { gamma: 0.5 }),
        new CosineAnnealingWarmRestarts(optimizer, { T_0: 4, T_mult: 3 }),
        new LinearLR(optimizer, { start_factor: 0.1, end_factor: 0, total_iters: 3 }),
      ],
    });
    new SequentialLR(optimizer, { schedulers: [chain], milestones: [], starts: [5] });
    const [{ lr }] = optimizer.param_groups;
    expect(lr).toBeLessThan(0);
    expect(lr).toBeGreaterThan(-1e-15);
    expect(new CosineAnnealingLR(optimizer, { T_max: 8 }).base_lrs).toEqual([0.1]);
  });

  test("change nothing where they are 0", () => {
    const spec = (starts: object): Spec => ({
      type: "SequentialLR",
      schedulers: [{ type: "LinearLR" }, { type: "CosineAnnealingLR", T_max: 8 }],
      milestones: [5],
      ...starts,
    });
    expect(curve(spec({ starts: [0, 0] }), 12)).toEqual(curve(spec({}), 12));
  });
});
