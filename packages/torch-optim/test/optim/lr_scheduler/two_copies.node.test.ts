import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { PACKAGE } from "../../support/compile.ts";
import { follow, lrs_of, momenta_of, schedulable } from "../../support/curve.ts";

type Library = typeof torch;

/** A second copy of the library in this program, as two bundles on one page have it. */
let other: Library;
beforeAll(async () => {
  const outfile = join(mkdtempSync(join(tmpdir(), "torch-optim-copy-")), "copy.mjs");
  writeFileSync(outfile, "");
  buildSync({
    entryPoints: [join(PACKAGE, "src/index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@torch-optim/source"],
  });
  other = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
});

const pairs = (): [Library, Library][] => [
  [torch, other],
  [other, torch],
];

describe("two copies of the library in one program", () => {
  test("are two", () => {
    expect(other.optim.StepLR).not.toBe(torch.optim.StepLR);
    expect(other.optim.SGD).not.toBe(torch.optim.SGD);
  });

  test("schedule each other's optimizers", () => {
    for (const [one, two] of pairs()) {
      const optimizer = new one.optim.SGD([{ data: [1], grad: [1] }], { lr: 1, momentum: 0.6 });
      const { optim } = two;
      const scheduler = new optim.SequentialLR(optimizer, {
        schedulers: [
          new optim.CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.4, step_size_up: 2 }),
          new optim.ExponentialLR(optimizer, { gamma: 0.5 }),
        ],
        milestones: [2],
      });
      optimizer.step();
      const { lrs, momenta } = follow(scheduler, 3);
      expect(lrs.flat()).toEqual([0.1, 0.25, 1, 0.5].map((lr) => expect.closeTo(lr, 14)));
      expect(momenta.flat()).toEqual([0.9, 0.85, 0.6, 0.6].map((m) => expect.closeTo(m, 14)));
      const resumed = new one.optim.SGD([{ data: [1], grad: [1] }]);
      resumed.load_state_dict(JSON.parse(JSON.stringify(optimizer.state_dict())));
      expect(resumed.param_groups[0].lr).toBe(0.5);
    }
  });

  /** A tree of schedulers of both. */
  const mixed = (one: Library, two: Library) => {
    const optimizer = schedulable([1]);
    const inner = [
      new two.optim.ExponentialLR(optimizer, { gamma: 0.5 }),
      new one.optim.StepLR(optimizer, { step_size: 2, gamma: 0.1 }),
    ];
    const schedulers = [
      new two.optim.LinearLR(optimizer, { start_factor: 0.5, total_iters: 2 }),
      new two.optim.ChainedScheduler(optimizer, { schedulers: inner }),
    ];
    return new one.optim.SequentialLR(optimizer, { schedulers, milestones: [2] });
  };

  test("stand inside each other's composites", () => {
    for (const [one, two] of pairs()) {
      const wanted = [0.5, 0.75, 1, 0.5, 0.025, 0.0125].map((lr) => [expect.closeTo(lr, 14)]);
      expect(follow(mixed(one, two), 5).lrs).toEqual(wanted);
      expect(mixed(one, two).lr_at(4)).toEqual(wanted[4]);
    }
  });

  // As yet `load_state_dict` looks into private members of the schedulers inside.
  test("resume each other", () => {
    for (const [one, two] of pairs()) {
      const scheduler = mixed(one, two);
      const { lrs } = follow(scheduler, 5);
      const resumed = mixed(one, two);
      resumed.load_state_dict(JSON.parse(JSON.stringify(scheduler.state_dict())));
      expect(lrs_of(resumed.optimizer)).toEqual(lrs[5]);
    }
  });

  test("know the base lr after each other's CyclicLR and OneCycleLR", () => {
    for (const [one, two] of pairs()) {
      const optimizer = schedulable([1]);
      new one.optim.CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.4 });
      expect(lrs_of(optimizer)).toEqual([0.1]);
      new two.optim.OneCycleLR(optimizer, { max_lr: 0.5, total_steps: 10 });
      const exponential = new two.optim.ExponentialLR(optimizer, { gamma: 0.5 });
      expect(exponential.base_lrs).toEqual([1]);
      expect(momenta_of(optimizer)).toEqual([0.95]);
    }
  });

  test("simulate each other's schedulers", () => {
    for (const [one, two] of pairs()) {
      const scheduler = new one.optim.ExponentialLR(schedulable([1]), { gamma: 0.5 });
      expect(two.optim.simulate(scheduler, { epochs: 3 }).lrs).toEqual([[1, 0.5, 0.25]]);
      expect(two.optim.to_schedule(scheduler)(2)).toBe(0.25);
    }
  });
});
