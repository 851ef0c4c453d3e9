import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_tree, planned_tree } from "../../support/arbitrary.ts";
import { lrs_of, metric_at, schedulable, step } from "../../support/curve.ts";
import { thrown } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const { CosineAnnealingLR, CyclicLR, ExponentialLR, LambdaLR, LinearLR, select, SequentialLR } =
  torch.optim.lr_scheduler;

const EPOCHS = 16;
const BASES = [0.4, 0, 0.9];

function params(): torch.Parameter[] {
  return [new torch.Parameter([1])];
}

/** Optimizers with the values of `BASES` in an option of their groups, and where they stand. */
const PLACES = {
  weight_decay: {
    option: "weight_decay",
    make: () =>
      new torch.optim.AdamW(BASES.map((weight_decay) => ({ params: params(), weight_decay }))),
    value: (group: object) => (group as { weight_decay: number }).weight_decay,
    is_allowed: (value: number) => value >= 0,
  },
  "momentum of SGD": {
    option: "momentum",
    make: () =>
      new torch.optim.SGD(
        BASES.map((momentum) => ({ params: params(), momentum })),
        { lr: 0.1 },
      ),
    value: (group: object) => (group as { momentum: number }).momentum,
    is_allowed: (value: number) => value >= 0,
  },
  "beta1 of Adam": {
    option: "momentum",
    make: () =>
      new torch.optim.Adam(
        BASES.map((beta1) => ({ params: params(), betas: [beta1, 0.999] as [number, number] })),
      ),
    value: (group: object) => (group as { betas: number[] }).betas[0],
    is_allowed: (value: number) => value >= 0 && value < 1,
  },
};

/** A spec whose cyclic schedulers leave the momentum alone. */
function without_momentum(spec: Spec): Spec {
  const { schedulers } = spec;
  return {
    ...spec,
    ...("cycle_momentum" in spec || /^(Cyclic|OneCycle)LR$/.test(spec.type)
      ? { cycle_momentum: false }
      : {}),
    ...(schedulers ? { schedulers: schedulers.map(without_momentum) } : {}),
  };
}

/**
 * Whether it can be built on the base values. Alone, before it is a part of anything, each scheduler
 * puts its own epoch 0 in force, which must be an option's value; and one wants to end below a base of 0.
 */
function can_begin({ type, factors, schedulers = [], ...options }: Spec): boolean {
  const [factor = 1] = (factors as number[] | undefined) ?? [];
  const { swa_lr = 0, max_lr = 0 } = options as { swa_lr?: number; max_lr?: number };
  const is_below_1 = factor <= 1 && swa_lr < 1 && (type === "CyclicLR" || max_lr < 1);
  return is_below_1 && type !== "PolynomialDecayScheduleWithWarmup" && schedulers.every(can_begin);
}

const any_spec = any_tree.map(without_momentum).filter(can_begin);
const planned_spec = planned_tree.map(without_momentum).filter(can_begin);

