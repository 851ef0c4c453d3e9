import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_tree, planned_leaf, planned_tree } from "../../support/arbitrary.ts";
import { type Course, follow, lrs_of, metric_at, schedulable, step } from "../../support/curve.ts";
import { LowestLR, TurnsLR } from "../../support/own_composites.ts";
import { expect_refusal } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;
type Make = (optimizer: Optimizer) => torch.optim.LRScheduler;

const { ChainedScheduler, CyclicLR, ExponentialLR, LinearLR, ReduceLROnPlateau, SequentialLR } =
  torch.optim.lr_scheduler;

const LRS = [1, 0.3];
const EPOCHS = 20;

const COMPOSITES = { LowestLR, TurnsLR };
const composite = fc.constantFrom(LowestLR, TurnsLR);

function of_specs(Composite: typeof LowestLR | typeof TurnsLR, specs: readonly Spec[]): Make {
  return (optimizer) =>
    new Composite(optimizer, { schedulers: specs.map((spec) => build(optimizer, spec)) });
}

/** Puts it in sequences and chains that leave its curve as it is. */
function wrapped(make: Make, levels: number): Make {
  if (levels === 0) return make;
  return (optimizer) => {
    const schedulers = [wrapped(make, levels - 1)(optimizer)];
    return levels % 2
      ? new ChainedScheduler(optimizer, { schedulers })
      : new SequentialLR(optimizer, { schedulers, milestones: [] });
  };
}

function alone(spec: Spec, epochs = EPOCHS): Course {
  return follow(build(schedulable(LRS), spec), epochs);
}

const members = fc.array(any_tree, { minLength: 1, maxLength: 3 });
const planned_members = fc.array(planned_tree, { minLength: 1, maxLength: 3 });
const depth = fc.integer({ min: 0, max: 3 });

