import { parse_spec, type Spec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, test } from "vitest";
import rows from "../../../../packages/torch-optim/test/fixtures/where_we_leave_pytorch.json";
import { insteadOf } from "../../src/pytorch/instead.ts";
import drawn from "./fixtures/instead.json";

interface Row {
  readonly composition: string;
  readonly lr?: readonly (number | string)[];
  readonly error?: string;
}

const sequence = (milestones: number[], ...schedulers: object[]) =>
  ({ type: "SequentialLR", schedulers, milestones }) as unknown as Spec;
const exp = { type: "ExponentialLR", gamma: 0.9 };

/** The rows of docs/from-pytorch.md that a spec can say, and words of the reason that is given. */
const SAYABLE: Record<string, readonly [spec: string | Spec, reason: RegExp, lr?: number]> = {
  "Sequential([Constant(.1, 2), Chained([Step(2, .5), Exp(.9)])], [2])": [
    "constant:2(factor=0.1) > (step(step_size=2, gamma=0.5) + exp(gamma=0.9))",
    /cannot begin a SequentialLR or ChainedScheduler at a milestone/,
  ],
  "Sequential([Constant(.1, 2), Sequential([Constant(.5, 2), Exp(.9)], [2])], [3])": [
    "constant:3(factor=0.1, total_iters=2) > (constant:2(factor=0.5) > exp(gamma=0.9))",
    /cannot begin a SequentialLR or ChainedScheduler at a milestone/,
  ],
  "Sequential([Sequential([Constant(.1, 2), Exp(.9)], [2]), Constant(.5, 2)], [6])": [
    "(constant:2(factor=0.1) > exp(gamma=0.9)):6 > constant:2(factor=0.5)",
    /one epoch early/,
  ],
  "Sequential([Chained([Step(2, .5), Exp(.9)]), Constant(.1, 2)], [5])": [
    "(step(step_size=2, gamma=0.5) + exp(gamma=0.9)):5 > constant:2(factor=0.1)",
    /one epoch early/,
  ],
  "Chained([Exp(.9), Sequential([Constant(.5, 3), Step(2, .5)], [3])])": [
    "exp(gamma=0.9) + (constant:3(factor=0.5) > step(step_size=2, gamma=0.5))",
    /wipes out/,
  ],
  "Sequential([Linear(.1, 3), ReduceLROnPlateau()], [3])": [
    "linear:3(start_factor=0.1) > plateau",
    /passes no metric on/,
  ],
  "Sequential([Linear(.1, 3), OneCycle(1, total_steps=8)], [4])": [
    "linear:4(start_factor=0.1, total_iters=3) > onecycle:8(max_lr=1)",
    /OneCycleLR writes its own first lr/,
  ],
  "Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [4]), Cyclic built first": [
    "cyclic:4(base_lr=0.1, max_lr=0.4, step_size_up=2) > exp(gamma=0.9)",
    /CyclicLR, built first/,
  ],
  "milestones [6, 3]": [sequence([6, 3], exp, exp, exp), /refused when it is built: milestones/],
  "milestones [3, 3]": [sequence([3, 3], exp, exp, exp), /refused when it is built: milestones/],
  "milestones [-2]": [sequence([-2], exp, exp), /refused when it is built: milestones/],
  "milestones [2.5]": [sequence([2.5], exp, exp), /refused when it is built: milestones/],
  "Linear(.1, total_iters=0), a warm-up of no length": [
    "linear:0(start_factor=0.1)",
    /stays at its start_factor for ever/,
  ],
  "Sequential([Exp(.9), Linear(.1, total_iters=0)], [2])": [
    "exp:2(gamma=0.9) > linear(start_factor=0.1, total_iters=0)",
    /divides by the total_iters of 0/,
  ],
  "Constant(.1, total_iters=0)": ["constant:0(factor=0.1)", /keeps its factor for ever/],
  "Cosine(T_max=0)": [{ type: "CosineAnnealingLR", T_max: 0 }, /T_max of 0/],
  "Step(step_size=0)": [{ type: "StepLR", step_size: 0 }, /step_size of 0/],
  "Polynomial(total_iters=0)": [{ type: "PolynomialLR", total_iters: 0 }, /without a word/],
  "OneCycle(1, total_steps=3), whose first phase has no length": [
    { type: "OneCycleLR", max_lr: 1, total_steps: 3 },
    /without a word/,
  ],
  "Linear(total_iters=2.5)": [{ type: "LinearLR", total_iters: 2.5 }, /without a word/],
  "Linear(0, total_iters=5)": ["linear:5(start_factor=0)", /refuses to start at 0/],
  "Exp(10), lr=1e308": ["exp(gamma=10)", /refused at epoch 1/, 1e308],
  "Chained([Cyclic(.1, .4, step_size_up=2), Step(2, .5)])": [
    "cyclic(base_lr=0.1, max_lr=0.4, step_size_up=2) + step(step_size=2, gamma=0.5)",
    /wipes out/,
  ],
  "Chained([CosineWarmRestarts(30), Step(30, .5)]) at epochs 30 and 31": [
    "restarts:30 + step(step_size=30, gamma=0.5)",
    /wipes out/,
  ],
};

const specOf = (spec: string | Spec) => (typeof spec === "string" ? parse_spec(spec) : spec);

