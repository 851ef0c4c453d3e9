import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as torch from "../../../src/index.ts";
import { any_tree, planned_tree } from "../../support/arbitrary.ts";
import { follow, lrs_of, metric_at, momenta_of, schedulable, step } from "../../support/curve.ts";
import { expect_refusal, picture, thrown } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

const EPOCHS = 24;

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

function has_curve_at_0(scheduler: torch.optim.LRScheduler): boolean {
  return /"_curves":\{[^}]*\[0[,\]]/.test(JSON.stringify(scheduler.state_dict()));
}

describe("a parameter group added in mid-run", () => {
  test("keeps its lr until the next step, then is where it would be had it always been there", () => {
    const joins = fc.array(fc.nat(EPOCHS - 1), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(planned_tree, joins, (spec, unordered) => {
        const joined_at = unordered.toSorted((a, b) => a - b);
        const own_lrs = joined_at.map((_, i) => 2 + i);
        const wanted = follow(build(schedulable([1, ...own_lrs]), spec), EPOCHS);
        const close = 1e-12 * Math.max(...wanted.lrs.flat().map(Math.abs));
        const { optimizer, add_group } = growing();
        const scheduler = build(optimizer, spec);
        for (let epoch = 0; epoch <= EPOCHS; epoch++) {
          for (const [g, lr] of lrs_of(optimizer).entries()) {
            expect(Math.abs(lr - wanted.lrs[epoch][g])).toBeLessThanOrEqual(close);
            expect(momenta_of(optimizer)[g]).toBeCloseTo(wanted.momenta[epoch][g] as number, 12);
          }
          const joining = own_lrs.filter((_, i) => joined_at[i] === epoch);
          // Where its curve is 0, a sequence in a chain cannot tell what its neighbours made of it.
          fc.pre(joining.length === 0 || !has_curve_at_0(scheduler));
          for (const own_lr of joining) add_group(own_lr);
          expect(lrs_of(optimizer).slice(scheduler.base_lrs.length)).toEqual(joining);
          step(scheduler);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("resumes bit for bit, saved before it joined or after", () => {
    const when = fc.record({ joined: fc.nat(EPOCHS), more: fc.nat(6), epochs: fc.nat(EPOCHS) });
    fc.assert(
      fc.property(any_tree, when, (spec, { joined, more, epochs }) => {
        const { optimizer, add_group } = growing();
        const one = build(optimizer, spec);
        run_to(one, joined);
        add_group(2);
        run_to(one, joined + more);
        const other = build(schedulable([0.7, 0.2]), spec);
        run_to(other, epochs);
        other.load_state_dict(JSON.parse(JSON.stringify(one.state_dict())));
        for (let epoch = joined + more; epoch < joined + more + 12; epoch++) {
          expect(other.state_dict()).toEqual(one.state_dict());
          expect(other.get_last_lr()).toHaveLength(one.get_last_lr().length);
          expect(momenta_of(other.optimizer)).toEqual(momenta_of(optimizer));
          step(one, metric_at(epoch));
          step(other, metric_at(epoch));
        }
      }),
      { numRuns: 400 },
    );
  });

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

  test("keeps its lr in a plateau phase, and is reduced from there", () => {
    const { optimizer, add_group } = growing();
    const scheduler = build(optimizer, {
      type: "SequentialLR",
      schedulers: [{ type: "LinearLR" }, { type: "ReduceLROnPlateau", patience: 0, factor: 0.5 }],
      milestones: [1],
    }) as torch.optim.SequentialLR;
    for (const metric of [undefined, 1, 1]) scheduler.step(metric);
    expect(lrs_of(optimizer)).toEqual([0.5]);
    add_group(2);
    scheduler.step(0);
    expect(lrs_of(optimizer)).toEqual([0.5, 2]);
    scheduler.step(0);
    expect(lrs_of(optimizer)).toEqual([0.25, 1]);
  });

  const list_options: [Spec, string][] = [
    [{ type: "LambdaLR", lr_lambda: [{ fn: "inverse", k: 1 }] }, "LambdaLR: lr_lambda"],
    [
      { type: "MultiplicativeLR", lr_lambda: [{ fn: "inverse", k: 1 }] },
      "MultiplicativeLR: lr_lambda",
    ],
    [{ type: "CyclicLR", base_lr: [0.1], max_lr: 1 }, "CyclicLR: base_lr"],
    [
      { type: "CyclicLR", base_lr: 0.1, max_lr: 1, base_momentum: [0.8] },
      "CyclicLR: base_momentum",
    ],
    [{ type: "OneCycleLR", max_lr: [1], total_steps: 99 }, "OneCycleLR: max_lr"],
    [
      { type: "OneCycleLR", max_lr: 1, total_steps: 99, max_momentum: [0.9] },
      "OneCycleLR: max_momentum",
    ],
    [{ type: "SWALR", swa_lr: [0.1] }, "SWALR: swa_lr"],
    [{ type: "ReduceLROnPlateau", min_lr: [0.1] }, "ReduceLROnPlateau: min_lr"],
  ];
  const sequence = (schedulers: Spec[]): Spec => ({
    type: "SequentialLR",
    schedulers,
    milestones: [2],
  });
  const chain = (...schedulers: Spec[]): Spec => ({ type: "ChainedScheduler", schedulers });
  test.each(list_options)("is refused by %o, alone or inside others", (spec, option) => {
    const other = { type: "ExponentialLR", gamma: 0.9 };
    for (const tree of [spec, sequence([spec, other]), sequence([other, chain(other, spec)])]) {
      const { optimizer, add_group } = growing();
      const scheduler = build(optimizer, tree);
      step(scheduler, 1);
      add_group(2);
      const before = picture(optimizer, scheduler);
      const { message } = thrown(() => step(scheduler, 1));
      expect(message).toMatch(new RegExp(`^${option} must be .*one for each parameter group, got`));
      expect(picture(optimizer, scheduler)).toEqual(before);
    }
  });

  test("is refused by a scheduler that cycles momentum if it has none", () => {
    const { optimizer, add_group } = growing();
    const scheduler = build(optimizer, { type: "CyclicLR", base_lr: 0.1, max_lr: 1 });
    add_group(2);
    delete optimizer.param_groups[1].momentum;
    expect_refusal(
      () => scheduler.step(),
      TypeError,
      "CyclicLR: cycle_momentum must be false for an optimizer without momentum or betas, got true, and parameter group 1 has neither",
      optimizer,
      scheduler,
    );
  });

  test("cannot be taken away again", () => {
    const optimizer = schedulable([1, 2]);
    const scheduler = build(optimizer, sequence([{ type: "LinearLR" }, { type: "LinearLR" }]));
    (optimizer.param_groups as torch.optim.SchedulableGroup[]).pop();
    expect_refusal(
      () => scheduler.step(),
      Error,
      "SequentialLR: optimizer must keep its 2 parameter groups, got 1",
      optimizer,
      scheduler,
    );
  });

  test("joins a chain with a plateau in it where its neighbours' factors have come to", () => {
    const { optimizer, add_group } = growing();
    const spec = {
      type: "ChainedScheduler",
      schedulers: [
        { type: "ExponentialLR", gamma: 0.9 },
        { type: "ReduceLROnPlateau", patience: 0, factor: 0.5 },
        { type: "StepLR", step_size: 2, gamma: 0.5 },
      ],
    };
    const scheduler = build(optimizer, spec);
    for (const metric of [3, 3, 2]) step(scheduler, metric);
    add_group(2);
    step(scheduler, 1);
    // What the plateau has taken from the first group is no concern of the second.
    const factor = 0.9 ** 4 * 0.5 ** 2;
    expect(lrs_of(optimizer)[0]).toBeCloseTo(0.5 * factor, 14);
    expect(lrs_of(optimizer)[1]).toBeCloseTo(2 * factor, 14);
  });
});
