import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { expect_close } from "../../support/close.ts";
import { curve, follow, lrs_of, schedulable } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const { CyclicLR, ExponentialLR, MultiplicativeLR, OneCycleLR, SequentialLR } =
  torch.optim.lr_scheduler;

describe("a plan", () => {
  test("has betas of its own: asking for another epoch moves no momentum", () => {
    const optimizer = schedulable([1, 1], { betas: [0.7, 0.99] });
    const scheduler = new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.4, step_size_up: 4 });
    scheduler.step();
    const before = structuredClone(optimizer.param_groups);
    const [{ betas }] = optimizer.param_groups;
    scheduler.lr_at(4);
    scheduler.lr_at(0);
    torch.optim.simulate(scheduler, { epochs: 9 });
    new CyclicLR(
      { param_groups: structuredClone(before) },
      { base_lr: 0.1, max_lr: 0.4, last_epoch: 7 },
    );
    expect(optimizer.param_groups).toEqual(before);
    expect(optimizer.param_groups[0].betas).toBe(betas);
    scheduler.step();
    expect(optimizer.param_groups[0].betas?.[0]).toBeCloseTo(0.85, 14);
    expect(optimizer.param_groups[0].betas?.[1]).toBe(0.99);
  });

  test("begins with the groups' own momentum, and simulates what a fresh run gives", () => {
    const make = (momentum: number) => {
      const optimizer = schedulable([1], { momentum });
      const schedulers = [
        new ExponentialLR(optimizer, { gamma: 0.9 }),
        new OneCycleLR(optimizer, { max_lr: 1, total_steps: 9 }),
      ];
      return new SequentialLR(optimizer, { schedulers, milestones: [2] });
    };
    const scheduler = make(0.6);
    follow(scheduler, 5);
    const { lrs, momenta } = torch.optim.simulate(scheduler, { epochs: 8 });
    const wanted = follow(make(0.6), 7);
    expect(lrs[0]).toEqual(wanted.lrs.flat());
    expect(momenta?.[0]).toEqual(wanted.momenta.flat());
  });

  test("goes on from where its last replay was, and back", () => {
    let asked = 0;
    const lr_lambda = () => {
      asked += 1;
      return 0.5;
    };
    const scheduler = new MultiplicativeLR(schedulable([1]), { lr_lambda });
    for (const [epoch, calls] of [
      [10, 10],
      [10, 0],
      [12, 2],
      [3, 3],
    ]) {
      asked = 0;
      expect(scheduler.lr_at(epoch)).toEqual([0.5 ** epoch]);
      expect(asked).toBe(calls);
    }
  });

  test("replays anew what failed, and what was changed", () => {
    let is_armed = false;
    const lr_lambda = (epoch: number) => {
      if (is_armed && epoch === 6) throw new Error("no lr today");
      return 0.5;
    };
    const scheduler = new MultiplicativeLR(schedulable([1]), { lr_lambda });
    expect(scheduler.lr_at(3)).toEqual([0.5 ** 3]);
    is_armed = true;
    expect(() => scheduler.lr_at(9)).toThrow("no lr today");
    is_armed = false;
    expect(scheduler.lr_at(9)).toEqual([0.5 ** 9]);
    scheduler.base_lrs[0] = 2;
    expect(scheduler.lr_at(9)).toEqual([2 * 0.5 ** 9]);
  });

  test("refuses to replay more than 1e7 epochs times schedulers, and not one fewer", () => {
    const lr_lambda = () => 1;
    const alone = new MultiplicativeLR(schedulable([1]), { lr_lambda });
    const message = (name: string, epoch: number, steps: number) =>
      `${name}: epoch ${epoch} takes ${steps} steps to replay, more than 10000000; ` +
      "load a state that was saved there";
    expect(() => alone.lr_at(1e7)).toThrow(message("MultiplicativeLR", 1e7, 1e7 + 1));
    const optimizer = schedulable([1]);
    const schedulers = [
      new MultiplicativeLR(optimizer, { lr_lambda }),
      new ExponentialLR(optimizer, { gamma: 1 }),
    ];
    const chain = new torch.optim.ChainedScheduler(optimizer, { schedulers });
    // Three schedulers, the chain among them.
    expect(() => chain.lr_at(4e6)).toThrow(RangeError);
    expect(() => chain.lr_at(4e6)).toThrow(message("ChainedScheduler", 4e6, 3 * (4e6 + 1)));
    expect(chain.lr_at(1e4)).toEqual([1]);
  });
});

const constant = (factor: number, total_iters: number): Spec => ({
  type: "ConstantLR",
  factor,
  total_iters,
});
const exponential = (gamma: number): Spec => ({ type: "ExponentialLR", gamma });

describe("a factor of 0", () => {
  const chain: Spec = {
    type: "ChainedScheduler",
    schedulers: [exponential(0.9), constant(0, 3), { type: "StepLR", step_size: 2, gamma: 0.5 }],
  };
  const wanted = [0, 0, 0, 3, 4, 5, 6].map((epoch) =>
    epoch === 0 ? 0 : 0.9 ** epoch * 0.5 ** Math.floor(epoch / 2),
  );

  test("in a chain gives its neighbours' factors back, stepped and planned alike", () => {
    expect_close(curve(chain, 6), wanted, 1, "stepped");
    const scheduler = build(schedulable([1]), chain);
    for (const [epoch, lr] of wanted.entries()) {
      expect_close(scheduler.lr_at(epoch), [lr], 1, `lr_at(${epoch})`);
    }
    for (const last_epoch of [1, 2, 4]) {
      const optimizer = schedulable([1]);
      build(optimizer, { ...chain, last_epoch });
      expect_close(lrs_of(optimizer), [wanted[last_epoch + 1]], 1, `last_epoch: ${last_epoch}`);
    }
  });

  test("in a later phase of a member gives them back as well", () => {
    const phases: Spec = {
      type: "SequentialLR",
      schedulers: [exponential(0.5), constant(0, 2), exponential(0.25)],
      milestones: [2, 5],
    };
    const in_chain: Spec = {
      type: "ChainedScheduler",
      schedulers: [phases, exponential(0.9)],
    };
    const own = [1, 0.5, 0, 0, 1, 1, 0.25, 0.0625];
    const lrs = own.map((lr, epoch) => lr * 0.9 ** epoch);
    expect_close(curve(in_chain, 7), lrs, 1, "stepped");
    expect_close(curve(phases, 7), own, 1, "alone");
    const scheduler = build(schedulable([1]), in_chain);
    for (const epoch of [7, 3, 4, 2, 5]) {
      expect_close(scheduler.lr_at(epoch), [lrs[epoch]], 1, `lr_at(${epoch})`);
    }
    for (const stopped of [1, 2, 3, 4]) {
      const one = build(schedulable([1]), in_chain);
      follow(one, stopped);
      const two = build(schedulable([1]), in_chain);
      two.load_state_dict(JSON.parse(JSON.stringify(one.state_dict())));
      expect(follow(two, 7 - stopped)).toEqual(follow(one, 7 - stopped));
    }
  });
});