describe(`insteadOf, beside PyTorch ${rows.pytorch}`, () => {
  const all = rows.rows as readonly Row[];
  for (const [composition, [spec, reason, lr = 1]] of Object.entries(SAYABLE)) {
    test(composition, () => {
      const row = all.find((row) => row.composition === composition);
      const wanted = row?.lr?.map(Number);
      const from = composition.endsWith("at epochs 30 and 31") ? 30 : 0;
      const epochs = wanted ? from + wanted.length : 8;
      const instead = insteadOf(specOf(spec), { lr, epochs });
      expect(instead?.reason).toMatch(reason);
      const [error] = row?.error?.split(":") ?? [];
      expect(instead?.fails?.message.split(":")[0]).toBe(error);
      for (const [i, value] of (wanted ?? []).entries()) {
        const actual = instead?.values[from + i] ?? Number.NaN;
        if (Number.isFinite(value)) expect(actual).toBeCloseTo(value, 12);
        else expect(actual).toBe(value);
      }
    });
  }

  test("says where it fails: at a milestone, with the lrs up to there", () => {
    const spec = parse_spec("constant:2(factor=0.1) > (step(step_size=2) + exp(gamma=0.9))");
    const instead = insteadOf(spec, { lr: 2, epochs: 9 });
    expect(instead?.values).toEqual([0.2, 0.2]);
    expect(instead?.fails?.epoch).toBe(2);
    expect(instead?.fails?.message).toMatch(/^NotImplementedError: /);
  });
});

describe("insteadOf", () => {
  test("has nothing to say of what is the same in PyTorch", () => {
    for (const spec of [
      "linear:10 > cosine:90",
      "exp(gamma=0.9) + multistep(milestones=[5, 10])",
      "plateau(patience=1)",
      "GreedyLR(patience=1)",
      "onecycle:40(max_lr=[1, 0.5])",
      "onecycle:8(max_lr=1)",
      "ramp:5(end_factor=0.1)",
      "CosineScheduleWithWarmup(num_warmup_steps=5, num_training_steps=20)",
      "step:6(step_size=2) > swa:5(swa_lr=0.05)",
    ]) {
      expect(insteadOf(parse_spec(spec), { lr: 0.1, epochs: 40 }), spec).toBeUndefined();
    }
  });

  test("has nothing to say where only later epochs would differ", () => {
    const spec = parse_spec("linear:10 > (cosine:90 + exp(gamma=0.9))");
    expect(insteadOf(spec, { lr: 1, epochs: 10 })).toBeUndefined();
    expect(insteadOf(spec, { lr: 1, epochs: 11 })).toBeDefined();
  });

  test("shows starts as PyTorch would have them, without", () => {
    const spec = parse_spec("linear:5(start_factor=0.1) > cosine:20@5");
    const instead = insteadOf(spec, { lr: 1, epochs: 20 });
    expect(instead?.reason).toMatch(/PyTorch has no starts/);
    const without = simulate(parse_spec("linear:5(start_factor=0.1) > cosine:20"), { epochs: 20 });
    for (const [epoch, lr] of without.lrs[0].entries()) {
      expect(instead?.values[epoch]).toBeCloseTo(lr, 12);
    }
  });

  test("takes of a recipe what PyTorch moves: the lr of all groups, at a base of 1", () => {
    const recipe = "lr = restarts:4 + exp(gamma=0.9); weight_decay = linear:0(start_factor=0.1)";
    const alone = insteadOf(parse_spec("restarts:4 + exp(gamma=0.9)"), { lr: 1, epochs: 9 });
    expect(alone).toBeDefined();
    expect(insteadOf(parse_spec(recipe), { lr: 0.3, epochs: 9 })).toEqual(alone);
    const others = "weight_decay = linear:0(start_factor=0.1)";
    expect(insteadOf(parse_spec(others), { lr: 1, epochs: 9 })).toBeUndefined();
  });

  test("shows the first group that is another, where groups have options of their own", () => {
    const spec = parse_spec("cosine:4(eta_min=[0, 0.1])");
    const instead = insteadOf(spec, { lr: 1, epochs: 4 });
    expect(instead?.fails).toEqual({ epoch: 1, message: "TypeError: eta_min is a list" });
    expect(instead?.reason).toMatch(/each group may have its own/);
  });

  test("knows nothing of what is no spec", () => {
    for (const spec of [
      { type: "StepLR", step_size: "9" },
      { type: "Mine" },
      { type: "SequentialLR", schedulers: "all", milestones: [] },
      { type: "SequentialLR", schedulers: [null], milestones: [] },
      { type: "__proto__" },
    ]) {
      expect(insteadOf(spec as unknown as Spec, { lr: 1, epochs: 9 })).toBeUndefined();
    }
  });

  test("agrees with what PyTorch did with random compositions, and always knows the reason", () => {
    const epochs = 25;
    let found = 0;
    for (const { spec, lr, error } of drawn.cases as readonly {
      spec: Spec;
      lr: number[];
      error?: string;
    }[]) {
      const about = JSON.stringify(spec);
      const instead = insteadOf(spec, { lr: drawn.base_lr, epochs });
      if (!instead) {
        expect(error, about).toBeUndefined();
        const ours = simulate(spec, { lr: drawn.base_lr, epochs, metrics: () => 1 }).lrs[0];
        for (const [epoch, value] of lr.entries()) expect(value).toBeCloseTo(ours[epoch], 8);
        continue;
      }
      found += 1;
      expect(instead.fails?.message.split(":")[0], about).toBe(error);
      expect(instead.values, about).toHaveLength(lr.length);
      expect(instead.reason, about).not.toMatch(/go on from whatever lr/);
    }
    expect(found).toBeGreaterThan(100);
  });
});
