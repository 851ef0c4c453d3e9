import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import * as torch from "../../../src/index.ts";
import { lrs_of, schedulable } from "../../support/curve.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  LRScheduler,
  MultiStepLR,
  OneCycleLR,
  ReduceLROnPlateau,
  SequentialLR,
  simulate,
  StepLR,
} = torch.optim.lr_scheduler;

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  warn.mockRestore();
});

/** What was said since the last time. */
function said(): string[] {
  const sentences = warn.mock.calls.map(([sentence]) => String(sentence));
  warn.mockClear();
  return sentences;
}

describe("step(epoch) with a fraction", () => {
  test("is said once to be an epoch, where a metric was meant", () => {
    const scheduler = new StepLR(schedulable(), { step_size: 2 });
    scheduler.step(2.3);
    scheduler.step(2.1);
    expect(said()).toEqual(["StepLR: step(2.3) takes an epoch, and no metric"]);
    // Once for each object.
    new StepLR(schedulable(), { step_size: 2 }).step(0.5);
    expect(said()).toHaveLength(1);
  });

  test("is what warm restarts take, and whole epochs and metrics are what others do", () => {
    new CosineAnnealingWarmRestarts(schedulable(), { T_0: 4 }).step(2.3);
    new StepLR(schedulable(), { step_size: 2 }).step(3);
    const optimizer = schedulable();
    const plateau = new ReduceLROnPlateau(optimizer);
    plateau.step(2.3);
    new SequentialLR(optimizer, { schedulers: [plateau], milestones: [] }).step(2.3);
    expect(said()).toEqual([]);
  });
});

describe("get_lr() called from outside", () => {
  test("is said once to be for step()", () => {
    const scheduler = new ExponentialLR(schedulable([1]), { gamma: 0.9 });
    scheduler.step();
    expect(said()).toEqual([]);
    // PyTorch's would be the factor again, on the lr in force.
    expect(scheduler.get_lr()).toEqual([0.9]);
    scheduler.get_lr();
    expect(said()).toEqual([
      "ExponentialLR: get_lr() is for step() to call; get_last_lr() tells the lr in force",
    ]);
    expect(lrs_of(scheduler.optimizer)).toEqual([0.9]);
    expect(scheduler.last_epoch).toBe(1);
  });

  test("is not said of a class derived from one of ours, nor of its plan", () => {
    class Floored extends ExponentialLR {
      override get_lr() {
        return super.get_lr().map((lr) => Math.max(lr, 0.5));
      }
    }
    const scheduler = new Floored(schedulable([1]), { gamma: 0.9 });
    for (let epoch = 0; epoch < 3; epoch++) scheduler.step();
    scheduler.lr_at(20);
    expect(said()).toEqual([]);
  });
});