describe("a composite of one's own", () => {
  test("gives its members' curves as it says, whatever they are, at any depth", () => {
    fc.assert(
      fc.property(members, depth, (specs, levels) => {
        const curves = specs.map((spec) => alone(spec).lrs);
        const { lrs } = follow(
          wrapped(of_specs(LowestLR, specs), levels)(schedulable(LRS)),
          EPOCHS,
        );
        const lowest = LRS.map(
          (_, g) => (epoch: number) => Math.min(...curves.map((curve) => curve[epoch][g])),
        );
        for (const [epoch, found] of lrs.entries()) {
          expect(found).toEqual(lowest.map((at) => at(epoch)));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("chooses which epochs its members are given", () => {
    fc.assert(
      fc.property(planned_members, depth, (specs, levels) => {
        fc.pre(!/MultiplicativeLR|SWALR/.test(JSON.stringify(specs)));
        const curves = specs.map((spec) => alone(spec).lrs);
        const { lrs } = follow(wrapped(of_specs(TurnsLR, specs), levels)(schedulable(LRS)), EPOCHS);
        for (const [epoch, found] of lrs.entries()) {
          const turn = Math.floor(epoch / specs.length);
          expect(found).toEqual(curves[epoch % specs.length][turn]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is a later phase that starts from the base lr, and is left for another", () => {
    fc.assert(
      fc.property(composite, planned_members, planned_leaf, (Composite, specs, before) => {
        const optimizer = schedulable(LRS);
        const make = of_specs(Composite, specs);
        const schedulers = [build(optimizer, before), make(optimizer), build(optimizer, before)];
        const { lrs } = follow(
          new SequentialLR(optimizer, { schedulers, milestones: [3, 10] }),
          EPOCHS,
        );
        const neighbour = alone(before).lrs;
        expect(lrs.slice(0, 3)).toEqual(neighbour.slice(0, 3));
        expect(lrs.slice(3, 10)).toEqual(follow(make(schedulable(LRS)), 6).lrs);
        if (before.type !== "MultiplicativeLR" && before.type !== "SWALR") {
          expect(lrs.slice(10)).toEqual(neighbour.slice(0, EPOCHS - 9));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is a factor in a chain", () => {
    fc.assert(
      fc.property(composite, planned_members, (Composite, specs) => {
        const optimizer = schedulable(LRS);
        const make = of_specs(Composite, specs);
        const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 }), make(optimizer)];
        const { lrs } = follow(new ChainedScheduler(optimizer, { schedulers }), EPOCHS);
        const curve = follow(make(schedulable(LRS)), EPOCHS).lrs;
        const largest = Math.max(...curve.flat().map(Math.abs));
        for (const [epoch, found] of lrs.entries()) {
          for (const [g, lr] of found.entries()) {
            expect(Math.abs(lr - curve[epoch][g] * 0.9 ** epoch)).toBeLessThanOrEqual(
              1e-12 * largest,
            );
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("answers lr_at and stands at last_epoch as stepping leads there", () => {
    fc.assert(
      fc.property(composite, planned_members, depth, (Composite, specs, levels) => {
        const make = wrapped(of_specs(Composite, specs), levels);
        const { lrs } = follow(make(schedulable(LRS)), EPOCHS);
        const planned = make(schedulable(LRS));
        const largest = Math.max(...lrs.flat().map(Math.abs));
        for (const epoch of [7, 3, EPOCHS, 0]) {
          for (const [g, lr] of planned.lr_at(epoch).entries()) {
            expect(Math.abs(lr - lrs[epoch][g])).toBeLessThanOrEqual(1e-12 * largest);
          }
        }
        expect(lrs_of(planned.optimizer)).toEqual(lrs[0]);
      }),
      { numRuns: 60 },
    );
    const optimizer = schedulable(LRS);
    const schedulers = [
      new LinearLR(optimizer, { start_factor: 0.25, total_iters: 4 }),
      new ExponentialLR(optimizer, { gamma: 0.8 }),
    ];
    const scheduler = new LowestLR(optimizer, { schedulers, last_epoch: 4 });
    expect(scheduler.last_epoch).toBe(5);
    expect(lrs_of(optimizer).map((lr, g) => lr / LRS[g])).toEqual([
      expect.closeTo(0.8 ** 5, 14),
      expect.closeTo(0.8 ** 5, 14),
    ]);
    scheduler.step();
    expect(lrs_of(optimizer)[0]).toBeCloseTo(0.8 ** 6, 14);
  });

  test("goes on bit for bit from its state, metrics, momentum and what was set by hand included", () => {
    fc.assert(
      fc.property(composite, members, depth, fc.nat(12), (Composite, specs, levels, stopped) => {
        const make = wrapped(of_specs(Composite, specs), levels);
        const one = make(schedulable(LRS));
        for (let epoch = 0; epoch < stopped; epoch++) step(one, metric_at(epoch));
        one.optimizer.param_groups[0].lr *= 1.5;
        const other = make(schedulable([0.7, 0.2]));
        other.load_state_dict(JSON.parse(JSON.stringify(one.state_dict())));
        expect(other.state_dict()).toEqual(one.state_dict());
        expect(follow(other, 8)).toEqual(follow(one, 8));
      }),
      { numRuns: 60 },
    );
  });

  test.each(
    Object.entries(COMPOSITES),
  )("%s moves nothing if a step cannot be taken", (_, Composite) => {
    let is_armed = false;
    class Failing extends torch.optim.LRScheduler {
      get_lr() {
        if (is_armed) throw new Error("no lr today");
        return this.base_lrs.map((lr) => lr * 0.5 ** this.last_epoch);
      }
    }
    const make = (optimizer: Optimizer) => {
      const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 }), new Failing(optimizer)];
      return wrapped(() => new Composite(optimizer, { schedulers }), 2)(optimizer);
    };
    const scheduler = make(schedulable(LRS));
    const { optimizer } = scheduler;
    for (const wanted of follow(make(schedulable(LRS)), EPOCHS).lrs) {
      expect(lrs_of(optimizer)).toEqual(wanted);
      is_armed = true;
      const before = { lrs: lrs_of(optimizer), state: scheduler.state_dict() };
      try {
        scheduler.step();
      } catch {
        expect({ lrs: lrs_of(optimizer), state: scheduler.state_dict() }).toEqual(before);
        is_armed = false;
        scheduler.step();
      }
      is_armed = false;
    }
  });

  test("takes a metric exactly when a member in force needs one", () => {
    const optimizer = schedulable([1]);
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 });
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 }), plateau];
    const scheduler = new LowestLR(optimizer, { schedulers });
    expect(scheduler.takes_metrics).toBe(true);
    expect_refusal(
      () => scheduler.step(),
      TypeError,
      "LowestLR: metric must be a number, got undefined",
      optimizer,
      scheduler,
    );
    const lrs = [1, 2, 2, 2].map((metric) => {
      scheduler.step(metric);
      return lrs_of(optimizer)[0];
    });
    for (const [i, wanted] of [0.9, 0.5, 0.25, 0.125].entries()) {
      expect(lrs[i]).toBeCloseTo(wanted, 15);
    }
    expect(() => scheduler.lr_at(3)).toThrow("metrics decide the lr after epoch 0");

    const other = schedulable([1]);
    const plain = new LowestLR(other, { schedulers: [new ExponentialLR(other, { gamma: 0.9 })] });
    expect(plain.takes_metrics).toBe(false);
    expect_refusal(
      () => plain.step(5),
      TypeError,
      "LowestLR: metric must be left out, as no scheduler takes one, got 5",
      other,
      plain,
    );
  });

  test("runs with its members' momentum, and leaves it for the optimizer's own", () => {
    const make = (optimizer: Optimizer) => {
      const cyclic = () => new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.4, step_size_up: 2 });
      const schedulers = [cyclic(), new ExponentialLR(optimizer, { gamma: 0.9 })];
      return new TurnsLR(optimizer, { schedulers });
    };
    const optimizer = schedulable([1], { momentum: 0.6 });
    // CyclicLR's own: .9 .85 .8 .85, at every second epoch.
    expect(follow(make(optimizer), 6).momenta).toEqual(
      [0.9, 0.6, 0.85, 0.6, 0.8, 0.6, 0.85].map((momentum) => [expect.closeTo(momentum, 14)]),
    );
    const betas = schedulable([1], { betas: [0.6, 0.99] });
    expect(follow(make(betas), 2).momenta).toEqual(
      [0.9, 0.6, 0.85].map((momentum) => [expect.closeTo(momentum, 14)]),
    );
  });

  test("lets groups that come later join where they would be had they always been there", () => {
    fc.assert(
      fc.property(planned_members, depth, fc.nat(10), (specs, levels, joined) => {
        const make = wrapped(of_specs(LowestLR, specs), levels);
        const wanted = follow(make(schedulable([1, 2])), EPOCHS).lrs;
        const scheduler = make(schedulable([1]));
        for (let epoch = 0; epoch < joined; epoch++) scheduler.step();
        const groups = scheduler.optimizer.param_groups as torch.optim.SchedulableGroup[];
        groups.push({ lr: 2, momentum: 0.9 });
        const largest = Math.max(...wanted.flat().map(Math.abs));
        for (let epoch = joined + 1; epoch <= EPOCHS; epoch++) {
          scheduler.step();
          for (const [g, lr] of lrs_of(scheduler.optimizer).entries()) {
            expect(Math.abs(lr - wanted[epoch][g])).toBeLessThanOrEqual(1e-12 * largest);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("refuses what the library's composites refuse", () => {
    const optimizer = schedulable();
    const twice = new ExponentialLR(optimizer, { gamma: 0.9 });
    const other = new ExponentialLR(schedulable(), { gamma: 0.9 });
    for (const [schedulers, message] of [
      [[], "LowestLR: schedulers must be a list of at least one scheduler, got []"],
      [
        [twice, twice],
        "LowestLR: schedulers must stand in it once each, got the same ExponentialLR twice",
      ],
      [[other], "LowestLR: schedulers must have its own optimizer, got a ExponentialLR of another"],
    ] as const) {
      expect(() => new LowestLR(optimizer, { schedulers })).toThrow(message);
    }
    const scheduler = new LowestLR(optimizer, { schedulers: [twice] });
    const state = { ...scheduler.state_dict(), _schedulers: [] };
    const message = "LowestLR: state_dict._schedulers must be a list of 1 states, got []";
    expect_refusal(
      () => scheduler.load_state_dict(state),
      RangeError,
      message,
      optimizer,
      scheduler,
    );
  });

  test("has its schedulers by name, as the types say", () => {
    const optimizer = schedulable();
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 })];
    expect(new LowestLR(optimizer, { schedulers }).schedulers).toEqual(schedulers);
  });
});