describe.each(Object.entries(PLACES))("a selection of %s", (_, place) => {
  const { option, make, value, is_allowed } = place;
  const values_of = (optimizer: Optimizer) => optimizer.param_groups.map(value);

  test("is moved as an lr would be, by every scheduler, or refused before anything moves", () => {
    fc.assert(
      fc.property(any_spec, (spec) => {
        const plain = schedulable(BASES, {});
        const optimizer = make();
        const lrs = optimizer.param_groups.map(({ lr }) => lr);
        const reference = build(plain, spec);
        if (!lrs_of(plain).every(is_allowed)) return;
        const scheduler = build(select(optimizer, { option }), spec);
        for (let epoch = 0; epoch < EPOCHS; epoch++) {
          expect(values_of(optimizer).map((x) => x + 0)).toEqual(lrs_of(plain));
          expect(values_of(optimizer)).not.toContain(Number.NaN);
          expect(optimizer.param_groups.map(({ lr }) => lr)).toEqual(lrs);
          step(reference, metric_at(epoch));
          if (lrs_of(plain).every(is_allowed)) step(scheduler, metric_at(epoch));
          else {
            const before = [scheduler.state_dict(), structuredClone(values_of(optimizer))];
            const { message } = thrown(() => step(scheduler, metric_at(epoch)));
            expect(message).toMatch(
              new RegExp(`: ${option} of parameter group \\d at epoch ${epoch + 1} must be `),
            );
            expect([scheduler.state_dict(), values_of(optimizer)]).toEqual(before);
            return;
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("resumes from its state through JSON, by last_epoch, and answers lr_at", () => {
    fc.assert(
      fc.property(planned_spec, fc.integer({ min: 0, max: EPOCHS }), (spec, done) => {
        const plain = schedulable(BASES, {});
        const reference = build(plain, spec);
        for (let epoch = 0; epoch < EPOCHS; epoch++) {
          if (!lrs_of(plain).every(is_allowed)) return;
          reference.step();
        }
        const optimizer = make();
        const scheduler = build(select(optimizer, { option }), spec);
        for (let epoch = 0; epoch < done; epoch++) scheduler.step();
        expect(scheduler.lr_at(done)).toEqual(reference.lr_at(done));

        const saved = JSON.parse(
          JSON.stringify([optimizer.state_dict(), scheduler.state_dict()]),
        ) as [torch.optim.OptimizerState, object];
        const other = make();
        other.load_state_dict(saved[0]);
        const twin = build(select(other, { option }), spec);
        twin.load_state_dict(saved[1]);
        expect(values_of(other)).toEqual(values_of(optimizer));
        expect(twin.state_dict()).toEqual(scheduler.state_dict());

        const late = make();
        build(select(late, { option }), { ...spec, last_epoch: done - 1 });
        for (const [g, found] of values_of(late).entries()) {
          expect(found).toBeCloseTo(reference.lr_at(done)[g], 11);
        }
        if (done === EPOCHS) return;
        scheduler.step();
        twin.step();
        expect(values_of(other)).toEqual(values_of(optimizer));
      }),
      { numRuns: 100 },
    );
  });

  test("goes on from a value that was set by hand", () => {
    const optimizer = make();
    const selection = select(optimizer, { option, groups: [0] });
    const scheduler = new ExponentialLR(selection, { gamma: 0.5 });
    selection.param_groups[0].lr = 0.8;
    expect(value(optimizer.param_groups[0])).toBe(0.8);
    scheduler.step();
    expect(value(optimizer.param_groups[0])).toBe(0.4);
    expect(scheduler.lr_at(1)).toEqual([0.2]);
  });
});

describe("select", () => {
  test("gives the optimizer itself for its lrs, and else one selection for all who ask", () => {
    const optimizer = new torch.optim.SGD([
      { params: params(), name: "a" },
      { params: params(), name: "b" },
      { params: params(), name: "a" },
    ] as never);
    expect(select(optimizer)).toBe(optimizer);
    expect(select(optimizer, { option: "lr" })).toBe(optimizer);
    const some = select(optimizer, { groups: ["a"] });
    expect(some).not.toBe(optimizer);
    expect(select(optimizer, { option: "lr", groups: [2, 0, "a"] })).toBe(some);
    expect(some.param_groups).toEqual([optimizer.param_groups[0], optimizer.param_groups[2]]);
    const decay = select(optimizer, { option: "weight_decay" });
    expect(select(optimizer, { option: "weight_decay" })).toBe(decay);
    expect(select(optimizer, { option: "weight_decay", groups: [0, 1, 2] })).not.toBe(decay);
    expect(decay.param_groups[1]).toBe(decay.param_groups[1]);
    expect(decay.stepped).toBe(false);
  });

  test("takes groups in the optimizer's order, which lists of options follow", () => {
    const optimizer = new torch.optim.SGD(
      ["x", "y", "z"].map((name) => ({ params: params(), name })) as never,
      { lr: 1 },
    );
    const selection = select(optimizer, { groups: ["z", 0] });
    new LambdaLR(selection, { lr_lambda: [() => 0.5, () => 0.25] });
    expect(optimizer.param_groups.map(({ lr }) => lr)).toEqual([0.5, 1, 0.25]);
  });

  test("lets groups that are added join where it names none, and only there", () => {
    const optimizer = new torch.optim.AdamW(params(), { weight_decay: 0.8 });
    const all = select(optimizer, { option: "weight_decay" });
    const scheduler = new ExponentialLR(all, { gamma: 0.5 });
    scheduler.step();
    optimizer.add_param_group({ params: params(), weight_decay: 0.4 });
    scheduler.step();
    expect(optimizer.param_groups.map(({ weight_decay }) => weight_decay)).toEqual([0.2, 0.1]);

    const fixed = new torch.optim.AdamW(params(), { weight_decay: 0.8 });
    const first = new ExponentialLR(select(fixed, { option: "weight_decay", groups: [0] }), {
      gamma: 0.5,
    });
    fixed.add_param_group({ params: params(), weight_decay: 0.4 });
    first.step();
    expect(fixed.param_groups.map(({ weight_decay }) => weight_decay)).toEqual([0.4, 0.4]);
  });

  test("notes the base value in the group, under the option's name", () => {
    const adam = new torch.optim.Adam(params(), { weight_decay: 0.5 });
    new LinearLR(select(adam, { option: "weight_decay" }), { start_factor: 0.5 });
    expect(adam.param_groups[0]).toMatchObject({ weight_decay: 0.25, initial_weight_decay: 0.5 });
    new LinearLR(select(adam, { option: "momentum" }), { start_factor: 0.5 });
    expect(adam.param_groups[0]).toMatchObject({
      betas: [0.45, 0.999],
      initial_betas: [0.9, 0.999],
    });
    const sgd = new torch.optim.SGD(params(), { momentum: 0.8 });
    new LinearLR(select(sgd, { option: "momentum" }), { start_factor: 0.5 });
    expect(sgd.param_groups[0]).toMatchObject({ momentum: 0.4, initial_momentum: 0.8 });
    expect(sgd.param_groups[0]).not.toHaveProperty("initial_lr");
  });

  test("leaves betas that groups share to the others", () => {
    const betas: [number, number] = [0.9, 0.99];
    const optimizer = {
      param_groups: [
        { lr: 1, betas },
        { lr: 1, betas },
      ],
    };
    new LinearLR(select(optimizer, { option: "momentum", groups: [1] }), { start_factor: 0.5 });
    expect(optimizer.param_groups.map((group) => group.betas[0])).toEqual([0.9, 0.45]);
  });

  test("shows a selection of lrs the momentum, and one of another option none", () => {
    const optimizer = new torch.optim.SGD([{ params: params() }, { params: params() }], {
      lr: 0.1,
      momentum: 0.9,
      weight_decay: 0.1,
    });
    const options = { base_lr: 0.1, max_lr: 0.4, step_size_up: 2 };
    new CyclicLR(select(optimizer, { groups: [1] }), options);
    expect(optimizer.param_groups.map(({ momentum }) => momentum)).toEqual([0.9, 0.9]);
    const decay = select(optimizer, { option: "weight_decay" });
    expect(() => new CyclicLR(decay, options)).toThrow(
      "CyclicLR: cycle_momentum must be false for an optimizer without momentum",
    );
    const cyclic = new CyclicLR(decay, { ...options, cycle_momentum: false });
    cyclic.step();
    expect(optimizer.param_groups.map(({ weight_decay }) => weight_decay)).toEqual([0.25, 0.25]);
  });

  test("refuses what contradicts another option of the group, with nothing moved", () => {
    const optimizer = new torch.optim.SGD(params(), { lr: 0.1, momentum: 0.9, nesterov: true });
    const momentum = select(optimizer, { option: "momentum" });
    const scheduler = new SequentialLR(momentum, {
      schedulers: [
        new LinearLR(momentum, { total_iters: 1 }),
        new CosineAnnealingLR(momentum, { T_max: 1 }),
      ],
      milestones: [1],
    });
    scheduler.step();
    const before = [scheduler.state_dict(), { ...optimizer.param_groups[0] }];
    expect(() => scheduler.step()).toThrow(
      "SequentialLR: momentum of parameter group 0 at epoch 2 is refused, got 0; SGD: nesterov must be",
    );
    expect([scheduler.state_dict(), { ...optimizer.param_groups[0] }]).toEqual(before);
  });

  test("refuses what there is nothing to select by", () => {
    const optimizer = new torch.optim.Muon([new torch.Parameter([1, 2, 3, 4], [2, 2])]);
    const selection = select(optimizer, { option: "weight_decay" });
    const cases: [unknown, object, string][] = [
      [
        optimizer,
        { option: "weight_dekay" },
        'select: option must be one that parameter group 0 has as a finite number, and no count, got "weight_dekay"',
      ],
      [
        optimizer,
        { option: "ns_steps" },
        'select: option must be one that parameter group 0 has as a finite number, and no count, got "ns_steps"',
      ],
      [
        optimizer,
        { option: "params" },
        'select: option must be one that parameter group 0 has as a finite number, and no count, got "params"',
      ],
      [optimizer, { option: 5 }, "select: option must be a string, got 5"],
      [
        optimizer,
        { groups: [] },
        "select: groups must be a list of at least one index or name, got []",
      ],
      [optimizer, { groups: [1] }, "select: groups must be groups that the optimizer has, got [1]"],
      [
        optimizer,
        { groups: ["xyz"] },
        'select: groups must be groups that the optimizer has, got ["xyz"]',
      ],
      [
        optimizer,
        { groups: [0.5] },
        "select: groups must be a list of at least one index or name, got [0.5]",
      ],
      [
        optimizer,
        { group: [0] },
        "select: group is not an option; the options are: option, groups",
      ],
      [selection, { option: "lr" }, "select: optimizer must be no selection, got one"],
      [{}, {}, "select: optimizer must be an object with param_groups, got an object"],
    ];
    for (const [from, options, message] of cases) {
      expect(thrown(() => select(from as Optimizer, options)).message).toBe(message);
    }
  });

  test("works on any optimizer's groups, and asks of their values that they are finite", () => {
    const optimizer = { param_groups: [{ lr: 1, temperature: 2 }] };
    const temperature = select(optimizer, { option: "temperature" });
    const scheduler = new LambdaLR(temperature, {
      lr_lambda: (epoch) => (epoch < 2 ? epoch : 1 / 0),
    });
    scheduler.step();
    expect(optimizer.param_groups[0]).toMatchObject({ lr: 1, temperature: 2 });
    expect(() => scheduler.step()).toThrow(
      "LambdaLR: temperature of parameter group 0 at epoch 2 must be a finite number, got Infinity",
    );
  });
});