describe("a first step where an lr of 0 is in force", () => {
  const left_at_0 = (): Optimizer => {
    const optimizer = { param_groups: [{ lr: 1 }, { lr: 1 }] };
    const first = new CosineAnnealingLR(optimizer, { T_max: 4 });
    for (let epoch = 0; epoch < 4; epoch++) first.step();
    expect(lrs_of(optimizer)).toEqual([0, 0]);
    return optimizer;
  };

  test("is said once to stay there", () => {
    const scheduler = new StepLR(left_at_0(), { step_size: 2 });
    expect(said()).toEqual([]);
    scheduler.step();
    scheduler.step();
    expect(said()).toEqual([
      "StepLR: lr of parameter group 0 is 0 and stays 0; set it before you build a scheduler",
    ]);
    expect(lrs_of(scheduler.optimizer)).toEqual([0, 0]);
  });

  test("is as it should be for a ramp from 0, and wherever the lr is set outright", () => {
    for (const make of [
      (o: Optimizer) => new LinearLR(o, { start_factor: 0, total_iters: 3 }),
      (o: Optimizer) => new ConstantLR(o, { factor: 0, total_iters: 3 }),
      (o: Optimizer) => new LambdaLR(o, { lr_lambda: (epoch) => epoch / 10 }),
      (o: Optimizer) =>
        new SequentialLR(o, {
          schedulers: [
            new LinearLR(o, { start_factor: 0, total_iters: 3 }),
            new ExponentialLR(o, { gamma: 0.9 }),
          ],
          milestones: [3],
        }),
    ]) {
      make(schedulable([1])).step();
      make(left_at_0()).step();
    }
    // These begin anew from the base lr, so nothing stays.
    const optimizer = left_at_0();
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 })];
    new ChainedScheduler(optimizer, { schedulers }).step();
    new CosineAnnealingWarmRestarts(left_at_0(), { T_0: 4 }).step();
    expect(said()).toEqual([]);
  });

  test("is as it should be for a group whose own lr is 0, and later than the first step", () => {
    const frozen = new ExponentialLR(schedulable([0, 1]), { gamma: 0.9 });
    frozen.step();
    const scheduler = new ExponentialLR(schedulable([1]), { gamma: 0.9 });
    scheduler.step();
    scheduler.optimizer.param_groups[0].lr = 0;
    scheduler.step();
    expect(said()).toEqual([]);
  });

  test("is what a state says, on resuming", () => {
    const one = new CosineAnnealingLR(schedulable([1]), { T_max: 2 });
    for (let epoch = 0; epoch < 2; epoch++) one.step();
    const other = new CosineAnnealingLR(schedulable([1]), { T_max: 2 });
    other.load_state_dict(one.state_dict());
    other.step();
    expect(said()).toEqual([]);
  });
});

describe("a plateau whose threshold is relative", () => {
  const sentence =
    "ReduceLROnPlateau: a threshold relative to a negative metric, got -3, takes worse metrics for " +
    'better ones; threshold_mode: "abs" judges them right';

  test("says once that it misjudges negative metrics, as a phase too", () => {
    const plateau = new ReduceLROnPlateau(schedulable());
    for (const metric of [2, 0, -3, -4]) plateau.step(metric);
    expect(said()).toEqual([sentence]);
    const optimizer = schedulable();
    const schedulers = [new ReduceLROnPlateau(optimizer)];
    const sequence = new SequentialLR(optimizer, { schedulers, milestones: [] });
    sequence.step(-3);
    sequence.step(-3);
    expect(said()).toEqual([sentence]);
  });

  test("has nothing to say of an absolute one, or of metrics that are not negative", () => {
    new ReduceLROnPlateau(schedulable(), { threshold_mode: "abs" }).step(-3);
    new ReduceLROnPlateau(schedulable(), { mode: "max" }).step(0);
    expect(said()).toEqual([]);
  });
});

