import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { curve, follow, lrs_of, schedulable } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const { Parameter } = torch;
const { SGD, SWALR } = torch.optim;

const halves = { type: "StepLR", step_size: 1, gamma: 0.5 };
const swa = (swa_lr: number, anneal_epochs: number): Spec => ({
  type: "SWALR",
  swa_lr,
  anneal_epochs,
  anneal_strategy: "linear",
});
const sequence = (milestones: number[], ...schedulers: Spec[]): Spec => ({
  type: "SequentialLR",
  schedulers,
  milestones,
});

/** After three steps of annealing from 1 to .1 in 4 epochs, along a cosine, in PyTorch 2.14.1. */
const FROM_PYTORCH = {
  optimizer: {
    state: {},
    param_groups: [
      {
        lr: 0.23180194846605365,
        momentum: 0,
        dampening: 0,
        weight_decay: 0,
        nesterov: false,
        maximize: false,
        swa_lr: 0.1,
        initial_lr: 1,
        params: [0],
      },
    ],
  },
  scheduler: {
    _anneal_strategy: "cos",
    anneal_epochs: 4,
    base_lrs: [1],
    last_epoch: 3,
    _step_count: 4,
    _is_initial: false,
    _get_lr_called_within_step: false,
    _last_lr: [0.23180194846605365],
  },
};

describe("SWALR", () => {
  test("as a later phase has at its milestone the lr of the epoch before", () => {
    expect(curve(sequence([3], halves, swa(0.125, 2)), 7)).toEqual([
      1, 0.5, 0.25, 0.25, 0.1875, 0.125, 0.125, 0.125,
    ]);
    expect(curve(sequence([3], halves, swa(0.125, 0)), 4)).toEqual([1, 0.5, 0.25, 0.125, 0.125]);
  });

  test("leaves the base lr to the phase after it", () => {
    expect(curve(sequence([3], swa(0.5, 2), halves), 5)).toEqual([1, 0.75, 0.5, 1, 0.5, 0.25]);
  });

  test("in a chain has a curve of its own, from the base lr", () => {
    for (const schedulers of [
      [halves, swa(0.5, 2)],
      [swa(0.5, 2), halves],
    ]) {
      expect(curve({ type: "ChainedScheduler", schedulers }, 4)).toEqual([
        1, 0.375, 0.125, 0.0625, 0.03125,
      ]);
    }
  });

  test("goes on from the lr in force when it is stepped late, or the lr is set by hand", () => {
    const optimizer = schedulable([1]);
    const scheduler = build(optimizer, swa(0.5, 4));
    optimizer.param_groups[0].lr = 0.75;
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0.6875]);
  });

  test("last_epoch continues the annealing, which PyTorch begins again", () => {
    const { lrs } = follow(build(schedulable([1]), swa(0.5, 8)), 8);
    const scheduler = build(schedulable([1]), { ...swa(0.5, 8), last_epoch: 2 });
    expect(follow(scheduler, 5).lrs).toEqual(lrs.slice(3));
  });

  test("takes up a state of PyTorch's, which has its swa_lr in the groups", () => {
    for (const optimizer_last of [false, true]) {
      const optimizer = new SGD([new Parameter([0])], { lr: 1 });
      const scheduler = new SWALR(optimizer, { swa_lr: optimizer_last ? 0.1 : 0.7 });
      if (!optimizer_last) optimizer.load_state_dict(FROM_PYTORCH.optimizer);
      scheduler.load_state_dict(FROM_PYTORCH.scheduler);
      if (optimizer_last) optimizer.load_state_dict(FROM_PYTORCH.optimizer);
      expect(scheduler.swa_lr).toBe(0.1);
      scheduler.step();
      expect(lrs_of(optimizer)).toEqual([0.1]);
    }
  });

  test("keeps the constructor's where the groups have none", () => {
    const optimizer = schedulable([1]);
    const scheduler = new SWALR(optimizer, { swa_lr: 0.1, anneal_epochs: 7 });
    scheduler.load_state_dict(FROM_PYTORCH.scheduler);
    expect(scheduler.anneal_epochs).toBe(4);
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0.1]);
  });
});
