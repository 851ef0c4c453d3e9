import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_tree, planned_tree } from "../../support/arbitrary.ts";
import { follow, lrs_of, metric_at, momenta_of, schedulable } from "../../support/curve.ts";
import { thrown } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const {
  ChainedScheduler,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  OneCycleLR,
  RampLR,
  Recipe,
  ReduceLROnPlateau,
  select,
} = torch.optim.lr_scheduler;

const EPOCHS = 14;

/** Two groups with an lr, a weight decay of their own, and a momentum that stays. */
function optimizer_of() {
  return {
    param_groups: [
      { lr: 1, weight_decay: 0.5, momentum: 0.9 },
      { lr: 0.3, weight_decay: 0, momentum: 0.9 },
    ],
  };
}

function picture(optimizer: Optimizer, recipe: torch.optim.Recipe) {
  const epochs = recipe.schedules.map(({ last_epoch }) => last_epoch);
  return structuredClone([optimizer.param_groups, recipe.state_dict(), recipe.last_epoch, epochs]);
}

function without_momentum(spec: Spec): Spec {
  const { schedulers } = spec;
  const is_cyclic = /^(Cyclic|OneCycle)LR$/.test(spec.type);
  return {
    ...spec,
    ...(is_cyclic ? { cycle_momentum: false } : {}),
    ...(schedulers ? { schedulers: schedulers.map(without_momentum) } : {}),
  };
}

/** One schedule wants to end below every base value, of which some are 0 here. */
function can_be_0(spec: Spec): boolean {
  return !JSON.stringify(spec).includes("PolynomialDecay");
}

const for_decay = any_tree.map(without_momentum).filter(can_be_0);
const planned_for_decay = planned_tree.map(without_momentum).filter(can_be_0);

