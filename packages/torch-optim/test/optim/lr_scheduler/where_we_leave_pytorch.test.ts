import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import pytorch from "../../fixtures/where_we_leave_pytorch.json";
import { curve, lrs_of, momenta_of, schedulable } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const {
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LinearLR,
  LRScheduler,
  OneCycleLR,
  PolynomialLR,
  SequentialLR,
  StepLR,
} = torch.optim.lr_scheduler;

const constant = (factor: number, total_iters: number): Spec => ({
  type: "ConstantLR",
  factor,
  total_iters,
});
const linear = (start_factor: number, total_iters: number): Spec => ({
  type: "LinearLR",
  start_factor,
  total_iters,
});
const exponential = (gamma: number): Spec => ({ type: "ExponentialLR", gamma });
const step_lr = (step_size: number, gamma: number): Spec => ({ type: "StepLR", step_size, gamma });
const chained = (...schedulers: Spec[]): Spec => ({ type: "ChainedScheduler", schedulers });
const sequential = (milestones: number[], ...schedulers: Spec[]): Spec => ({
  type: "SequentialLR",
  schedulers,
  milestones,
});

/** A row of the table in README.md: what stands there, and the facts behind it. */
function row(composition: string, facts: (theirs: readonly number[] | string) => void): void {
  test(composition, () => {
    const drawn = pytorch.rows.find((other) => other.composition === composition);
    if (!drawn) throw new Error(`no row ${composition} was drawn with PyTorch`);
    facts(drawn.error ?? (drawn.lr as number[]));
  });
}

/** A composition whose lr at epochs 0, 1, 2, … must be `ours`, and is something else in PyTorch. */
function curve_row(composition: string, spec: Spec, ours: readonly number[]): void {
  row(composition, (theirs) => {
    expect_close(curve(spec, ours.length - 1), ours);
    if (typeof theirs !== "string") expect_other(theirs, ours);
  });
}

function expect_close(lrs: readonly (number | undefined)[], wanted: readonly number[]): void {
  expect(lrs).toHaveLength(wanted.length);
  for (const [epoch, lr] of lrs.entries()) expect(lr).toBeCloseTo(wanted[epoch], 12);
}

/** The difference to PyTorch that the row speaks of is there. */
function expect_other(theirs: readonly number[], ours: readonly number[]): void {
  const far = theirs.filter((lr, epoch) => !(Math.abs(lr - ours[epoch]) < 1e-9));
  expect(far).not.toHaveLength(0);
}

/** An lr as the one list of a single group. */
function lr_of(optimizer: torch.optim.SchedulableOptimizer): number {
  return lrs_of(optimizer)[0];
}

