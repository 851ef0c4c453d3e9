import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { any_sequence, scaling_chain } from "../../support/arbitrary.ts";
import { follow, lrs_of, metric_at, momenta_of, schedulable, step } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const EPOCHS = 30;
/** Relative by nature: as later phases they go on from the lr in force. */
const RELATIVE = ["MultiplicativeLR", "SWALR"];

/** What a sequence must give: its children's own curves, laid end to end. */
function laid_end_to_end(spec: Spec, lrs: readonly number[]) {
  const schedulers = spec.schedulers as readonly Spec[];
  const starts = [0, ...(spec.milestones as number[])];
  const all: { lrs: number[]; momenta: (number | undefined)[] }[] = [];
  for (const [i, child] of schedulers.entries()) {
    const start = starts[i];
    const end = Math.min(starts[i + 1] ?? Infinity, EPOCHS + 1);
    if (start >= end) continue;
    const optimizer = schedulable(lrs);
    if (RELATIVE.includes(child.type) && start > 0) {
      for (const [g, group] of optimizer.param_groups.entries()) {
        group.initial_lr = group.lr;
        group.lr = all[start - 1].lrs[g];
      }
    }
    const alone = build(optimizer, child);
    if (child.type === "MultiplicativeLR" && start > 0) alone.step(0);
    for (let epoch = start; epoch < end; epoch++) {
      all.push({ lrs: lrs_of(optimizer), momenta: momenta_of(optimizer) });
      if (epoch + 1 < end) step(alone, metric_at(epoch));
    }
  }
  return all;
}

describe("the law of SequentialLR", () => {
  test("a sequence's lr and momentum are its children's own, laid end to end, in any tree", () => {
    fc.assert(
      fc.property(any_sequence, (spec) => {
        const lrs = [1, 0.3];
        const { lrs: ours, momenta } = follow(build(schedulable(lrs), spec), EPOCHS);
        const wanted = laid_end_to_end(spec, lrs);
        expect(ours).toEqual(wanted.map((epoch) => epoch.lrs));
        expect(momenta).toEqual(wanted.map((epoch) => epoch.momenta));
      }),
      { numRuns: 500 },
    );
  });

  test("a chain of schedulers that only multiply is the product of its members' own curves", () => {
    fc.assert(
      fc.property(scaling_chain, (spec) => {
        const base_lr = 0.8;
        const { lrs } = follow(build(schedulable([base_lr]), spec), EPOCHS);
        const members = (spec.schedulers as readonly Spec[]).map(
          (child) => follow(build(schedulable([base_lr]), child), EPOCHS).lrs,
        );
        for (const [epoch, [lr]] of lrs.entries()) {
          const product = members.reduce(
            (scale, own) => scale * (own[epoch][0] / base_lr),
            base_lr,
          );
          expect(Math.abs(lr - product)).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 500 },
    );
  });
});