function recipe_of(optimizer: Optimizer, lr: Spec, decay: Spec, options: object = {}) {
  const weight_decay = select(optimizer, { option: "weight_decay" });
  const schedules = [build(optimizer, lr), build(weight_decay, decay)];
  return new Recipe(optimizer, { schedules, ...options });
}

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a Recipe", () => {
  test("moves each option as its schedule alone would", () => {
    fc.assert(
      fc.property(any_tree, for_decay, (lr, decay) => {
        const optimizer = optimizer_of();
        const recipe = recipe_of(optimizer, lr, decay);
        const lrs = follow(build(schedulable([1, 0.3]), lr), EPOCHS);
        const decays = follow(build(schedulable([0.5, 0]), decay), EPOCHS).lrs;
        for (let epoch = 0; epoch <= EPOCHS; epoch++) {
          expect(recipe.last_epoch).toBe(epoch);
          expect(lrs_of(optimizer)).toEqual(lrs.lrs[epoch]);
          expect(momenta_of(optimizer)).toEqual(lrs.momenta[epoch]);
          expect(optimizer.param_groups.map((group) => group.weight_decay + 0)).toEqual(
            decays[epoch],
          );
          if (recipe.takes_metrics) recipe.step(metric_at(epoch));
          else recipe.step();
        }
      }),
      { numRuns: 100 },
    );
  });

  test("tells what is planned, by group and option", () => {
    fc.assert(
      fc.property(planned_tree, planned_for_decay, fc.nat(EPOCHS), (lr, decay, done) => {
        const optimizer = optimizer_of();
        const recipe = recipe_of(optimizer, lr, decay);
        for (let epoch = 0; epoch < done; epoch++) recipe.step();
        const before = picture(optimizer, recipe);
        const cycles = recipe.schedules[0].motion.momenta !== undefined;
        for (const [g, values] of recipe.values_at(done).entries()) {
          const { momentum, ...in_force } = optimizer.param_groups[g];
          expect(Object.keys(values).sort()).toEqual([
            "lr",
            ...(cycles ? ["momentum"] : []),
            "weight_decay",
          ]);
          expect(values.lr).toBeCloseTo(in_force.lr, 11);
          expect(values.weight_decay).toBeCloseTo(in_force.weight_decay, 11);
          if (cycles) expect(values.momentum).toBeCloseTo(momentum, 11);
        }
        expect(picture(optimizer, recipe)).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  test("says nothing of groups that nothing moves, and names options as select does", () => {
    const optimizer = new torch.optim.Adam(
      ["a", "b", "c"].map((name) => ({ params: [new torch.Parameter([1])], name })) as never,
      { lr: 1 },
    );
    const schedules = [
      new LinearLR(select(optimizer, { groups: ["a"] }), { start_factor: 0.5, total_iters: 2 }),
      new LinearLR(select(optimizer, { option: "momentum", groups: [2] }), {
        start_factor: 0.5,
        total_iters: 2,
      }),
    ];
    const recipe = new Recipe(optimizer, { schedules });
    expect(recipe.values_at(0)).toEqual([{ lr: 0.5 }, {}, { momentum: 0.45 }]);
    expect(recipe.values_at(2)).toEqual([{ lr: 1 }, {}, { momentum: 0.9 }]);
    expect(() => recipe.values_at(0.5)).toThrow(RangeError);
  });

  test("goes on from its state through JSON, and from last_epoch", () => {
    fc.assert(
      fc.property(planned_tree, planned_for_decay, fc.nat(EPOCHS), (lr, decay, done) => {
        const optimizer = optimizer_of();
        const recipe = recipe_of(optimizer, lr, decay);
        for (let epoch = 0; epoch < done; epoch++) recipe.step();
        const state = JSON.parse(JSON.stringify(recipe.state_dict()));
        expect(Object.keys(state)).toEqual(["last_epoch", "_schedules"]);
        const other = optimizer_of();
        const twin = recipe_of(other, lr, decay);
        twin.load_state_dict(state);
        expect(picture(other, twin)).toEqual(picture(optimizer, recipe));
        recipe.step();
        twin.step();
        expect(picture(other, twin)).toEqual(picture(optimizer, recipe));

        const late = optimizer_of();
        const resumed = recipe_of(late, lr, decay, { last_epoch: done });
        expect(resumed.last_epoch).toBe(done + 1);
        for (const [g, group] of late.param_groups.entries()) {
          expect(group.lr).toBeCloseTo(optimizer.param_groups[g].lr, 11);
          expect(group.weight_decay).toBeCloseTo(optimizer.param_groups[g].weight_decay, 11);
        }
      }),
      { numRuns: 80 },
    );
  });

  test("puts its schedules at epoch 0, wherever they were", () => {
    const optimizer = optimizer_of();
    const schedule = new ExponentialLR(optimizer, { gamma: 0.5 });
    schedule.step();
    optimizer.param_groups[0].lr = 7;
    const recipe = new Recipe(optimizer, { schedules: [schedule] });
    expect(lrs_of(optimizer)).toEqual([1, 0.3]);
    expect([recipe.last_epoch, schedule.last_epoch]).toEqual([0, 0]);
  });

  test("is one step: where a schedule refuses, none has moved, and the step can be taken again", () => {
    const optimizer = optimizer_of();
    let is_broken = true;
    const lr = new ChainedScheduler(optimizer, {
      schedulers: [
        new OneCycleLR(optimizer, { max_lr: 1, total_steps: 9 }),
        new ExponentialLR(optimizer, { gamma: 0.5 }),
      ],
    });
    const weight_decay = new LambdaLR(select(optimizer, { option: "weight_decay" }), {
      lr_lambda(epoch) {
        if (epoch === 2 && is_broken) throw new Error("no factor");
        return 1 / (1 + epoch);
      },
    });
    const recipe = new Recipe(optimizer, { schedules: [lr, weight_decay] });
    recipe.step();
    const before = picture(optimizer, recipe);
    expect(() => recipe.step()).toThrow("no factor");
    expect(picture(optimizer, recipe)).toEqual(before);
    is_broken = false;
    recipe.step();
    expect(optimizer.param_groups[0].weight_decay).toBe(0.5 / 3);
    for (const [g, planned] of lr.lr_at(2).entries()) {
      expect(optimizer.param_groups[g].lr).toBeCloseTo(planned, 14);
    }
  });

  test("asks for a metric where a schedule needs one, and gives it to that alone", () => {
    const optimizer = optimizer_of();
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 });
    const decay = new LinearLR(select(optimizer, { option: "weight_decay" }), { total_iters: 2 });
    const recipe = new Recipe(optimizer, { schedules: [decay, plateau] });
    expect(recipe.takes_metrics).toBe(true);
    const before = picture(optimizer, recipe);
    expect(() => recipe.step()).toThrow("Recipe: metric must be a number, got undefined");
    expect(picture(optimizer, recipe)).toEqual(before);
    for (const metric of [1, 2, 2]) recipe.step(metric);
    expect(lrs_of(optimizer)).toEqual([0.25, 0.075]);
    expect(() => recipe.values_at(1)).toThrow("metrics decide");
    const plain = new Recipe(optimizer, { schedules: [decay] });
    expect(() => plain.step(1)).toThrow(
      "Recipe: metric must be left out, as no schedule takes one, got 1",
    );
  });

  test("takes in groups that are added, where its schedules do", () => {
    const optimizer = optimizer_of();
    const schedules = [
      new ExponentialLR(optimizer, { gamma: 0.5 }),
      new ExponentialLR(select(optimizer, { option: "weight_decay", groups: [0] }), { gamma: 0.5 }),
    ];
    const recipe = new Recipe(optimizer, { schedules });
    recipe.step();
    optimizer.param_groups.push({ lr: 4, weight_decay: 4, momentum: 0 });
    recipe.step();
    expect(optimizer.param_groups[2]).toMatchObject({ lr: 1, weight_decay: 4 });
    expect(recipe.values_at(2)).toEqual([
      { lr: 0.25, weight_decay: 0.125 },
      { lr: 0.075 },
      { lr: 1 },
    ]);
  });

  test("warns once where the optimizer was never stepped", () => {
    const optimizer = new torch.optim.SGD([new torch.Parameter([1])], { lr: 1 });
    const recipe = new Recipe(optimizer, {
      schedules: [new ExponentialLR(optimizer, { gamma: 0.9 })],
    });
    recipe.step();
    recipe.step();
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      ["Recipe: step() came before optimizer.step()"],
    ]);
  });

  test("refuses schedules that would move the same option, and what is none", () => {
    const optimizer = new torch.optim.SGD(
      ["a", "b"].map((name) => ({ params: [new torch.Parameter([1])], name })) as never,
      { lr: 1, momentum: 0.5 },
    );
    const linear = (options?: torch.optim.SelectOptions) =>
      new LinearLR(select(optimizer, options));
    const cycle = () => new OneCycleLR(optimizer, { max_lr: 1, total_steps: 9 });
    const momentum = () =>
      new RampLR(select(optimizer, { option: "momentum", groups: [1] }), {
        end_factor: 1,
        total_iters: 3,
      });
    const stranger = new LinearLR(schedulable());
    const wanted = "Recipe: schedules must";
    const cases: [() => unknown, string][] = [
      [
        () => [linear(), linear({ groups: ["b"] })],
        `${wanted} move each option of a group once, got lr of parameter group 1 twice`,
      ],
      [
        () => [linear({ groups: [0] }), linear({ groups: ["a"] })],
        `${wanted} move each option of a group once, got lr of parameter group 0 twice`,
      ],
      [
        () => [cycle(), momentum()],
        `${wanted} move each option of a group once, got momentum of parameter group 1 twice`,
      ],
      [() => [stranger], `${wanted} be of its optimizer, got one of another`],
      [() => [], `${wanted} be a list of at least one scheduler, got []`],
      [() => [5], `${wanted} be a list of at least one scheduler, got [5]`],
      [() => undefined, `${wanted} be a list of at least one scheduler, got undefined`],
    ];
    for (const [schedules, message] of cases) {
      const act = () => new Recipe(optimizer, { schedules: schedules() as never });
      expect(thrown(act).message).toBe(message);
    }
    expect(thrown(() => new Recipe({} as never, { schedules: [linear()] })).message).toBe(
      "Recipe: optimizer must be an object with param_groups, got an object",
    );
  });

  test("stands in no composite", () => {
    const optimizer = optimizer_of();
    const recipe = new Recipe(optimizer, { schedules: [new LinearLR(optimizer)] });
    expect(() => new ChainedScheduler(optimizer, { schedulers: [recipe as never] })).toThrow(
      "ChainedScheduler: schedulers must be a list of at least one scheduler, got [an object]",
    );
  });

  test("refuses a wrong state by its key, with nothing changed", () => {
    const optimizer = optimizer_of();
    const make = (o: Optimizer) =>
      new Recipe(o, {
        schedules: [
          new CosineAnnealingLR(o, { T_max: 5 }),
          new LinearLR(select(o, { option: "weight_decay" })),
        ],
      });
    const recipe = make(optimizer);
    recipe.step();
    const other = make(optimizer_of());
    other.step();
    other.step();
    type State = { last_epoch: unknown; _schedules: { last_epoch: number; T_max?: unknown }[] };
    const cases: [(state: State) => void, string][] = [
      [
        (state) => Object.assign(state, { last_epoch: -1 }),
        "Recipe: state_dict.last_epoch must be a whole number of at least 0, got -1",
      ],
      [
        (state) => state._schedules.pop(),
        "Recipe: state_dict._schedules must be a list of 2 states, got [an object]",
      ],
      [
        (state) => Object.assign(state, { last_epoch: 3 }),
        "Recipe: state_dict._schedules[0].last_epoch must be 3, as around it, got 2",
      ],
      [
        (state) => Object.assign(state._schedules[1], { last_epoch: -3 }),
        "LinearLR: state_dict.last_epoch must be a finite number of at least -1, got -3",
      ],
      [
        (state) => Object.assign(state._schedules[0], { T_max: 0 }),
        "CosineAnnealingLR: state_dict.T_max must be a whole number of at least 1, got 0",
      ],
    ];
    const before = picture(optimizer, recipe);
    for (const [change, message] of cases) {
      const state = JSON.parse(JSON.stringify(other.state_dict()));
      change(state);
      expect(thrown(() => recipe.load_state_dict(state)).message).toBe(message);
      expect(picture(optimizer, recipe)).toEqual(before);
    }
    expect(thrown(() => recipe.load_state_dict(5 as never)).message).toBe(
      "Recipe: state_dict must be an object, got 5",
    );
  });
});
