import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { schedulable } from "../../support/curve.ts";
import { expect_refusal } from "../../support/refusal.ts";

const { LambdaLR, OneCycleLR, ReduceLROnPlateau } = torch.optim.lr_scheduler;

describe("a constructor that refuses leaves the parameter groups as they were", () => {
  test.each<[(optimizer: torch.optim.SchedulableOptimizer) => unknown, ErrorConstructor, string]>([
    [
      (optimizer) => new OneCycleLR(optimizer, { max_lr: 1, total_steps: 10, last_epoch: 50 }),
      RangeError,
      "OneCycleLR: step 51 is past the end of the cycle, total_steps is 10",
    ],
    [
      (optimizer) => new ReduceLROnPlateau(optimizer, { last_epoch: 5 }),
      Error,
      "ReduceLROnPlateau: metrics decide the lr after epoch 0, so only load_state_dict() can resume it",
    ],
    [
      (optimizer) => new LambdaLR(optimizer, { lr_lambda: () => "1" as never }),
      TypeError,
      'LambdaLR: lr_lambda(0) must return a number, got "1"',
    ],
  ])("%o", (act, error, message) => {
    const optimizer = schedulable([1, 0.3]);
    expect_refusal(() => act(optimizer), error, message, optimizer);
    expect(optimizer.param_groups[0]).toEqual({ lr: 1, momentum: 0.9 });
  });
});