describe("a state that puts an option back", () => {
  const puts_back = (name: string, options: string) =>
    `${name}: load_state_dict puts ${options} back; to keep it, resume by last_epoch`;

  test("says once which, of those that the constructor was given", () => {
    const state = new StepLR(schedulable(), { step_size: 30, gamma: 0.5 }).state_dict();
    const scheduler = new StepLR(schedulable(), { step_size: 20, gamma: 0.5 });
    scheduler.load_state_dict(state);
    expect(scheduler.step_size).toBe(30);
    scheduler.load_state_dict(state);
    scheduler.step_size = 20;
    scheduler.load_state_dict(state);
    expect(said()).toEqual([puts_back("StepLR", "step_size")]);
    // A default is none that was given.
    new StepLR(schedulable(), { step_size: 30 }).load_state_dict(state);
    expect(said()).toEqual([]);
  });

  test("says it of the schedulers inside", () => {
    const make = (gamma: number) => {
      const optimizer = schedulable();
      const schedulers = [new LinearLR(optimizer), new ExponentialLR(optimizer, { gamma })];
      return new SequentialLR(optimizer, { schedulers, milestones: [3] });
    };
    make(0.5).load_state_dict(make(0.9).state_dict());
    expect(said()).toEqual([puts_back("ExponentialLR", "gamma")]);
  });

  const SAME: Record<string, (optimizer: Optimizer) => torch.optim.LRScheduler> = {
    MultiStepLR: (o) => new MultiStepLR(o, { milestones: [1, 30, 80] }),
    "MultiStepLR, not in order": (o) => new MultiStepLR(o, { milestones: [80, 30, 30] }),
    CyclicLR: (o) => new CyclicLR(o, { base_lr: 0.1, max_lr: 1, step_size_up: 3 }),
    "CyclicLR with nothing left out": (o) =>
      new CyclicLR(o, {
        base_lr: [0.1, 0.1],
        max_lr: [1, 1],
        step_size_up: 3,
        step_size_down: null,
        mode: "exp_range",
        gamma: 0.9,
        scale_fn: null,
        scale_mode: "cycle",
        cycle_momentum: true,
        base_momentum: 0.8,
        max_momentum: [0.9, 0.9],
      }),
    "CyclicLR that does not cycle momentum": (o) =>
      new CyclicLR(o, { base_lr: 0.1, max_lr: 1, cycle_momentum: false, base_momentum: 0.7 }),
    OneCycleLR: (o) => new OneCycleLR(o, { max_lr: 1, total_steps: 20, pct_start: 0.4 }),
    "OneCycleLR by epochs": (o) => new OneCycleLR(o, { max_lr: 1, epochs: 4, steps_per_epoch: 5 }),
    ReduceLROnPlateau: (o) => new ReduceLROnPlateau(o, { mode: "max", min_lr: [0.1, 0.1] }),
    LambdaLR: (o) => new LambdaLR(o, { lr_lambda: [(e) => e, (e) => e] }),
    SequentialLR: (o) =>
      new SequentialLR(o, {
        schedulers: [new LinearLR(o), new CosineAnnealingLR(o, { T_max: 9, eta_min: 0.1 })],
        milestones: [3],
      }),
  };
  for (const [name, make] of Object.entries(SAME)) {
    test(`has nothing to say where it says the same: ${name}`, () => {
      const one = make(schedulable([1, 1]));
      make(schedulable([1, 1])).load_state_dict(JSON.parse(JSON.stringify(one.state_dict())));
      expect(said()).toEqual([]);
    });
  }
});

describe("step() before optimizer.step()", () => {
  test("is said once of our optimizers, and of no other's", () => {
    const optimizer = new torch.optim.SGD([{ data: [1], grad: null }], { lr: 1 });
    const scheduler = new ExponentialLR(optimizer, { gamma: 0.9 });
    scheduler.step();
    scheduler.step();
    expect(said()).toEqual(["ExponentialLR: step() came before optimizer.step()"]);
    new ExponentialLR(schedulable(), { gamma: 0.9 }).step();
    expect(said()).toEqual([]);
  });

  test("is nothing to speak of after a step, or on resuming", () => {
    const make = () => {
      const optimizer = new torch.optim.SGD([{ data: [1], grad: null }], { lr: 1 });
      return { optimizer, scheduler: new ExponentialLR(optimizer, { gamma: 0.9 }) };
    };
    const one = make();
    one.optimizer.step();
    one.scheduler.step();
    const other = make();
    other.scheduler.load_state_dict(one.scheduler.state_dict());
    other.scheduler.step();
    const third = make();
    new ExponentialLR(third.optimizer, { gamma: 0.9, last_epoch: 3 }).step();
    expect(said()).toEqual([]);
  });
});

test("plans and simulations say nothing, and leave the first step its say", () => {
  const optimizer = new torch.optim.SGD([{ data: [1], grad: null }], { lr: 1 });
  const schedulers = [
    new ConstantLR(optimizer, { factor: 0.5, total_iters: 2 }),
    new StepLR(optimizer, { step_size: 2 }),
  ];
  const scheduler = new SequentialLR(optimizer, { schedulers, milestones: [3] });
  scheduler.lr_at(30);
  scheduler.state_dict();
  simulate(scheduler, { epochs: 9 });
  const plateau = new ReduceLROnPlateau(schedulable());
  simulate(plateau, { epochs: 3, metrics: [1, 2, 3] });
  class Own extends LRScheduler {
    get_lr() {
      return this.base_lrs;
    }
  }
  new Own(schedulable()).lr_at(9);
  expect(said()).toEqual([]);
  scheduler.step();
  expect(said()).toHaveLength(1);
});