describe(`where we leave PyTorch ${pytorch.pytorch}`, () => {
  curve_row(
    "Sequential([Constant(.1, 2), Chained([Step(2, .5), Exp(.9)])], [2])",
    sequential([2], constant(0.1, 2), chained(step_lr(2, 0.5), exponential(0.9))),
    [0.1, 0.1, 1, 0.9, 0.405, 0.3645],
  );
  curve_row(
    "Sequential([Constant(.1, 2), Sequential([Constant(.5, 2), Exp(.9)], [2])], [3])",
    sequential([3], constant(0.1, 2), sequential([2], constant(0.5, 2), exponential(0.9))),
    [0.1, 0.1, 1, 0.5, 0.5, 1, 0.9, 0.81],
  );
  curve_row(
    "Sequential([Sequential([Constant(.1, 2), Exp(.9)], [2]), Constant(.5, 2)], [6])",
    sequential([6], sequential([2], constant(0.1, 2), exponential(0.9)), constant(0.5, 2)),
    [0.1, 0.1, 1, 0.9, 0.81, 0.729, 0.5, 0.5, 1],
  );
  curve_row(
    "Sequential([Chained([Step(2, .5), Exp(.9)]), Constant(.1, 2)], [5])",
    sequential([5], chained(step_lr(2, 0.5), exponential(0.9)), constant(0.1, 2)),
    [1, 0.9, 0.405, 0.3645, 0.164025, 0.1, 0.1, 1],
  );
  curve_row(
    "Chained([Exp(.9), Sequential([Constant(.5, 3), Step(2, .5)], [3])])",
    chained(exponential(0.9), sequential([3], constant(0.5, 3), step_lr(2, 0.5))),
    [0.5, 0.45, 0.405, 0.729, 0.6561, 0.295245],
  );

  row("Sequential([Linear(.1, 3), ReduceLROnPlateau()], [3])", (theirs) => {
    expect(theirs).toMatch(/^ValueError/);
    const optimizer = schedulable([1]);
    const scheduler = build(
      optimizer,
      sequential([3], linear(0.1, 3), { type: "ReduceLROnPlateau", patience: 0 }),
    ) as torch.optim.SequentialLR;
    const lrs: number[] = [];
    for (const metric of [undefined, undefined, undefined, 5, 5, 1]) {
      lrs.push(lr_of(optimizer));
      scheduler.step(metric);
    }
    expect_close(lrs, [0.1, 0.4, 0.7, 1, 1, 0.1]);
  });

  curve_row(
    "Sequential([Linear(.1, 3), OneCycle(1, total_steps=8)], [4])",
    sequential([4], linear(0.1, 3), { type: "OneCycleLR", max_lr: 1, total_steps: 8 }),
    [
      ...[0.1, 0.4, 0.7, 1],
      ...curve({ type: "OneCycleLR", max_lr: 1, total_steps: 8 }, 7).slice(0, 6),
    ],
  );
  curve_row(
    "Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [4]), Cyclic built first",
    sequential(
      [4],
      { type: "CyclicLR", base_lr: 0.1, max_lr: 0.4, step_size_up: 2, cycle_momentum: false },
      exponential(0.9),
    ),
    [0.1, 0.25, 0.4, 0.25, 1, 0.9, 0.81],
  );
  curve_row(
    "Sequential([Linear(.1, 3), Exp(.9)], [3], last_epoch=4)",
    { ...sequential([3], linear(0.1, 3), exponential(0.9)), last_epoch: 4 },
    [0.81, 0.729],
  );

  row(
    "Sequential([Linear(total_iters=3), Cosine(T_max=9)], [3]) after 6 steps, state loaded into a new scheduler, optimizer not restored",
    (theirs) => {
      const make = () => {
        const optimizer = schedulable([1]);
        const warmup = new LinearLR(optimizer, { total_iters: 3 });
        const cosine = new CosineAnnealingLR(optimizer, { T_max: 9 });
        return new SequentialLR(optimizer, { schedulers: [warmup, cosine], milestones: [3] });
      };
      const stopped = make();
      for (let epoch = 0; epoch < 6; epoch++) stopped.step();
      const resumed = make();
      resumed.load_state_dict(JSON.parse(JSON.stringify(stopped.state_dict())));
      expect_close(lrs_of(resumed.optimizer), [0.75]);
      expect_close(theirs as number[], [1 / 3]);
    },
  );
  row("Exponential(.9), last_epoch=4, initial_lr present, lr not restored", (theirs) => {
    const optimizer = { param_groups: [{ lr: 1, initial_lr: 1 }] };
    new ExponentialLR(optimizer, { gamma: 0.9, last_epoch: 4 });
    expect_close(lrs_of(optimizer), [0.9 ** 5]);
    expect(theirs).toEqual([1]);
  });
  row("Cyclic(.1, 1, 4), last_epoch=4", (theirs) => {
    const optimizer = schedulable([1]);
    new CyclicLR(optimizer, {
      base_lr: 0.1,
      max_lr: 1,
      step_size_up: 4,
      cycle_momentum: false,
      last_epoch: 4,
    });
    // Epoch 5 is the first one down, a quarter of the way.
    expect_close(lrs_of(optimizer), [1 - 0.9 / 4]);
    expect(theirs).toEqual([1]);
  });

  for (const milestones of [[6, 3], [3, 3], [-2], [2.5]]) {
    row(`milestones [${milestones.join(", ")}]`, (theirs) => {
      expect(theirs).toBeInstanceOf(Array);
      const phases = Array.from({ length: milestones.length + 1 }, () => exponential(0.9));
      const message = `SequentialLR: milestones must be strictly increasing whole numbers from 0 on, got [${milestones.join(", ")}]`;
      const act = () => build(schedulable(), sequential(milestones, ...phases));
      expect(act).toThrow(RangeError);
      expect(act).toThrow(message);
    });
  }

  row("Linear(.1, total_iters=0), a warm-up of no length", (theirs) => {
    expect_close(curve(linear(0.1, 0), 2), [1, 1, 1]);
    expect_close(curve(sequential([0], linear(0.1, 0), exponential(0.9)), 2), [1, 0.9, 0.81]);
    expect_close(curve(sequential([2], exponential(0.9), linear(0.1, 0)), 3), [1, 0.9, 1, 1]);
    expect_close(theirs as number[], [0.1, 0.1, 0.1]);
  });
  curve_row("Constant(.1, total_iters=0)", constant(0.1, 0), [1, 1, 1]);

  for (const [composition, option, act] of [
    ["Cosine(T_max=0)", "T_max", () => new CosineAnnealingLR(schedulable(), { T_max: 0 })],
    ["Step(step_size=0)", "step_size", () => new StepLR(schedulable(), { step_size: 0 })],
    [
      "Polynomial(total_iters=0)",
      "total_iters",
      () => new PolynomialLR(schedulable(), { total_iters: 0 }),
    ],
    [
      "OneCycle(1, total_steps=3), whose first phase has no length",
      "pct_start",
      () => new OneCycleLR(schedulable(), { max_lr: 1, total_steps: 3 }),
    ],
    [
      "SGD(lr=nan)",
      "lr",
      () => new torch.optim.SGD([{ data: [1], grad: null }], { lr: Number.NaN }),
    ],
    [
      "Linear(total_iters=2.5)",
      "total_iters",
      () => new LinearLR(schedulable(), { total_iters: 2.5 }),
    ],
  ] as const) {
    row(composition, () => {
      expect(act).toThrow(RangeError);
      expect(act).toThrow(new RegExp(`^\\w+: ${option} must be `));
    });
  }

  row("CosineWarmRestarts(1, T_mult=3).step(121)", (theirs) => {
    const stepped = schedulable([1]);
    const restarts = new CosineAnnealingWarmRestarts(stepped, { T_0: 1, T_mult: 3 });
    for (let epoch = 0; epoch < 121; epoch++) restarts.step();
    const jumped = schedulable([1]);
    new CosineAnnealingWarmRestarts(jumped, { T_0: 1, T_mult: 3 }).step(121);
    expect(lrs_of(jumped)).toEqual([1]);
    expect(lrs_of(stepped)).toEqual([1]);
    expect_close(theirs as number[], [0]);
  });

  row("a user's get_lr() subclass as a later phase", (theirs) => {
    class Halving extends LRScheduler {
      get_lr() {
        const { param_groups } = this.optimizer;
        return param_groups.map(({ lr }) => (this.last_epoch > 0 ? lr / 2 : lr));
      }
    }
    const optimizer = schedulable([1]);
    const scheduler = new SequentialLR(optimizer, {
      schedulers: [new ExponentialLR(optimizer, { gamma: 0.9 }), new Halving(optimizer)],
      milestones: [2],
    });
    const lrs = [lr_of(optimizer)];
    for (let epoch = 1; epoch < 5; epoch++) {
      scheduler.step();
      lrs.push(lr_of(optimizer));
    }
    expect_close(lrs, [1, 0.9, 1, 0.5, 0.25]);
    expect_other(theirs as number[], lrs);
  });

  row("momentum in Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [3])", (theirs) => {
    const optimizer = schedulable([1], { momentum: 0.6 });
    const scheduler = build(
      optimizer,
      sequential(
        [3],
        { type: "CyclicLR", base_lr: 0.1, max_lr: 0.4, step_size_up: 2 },
        exponential(0.9),
      ),
    );
    const momenta = [momenta_of(optimizer)[0]];
    for (let epoch = 1; epoch < 6; epoch++) {
      scheduler.step();
      momenta.push(momenta_of(optimizer)[0]);
    }
    expect_close(momenta, [0.9, 0.85, 0.8, 0.6, 0.6, 0.6]);
    expect_other(theirs as number[], momenta as number[]);
  });

  row("a group with lr 2 added to Linear(1/3, total_iters=5) after 2 steps", (theirs) => {
    const groups = [{ lr: 1 }];
    const scheduler = new LinearLR({ param_groups: groups }, { total_iters: 5 });
    scheduler.step();
    scheduler.step();
    groups.push({ lr: 2 });
    const lrs = [groups[1].lr];
    for (let epoch = 3; epoch <= 6; epoch++) {
      scheduler.step();
      lrs.push(groups[1].lr);
    }
    const factor = (epoch: number) => 1 / 3 + ((2 / 3) * epoch) / 5;
    expect_close(lrs, [2, 2 * factor(3), 2 * factor(4), 2, 2]);
    expect_other(theirs as number[], lrs);
  });

  row("a group of Adagrad with initial_accumulator_value=1", (theirs) => {
    const param = { data: [0], grad: null };
    const groups = [{ params: [param], initial_accumulator_value: 1 }];
    const optimizer = new torch.optim.Adagrad(groups);
    expect(optimizer.state_dict().state[0].sum).toEqual([1]);
    expect(theirs).toEqual([0]);
  });

  row("RMSprop(momentum=0), momentum set to .9 after a step", (theirs) => {
    const param = { data: [0], grad: [1] };
    const optimizer = new torch.optim.RMSprop([param], { lr: 0.1, alpha: 0, eps: 0 });
    const values = [0, 0.9, 0.9].map((momentum) => {
      optimizer.param_groups[0].momentum = momentum;
      optimizer.step();
      return param.data[0];
    });
    expect_close(values, [-0.1, -0.2, -0.39]);
    expect(theirs).toBe("KeyError: 'momentum_buffer'");
  });
});
