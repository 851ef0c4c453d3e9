import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_tree } from "../../support/arbitrary.ts";
import { follow, lrs_of, momenta_of, schedulable } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const { CyclicLR, ExponentialLR, LinearLR, OneCycleLR, SequentialLR, StepLR } =
  torch.optim.lr_scheduler;

describe("rules of detail", () => {
  test("beta1 is cycled where momentum is, and beta2 never", () => {
    fc.assert(
      fc.property(any_tree, (spec) => {
        const with_betas = schedulable([1, 0.3], { betas: [0.9, 0.999] });
        const { lrs, momenta } = follow(build(with_betas, spec), 30);
        expect({ lrs, momenta }).toEqual(follow(build(schedulable([1, 0.3]), spec), 30));
        for (const { betas } of with_betas.param_groups) expect(betas?.[1]).toBe(0.999);
      }),
      { numRuns: 300 },
    );
  });

  test("groups that were given one list of betas do not share what is cycled", () => {
    const betas: [number, number] = [0.9, 0.999];
    const optimizer = {
      param_groups: [
        { lr: 1, betas },
        { lr: 1, betas },
      ],
    };
    new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 1, max_momentum: [0.8, 0.7] });
    expect(momenta_of(optimizer)).toEqual([0.8, 0.7]);
    expect(betas).toEqual([0.9, 0.999]);
  });

  test("cyclic schedulers never write initial_lr, nor take it for their base lr", () => {
    const optimizer = schedulable([1]);
    const cyclic = new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 1 });
    new OneCycleLR(optimizer, { max_lr: 1, total_steps: 9 });
    cyclic.step();
    cyclic.load_state_dict(cyclic.state_dict());
    expect(optimizer.param_groups[0]).not.toHaveProperty("initial_lr");
    expect(cyclic.base_lrs).toEqual([0.1]);
    expect(new ExponentialLR(optimizer, { gamma: 0.9 }).base_lrs).toEqual([1]);
  });

  test("the base lr is initial_lr where a group has one", () => {
    const optimizer = { param_groups: [{ lr: 0.5, initial_lr: 2 }] };
    const scheduler = new LinearLR(optimizer, { start_factor: 0.5, total_iters: 4 });
    expect(scheduler.base_lrs).toEqual([2]);
    // A plain scheduler applies its epoch 0 to the lr in force …
    expect(lrs_of(optimizer)).toEqual([0.25]);
    // … a composite begins from the base lr.
    new SequentialLR(optimizer, { schedulers: [scheduler], milestones: [] });
    expect(lrs_of(optimizer)).toEqual([1]);
  });

  test("children built in any order, and others before them, leave no trace", () => {
    const phases: Spec[] = [
      { type: "LinearLR", total_iters: 3 },
      { type: "CyclicLR", base_lr: 0.01, max_lr: 0.5, step_size_up: 2 },
      { type: "OneCycleLR", max_lr: 0.7, total_steps: 99 },
      { type: "ConstantLR", factor: 0.5 },
    ];
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    const wanted = follow(
      build(schedulable(), { type: "SequentialLR", schedulers: phases, milestones: [3, 6, 9] }),
      14,
    );
    fc.assert(
      fc.property(order, order, (first, second) => {
        const optimizer = schedulable();
        for (const i of first) build(optimizer, phases[i]);
        const schedulers: torch.optim.LRScheduler[] = [];
        for (const i of second) schedulers[i] = build(optimizer, phases[i]);
        const scheduler = new SequentialLR(optimizer, { schedulers, milestones: [3, 6, 9] });
        expect(follow(scheduler, 14)).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  test("plain schedulers on one optimizer, stepped one after another, act as a chain", () => {
    const optimizer = schedulable([1]);
    const decay = new ExponentialLR(optimizer, { gamma: 0.9 });
    const steps = new StepLR(optimizer, { step_size: 2, gamma: 0.5 });
    for (let epoch = 1; epoch < 9; epoch++) {
      decay.step();
      steps.step();
      expect(lrs_of(optimizer)[0]).toBeCloseTo(0.9 ** epoch * 0.5 ** Math.floor(epoch / 2), 15);
    }
  });

  test("chainable forms go on from an lr set by hand, and lr_at does not", () => {
    const optimizer = schedulable([1]);
    const schedulers = [
      new ExponentialLR(optimizer, { gamma: 0.5 }),
      new StepLR(optimizer, { step_size: 1, gamma: 0.1 }),
    ];
    const scheduler = new SequentialLR(optimizer, { schedulers, milestones: [3] });
    scheduler.step();
    optimizer.param_groups[0].lr = 8;
    expect(scheduler.lr_at(1)).toEqual([0.5]);
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([4]);
    // The next phase starts from the base lr again.
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([1]);
  });

  test("get_last_lr and state_dict give copies", () => {
    const scheduler = build(schedulable([1, 2]), { type: "ExponentialLR", gamma: 0.5 });
    scheduler.get_last_lr().fill(9);
    (scheduler.state_dict().base_lrs as number[]).fill(9);
    expect(scheduler.get_last_lr()).toEqual([1, 2]);
    expect(scheduler.base_lrs).toEqual([1, 2]);
    scheduler.step();
    expect(scheduler.get_last_lr()).toEqual([0.5, 1]);
  });
});
