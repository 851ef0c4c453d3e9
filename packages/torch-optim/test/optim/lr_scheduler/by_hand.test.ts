import { afterAll, beforeAll, describe, expect, type MockInstance, test, vi } from "vitest";
import * as torch from "../../../src/index.ts";
import { expect_close } from "../../support/close.ts";
import { follow, lrs_of, schedulable } from "../../support/curve.ts";

type Optimizer = torch.optim.SchedulableOptimizer;
type Options = Record<string, unknown>;

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = torch.optim.lr_scheduler;

type SchedulerClass = new (
  optimizer: Optimizer,
  options: never,
) => torch.optim.LRScheduler & Options;

const inverse = (epoch: number) => 1 / (1 + epoch);
const root = (epoch: number) => 1 / Math.sqrt(1 + epoch);
const cyclic = { base_lr: 0.1, max_lr: 1, step_size_up: 4 };

/** A class, the options it is built with, and those that are changed by hand after some steps. */
const CHANGES = [
  [StepLR, { step_size: 2, gamma: 0.5 }, { gamma: 0.9 }],
  [StepLR, { step_size: 2, gamma: 0.5 }, { step_size: 3 }],
  [MultiStepLR, { milestones: [2, 5], gamma: 0.5 }, { milestones: [6, 4, 4] }],
  [MultiStepLR, { milestones: [2, 5], gamma: 0.5 }, { gamma: 0.9 }],
  [ConstantLR, { factor: 0.25, total_iters: 5 }, { total_iters: 8 }],
  [ConstantLR, { factor: 0.25, total_iters: 5 }, { factor: 0.5 }],
  [LinearLR, { start_factor: 0.25, total_iters: 5 }, { total_iters: 8 }],
  [LinearLR, { start_factor: 0.25, total_iters: 5 }, { start_factor: 0.5, end_factor: 0.75 }],
  [ExponentialLR, { gamma: 0.9 }, { gamma: 0.5 }],
  [PolynomialLR, { total_iters: 9, power: 1 }, { total_iters: 7, power: 2 }],
  [CosineAnnealingLR, { T_max: 9 }, { T_max: 6 }],
  [CosineAnnealingLR, { T_max: 9 }, { eta_min: 0.01 }],
  [CosineAnnealingWarmRestarts, { T_0: 5 }, { eta_min: 0.1 }],
  [CosineAnnealingWarmRestarts, { T_0: 5 }, { T_mult: 2 }],
  [LambdaLR, { lr_lambda: inverse }, { lr_lambda: root }],
  [MultiplicativeLR, { lr_lambda: inverse }, { lr_lambda: root }],
  [CyclicLR, cyclic, { max_lr: 2, mode: "exp_range", gamma: 0.9 }],
  [CyclicLR, cyclic, { step_size_up: 3, step_size_down: 2 }],
  [CyclicLR, cyclic, { cycle_momentum: false }],
  [CyclicLR, cyclic, { base_momentum: 0.5, max_momentum: 0.7 }],
  [OneCycleLR, { max_lr: 1, total_steps: 20 }, { max_lr: 2, anneal_strategy: "linear" }],
] as unknown as [SchedulerClass, Options, Options][];

const LRS = [1, 0.3];
const CHANGED_AT = 3;
const EPOCHS = 12;
/** A state holds no functions. */
const has_functions = (options: Options) => "lr_lambda" in options;

