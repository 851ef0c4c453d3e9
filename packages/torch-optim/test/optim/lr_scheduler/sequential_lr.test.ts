import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { follow } from "../../support/curve.ts";

const LR = 0.1;

function make_optimizer(): torch.optim.AdamW {
  const optimizer = new torch.optim.AdamW([new torch.Parameter([1, 2, 3])], { lr: LR });
  optimizer.step();
  return optimizer;
}

/** States the lr at every epoch, as a multiple of the base lr. */
function expect_curve(
  scheduler: torch.optim.LRScheduler,
  epochs: number,
  factor: (epoch: number) => number,
): void {
  const { lrs } = follow(scheduler, epochs);
  expect(lrs).toHaveLength(epochs + 1);
  for (const [epoch, [lr]] of lrs.entries()) {
    expect(Math.abs(lr - LR * factor(epoch)), `epoch ${epoch}`).toBeLessThanOrEqual(1e-12 * LR);
  }
}

const linear_factor = (epoch: number) => 1 / 3 + ((2 / 3) * epoch) / 10;
const cosine_factor = (epoch: number, T_max: number) =>
  (1 + Math.cos((Math.PI * epoch) / T_max)) / 2;

describe("SequentialLR", () => {
  test("warm-up, then cosine", () => {
    const optimizer = make_optimizer();
    const warmup = new torch.optim.LinearLR(optimizer, { total_iters: 10 });
    const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 90 });
    // biome-ignore format: word for word as users write it
    const scheduler = new torch.optim.SequentialLR(optimizer, {
      schedulers: [warmup, cosine],
      milestones: [10] // Switch to cosine at epoch 10
    });
    expect_curve(scheduler, 100, (epoch) =>
      epoch < 10 ? linear_factor(epoch) : cosine_factor(epoch - 10, 90),
    );
  });

  test("constant warm-up, then steps", () => {
    const optimizer = make_optimizer();
    const warmup = new torch.optim.ConstantLR(optimizer, { factor: 0.1, total_iters: 5 });
    const decay = new torch.optim.StepLR(optimizer, { step_size: 10, gamma: 0.1 });
    // biome-ignore format: word for word as users write it
    const scheduler = new torch.optim.SequentialLR(optimizer, {
      schedulers: [warmup, decay],
      milestones: [5]
    });
    expect_curve(scheduler, 100, (epoch) =>
      epoch < 5 ? 0.1 : 0.1 ** Math.floor((epoch - 5) / 10),
    );
  });

  test("three phases", () => {
    const optimizer = make_optimizer();
    const phase1 = new torch.optim.ConstantLR(optimizer, { factor: 0.1, total_iters: 10 });
    const phase2 = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 70 });
    const phase3 = new torch.optim.StepLR(optimizer, { step_size: 5, gamma: 0.5 });
    // biome-ignore format: word for word as users write it
    const scheduler = new torch.optim.SequentialLR(optimizer, {
      schedulers: [phase1, phase2, phase3],
      milestones: [10, 80] // Switch at epoch 10 and 80
    });
    expect_curve(scheduler, 120, (epoch) => {
      if (epoch < 10) return 0.1;
      return epoch < 80 ? cosine_factor(epoch - 10, 70) : 0.5 ** Math.floor((epoch - 80) / 5);
    });
  });

  test("is there under torch.optim, torch.optim.lr_scheduler and the subpaths", async () => {
    const { SequentialLR } = torch.optim;
    expect(torch.optim.lr_scheduler.SequentialLR).toBe(SequentialLR);
    expect((await import("torch-optim/optim")).SequentialLR).toBe(SequentialLR);
    expect((await import("torch-optim/lr_scheduler")).SequentialLR).toBe(SequentialLR);
  });

  test("the children may be built in any order and leave no trace", () => {
    const optimizer = make_optimizer();
    const cosine = new torch.optim.CosineAnnealingLR(optimizer, { T_max: 90 });
    const warmup = new torch.optim.ConstantLR(optimizer, { factor: 0.5, total_iters: 10 });
    expect(optimizer.param_groups[0].lr).toBe(LR * 0.5);
    new torch.optim.SequentialLR(optimizer, { schedulers: [cosine, warmup], milestones: [10] });
    expect(optimizer.param_groups[0].lr).toBe(LR);
  });

  test("a first milestone of 0 begins with the second phase", () => {
    const optimizer = make_optimizer();
    const schedulers = [
      new torch.optim.ConstantLR(optimizer, { factor: 0.5, total_iters: 10 }),
      new torch.optim.ExponentialLR(optimizer, { gamma: 0.9 }),
    ];
    const scheduler = new torch.optim.SequentialLR(optimizer, { schedulers, milestones: [0] });
    expect_curve(scheduler, 5, (epoch) => 0.9 ** epoch);
  });

  test("last_epoch: scheduler.last_epoch - 1 stands where that scheduler stood", () => {
    const make = (last_epoch?: number) => {
      const optimizer = make_optimizer();
      const warmup = new torch.optim.LinearLR(optimizer, { total_iters: 10 });
      const decay = new torch.optim.ExponentialLR(optimizer, { gamma: 0.9 });
      const schedulers = [warmup, decay];
      return new torch.optim.SequentialLR(optimizer, {
        schedulers,
        milestones: [10],
        ...(last_epoch === undefined ? {} : { last_epoch }),
      });
    };
    const whole = make();
    for (let epoch = 0; epoch < 14; epoch++) whole.step();
    const resumed = make(whole.last_epoch - 1);
    expect(resumed.last_epoch).toBe(14);
    expect(resumed.get_last_lr()[0]).toBeCloseTo(LR * 0.9 ** 4, 15);
  });

  test("lr_at of a billion epochs and a thousand phases is there at once, and exact", () => {
    const optimizer = make_optimizer();
    const schedulers = Array.from(
      { length: 1000 },
      () => new torch.optim.StepLR(optimizer, { step_size: 1000, gamma: 0.5 }),
    );
    const milestones = schedulers.slice(1).map((_, i) => (i + 1) * 1_000_000);
    const scheduler = new torch.optim.SequentialLR(optimizer, { schedulers, milestones });
    expect(scheduler.lr_at(1e9 - 1e6 + 3000)).toEqual([LR / 8]);
  });
});
