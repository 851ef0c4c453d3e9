import { describe, expect, test } from "vitest";
import type * as torch from "../../../src/index.ts";
import { lrs_of, metric_at, schedulable, step } from "../../support/curve.ts";
import { build } from "../../support/spec.ts";

/** An optimizer with a group of lr 1, to which groups can be added. */
function growing() {
  const optimizer = schedulable([1]);
  const add_group = (lr: number) => {
    (optimizer.param_groups as torch.optim.SchedulableGroup[]).push({ lr, momentum: 0.9 });
  };
  return { optimizer, add_group };
}

function run_to(scheduler: torch.optim.LRScheduler, epoch: number): void {
  while (scheduler.last_epoch < epoch) step(scheduler, metric_at(scheduler.last_epoch));
}

describe("a parameter group added in mid-run", () => {
  test("joins a MultiplicativeLR after a plateau, whose lr no plan can tell", () => {
    const { optimizer, add_group } = growing();
    const scheduler = build(optimizer, {
      type: "SequentialLR",
      schedulers: [
        { type: "ReduceLROnPlateau" },
        { type: "MultiplicativeLR", lr_lambda: { fn: "power", base: 0.5 } },
      ],
      milestones: [2],
    });
    run_to(scheduler, 3);
    add_group(2);
    step(scheduler);
    // lambda(t) = 0.5^t, and the phase began two epochs ago.
    expect(lrs_of(optimizer)).toEqual([0.5 * 0.25, 2 * 0.5 * 0.25]);
  });
});