let warn: MockInstance<typeof console.warn>;
beforeAll(() => {
  // It is said that a state puts options back, which is what is asked for here.
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterAll(() => {
  warn.mockRestore();
});

function build(Class: SchedulerClass, options: Options, optimizer = schedulable(LRS)) {
  return new Class(optimizer, options as never);
}

function changed(Class: SchedulerClass, options: Options, change: Options) {
  const scheduler = build(Class, options);
  follow(scheduler, CHANGED_AT);
  return Object.assign(scheduler, change);
}

describe.each(
  CHANGES.map(([Class, options, change]) => ({ Class, options, change })),
)("$Class.name with $change set by hand in mid-run", ({ Class, options, change }) => {
  const anew = () => {
    const scheduler = build(Class, { ...options, ...change });
    // OneCycleLR's base lr was read when it was built.
    if (Class === (OneCycleLR as unknown)) scheduler.base_lrs = build(Class, options).base_lrs;
    return scheduler;
  };

  test("goes on from the lr in force as one that was built so", () => {
    const scheduler = changed(Class, options, change);
    const other = anew();
    follow(other, CHANGED_AT);
    const groups = other.optimizer.param_groups;
    for (const [g, lr] of lrs_of(scheduler.optimizer).entries()) groups[g].lr = lr;
    const found = follow(scheduler, EPOCHS);
    const wanted = follow(other, EPOCHS);
    expect(found.lrs).toEqual(wanted.lrs);
    if (change.cycle_momentum !== false) {
      expect(found.momenta.slice(1)).toEqual(wanted.momenta.slice(1));
    }
  });

  test("plans as one that was built so", () => {
    const scheduler = changed(Class, options, change);
    const before = lrs_of(scheduler.optimizer);
    const other = anew();
    for (const epoch of [0, 2, 3, 4, 7, 11]) {
      expect_close(scheduler.lr_at(epoch), other.lr_at(epoch), 1, `lr_at(${epoch})`);
    }
    expect(lrs_of(scheduler.optimizer)).toEqual(before);
  });

  test("is kept in the state", () => {
    const scheduler = changed(Class, options, change);
    scheduler.step();
    const own = has_functions(change) ? { ...options, ...change } : options;
    const other = build(Class, own, schedulable([0.7, 0.2]));
    other.load_state_dict(JSON.parse(JSON.stringify(scheduler.state_dict())));
    for (const [name, value] of Object.entries(change)) {
      const is_list = Array.isArray(value);
      const numbers = (list: unknown) => [...(list as number[])].sort();
      if (is_list) expect(numbers(other[name])).toEqual(numbers(value));
      else expect(other[name]).toEqual(value);
    }
    const [found, wanted] = [other, scheduler].map((each) => follow(each, EPOCHS));
    expect(found.lrs).toEqual(wanted.lrs);
    // What is no longer cycled is the optimizer's to restore.
    if (change.cycle_momentum !== false) expect(found.momenta).toEqual(wanted.momenta);
  });
});

test("momentum that is no longer cycled stays where it is, as PyTorch's", () => {
  const optimizer = schedulable([1], { momentum: 0.6 });
  const scheduler = new CyclicLR(optimizer, cyclic);
  scheduler.step();
  expect(optimizer.param_groups[0].momentum).toBeCloseTo(0.875, 15);
  scheduler.cycle_momentum = false;
  scheduler.step();
  expect(optimizer.param_groups[0].momentum).toBeCloseTo(0.875, 15);
});

test("a plateau reduces by the factor that was set last", () => {
  const scheduler = new ReduceLROnPlateau(schedulable([1]), { patience: 0, factor: 0.5 });
  const lrs = [1, 1].map((metric) => {
    scheduler.step(metric);
    return lrs_of(scheduler.optimizer)[0];
  });
  scheduler.factor = 0.1;
  scheduler.step(1);
  scheduler.patience = 2;
  for (let i = 0; i < 3; i++) {
    lrs.push(lrs_of(scheduler.optimizer)[0]);
    scheduler.step(1);
  }
  lrs.push(lrs_of(scheduler.optimizer)[0]);
  expect(lrs).toEqual([1, 0.5, 0.05, 0.05, 0.05, expect.closeTo(0.005, 15)]);
});

test.each([
  ["a chain", ChainedScheduler, {}],
  ["a sequence", SequentialLR, { milestones: [2] }],
] as const)("an option of a scheduler inside %s counts for its plan and its state", (_, Class, rest) => {
  const make = (gamma: number) => {
    const optimizer = schedulable(LRS);
    const exponential = new ExponentialLR(optimizer, { gamma });
    const schedulers = [new ConstantLR(optimizer, { factor: 0.5, total_iters: 9 }), exponential];
    const scheduler = new Class(optimizer, { schedulers, ...rest } as never);
    return { scheduler, exponential };
  };
  const { scheduler, exponential } = make(0.5);
  scheduler.lr_at(5);
  exponential.gamma = 0.9;
  const wanted = make(0.9).scheduler;
  expect(scheduler.lr_at(5)).toEqual(wanted.lr_at(5));
  const other = make(0.5);
  other.scheduler.load_state_dict(scheduler.state_dict());
  expect(other.exponential.gamma).toBe(0.9);
  expect(follow(other.scheduler, 9)).toEqual(follow(wanted, 9));
});
