import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import transformers from "../../../fixtures/lr_scheduler/transformers.json";
import { lrs_of, schedulable } from "../../../support/curve.ts";
import type { Case } from "../../../support/fixtures.ts";
import { build } from "../../../support/spec.ts";

const { GreedyLR } = torch.optim;

/** The lr after each metric. */
function lrs_after(scheduler: torch.optim.LRScheduler, metrics: readonly number[]): number[] {
  return metrics.map((metric) => {
    scheduler.step(metric);
    return lrs_of(scheduler.optimizer)[0];
  });
}

describe("GreedyLR", () => {
  test("rises by the factor while metrics get better, and falls while they do not", () => {
    const scheduler = new GreedyLR(schedulable([0.1]), { factor: 0.5, patience: 1 });
    expect(lrs_after(scheduler, [5, 4, 3, 2, 9, 9, 9, 9])).toEqual([
      0.1, 0.2, 0.2, 0.4, 0.4, 0.2, 0.2, 0.1,
    ]);
  });

  test("has the highest lr 1 and the lowest .001, whatever the lr", () => {
    const options = { factor: 0.5, patience: 0 };
    const rising = new GreedyLR(schedulable([0.3]), options);
    expect(lrs_after(rising, [3, 2, 1])).toEqual([0.6, 1, 1]);
    const falling = new GreedyLR(schedulable([0.003]), options);
    falling.step(1);
    expect(lrs_after(falling, [2, 2, 2])).toEqual([0.003, 0.0015, 0.001]);
    const below = new GreedyLR(schedulable([1e-4]), options);
    expect(lrs_after(below, [Infinity, Infinity])).toEqual([1e-4, 1e-4]);
  });

  test("begins anew, from the base lr, after reset_start reductions at the lowest lr", () => {
    const options = { factor: 0.5, patience: 0, min_lr: 0.5, reset_start: 2 };
    const scheduler = new GreedyLR(schedulable([0.9]), options);
    const worst = Infinity;
    expect(lrs_after(scheduler, [worst, worst, worst, worst])).toEqual([0.5, 0.9, 0.5, 0.9]);
    expect(scheduler.best).toBe(Infinity);
    expect(lrs_after(scheduler, [7])).toEqual([1]);
  });

  test("counts those reductions from the last rise on", () => {
    const options = { factor: 0.5, patience: 0, min_lr: 0.5, reset_start: 2 };
    const scheduler = new GreedyLR(schedulable([0.9]), options);
    expect(lrs_after(scheduler, [Infinity, 5, 9, 9])).toEqual([0.5, 1, 0.5, 0.9]);
  });

  test("waits after a change as long as it is told", () => {
    const options = { factor: 0.5, patience: 0, warmup: 2, cooldown: 1 };
    const scheduler = new GreedyLR(schedulable([0.1]), options);
    expect(lrs_after(scheduler, [5, 4, 3, 2, 9, 9, 9, 9])).toEqual([
      0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.2, 0.2,
    ]);
  });

  test("judges the average of the last metrics if it is smooth", () => {
    const scheduler = new GreedyLR(schedulable([0.1]), {
      factor: 0.5,
      patience: 0,
      smooth: true,
      window_size: 2,
    });
    // Averages: 4, 5, 4, 1.5.
    expect(lrs_after(scheduler, [4, 6, 2, 1])).toEqual([0.2, 0.1, 0.05, 0.1]);
  });

  test("takes up a state of transformers, in which no base lr stands, at any step", () => {
    const cases = (transformers.cases as unknown as Case[]).filter(
      ({ spec }) => spec.type === "GreedyLR",
    );
    for (const { groups, spec, metrics = [], steps, lr } of cases.slice(0, 40)) {
      const one = build(schedulable(groups), spec);
      for (const metric of metrics.slice(0, 15)) one.step(metric);
      const { base_lrs, _step_count, ...state } = one.state_dict();
      const other = build(schedulable(groups.map(() => 0.7)), spec);
      other.load_state_dict(JSON.parse(JSON.stringify(state)));
      for (let k = 15; k < steps; k++) {
        other.step(metrics[k]);
        for (const [g, ours] of lrs_of(other.optimizer).entries()) {
          expect(Math.abs(ours - lr[g][k + 1])).toBeLessThanOrEqual(1e-12);
        }
      }
    }
  });
});
