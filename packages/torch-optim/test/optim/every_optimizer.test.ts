import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { expect_close } from "../support/close.ts";
import { thrown } from "../support/refusal.ts";

type Optimizer = torch.optim.Optimizer;
type Group = { params: readonly torch.Parameter[]; [option: string]: unknown };
type OptimizerClass = new (
  params: readonly torch.Parameter[] | readonly Group[],
  options: object,
) => Optimizer;

const { SGD, Adam, AdamW, NAdam, RAdam, Adamax, Adagrad, Adadelta, RMSprop, Rprop, ASGD } =
  torch.optim as unknown as Record<string, OptimizerClass>;

/** Every optimizer that knows no shapes, with some options and with others in their place. */
const CLASSES: readonly [OptimizerClass, object, object][] = [
  [SGD, { momentum: 0.9 }, { lr: 0.2, momentum: 0.5, weight_decay: 0.1, nesterov: true }],
  [Adam, { amsgrad: true }, { lr: 0.2, betas: [0.5, 0.9], weight_decay: 0.1, maximize: true }],
  [AdamW, { amsgrad: true }, { lr: 0.2, betas: [0.5, 0.9], weight_decay: 0.1, maximize: true }],
  [NAdam, { weight_decay: 0.1 }, { lr: 0.2, momentum_decay: 0.1, decoupled_weight_decay: true }],
  [RAdam, { weight_decay: 0.1 }, { lr: 0.2, betas: [0.5, 0.9], decoupled_weight_decay: true }],
  [Adamax, {}, { lr: 0.2, betas: [0.5, 0.9], eps: 0.1, weight_decay: 0.1, maximize: true }],
  [Adagrad, {}, { lr: 0.2, lr_decay: 0.5, eps: 0.1, weight_decay: 0.1, maximize: true }],
  [Adadelta, {}, { lr: 2, rho: 0.5, eps: 0.1, weight_decay: 0.1, maximize: true }],
  [RMSprop, { centered: true, momentum: 0.9 }, { lr: 0.2, alpha: 0.4, momentum: 0.5, eps: 0.1 }],
  [Rprop, {}, { etas: [0.3, 2], step_sizes: [0.002, 0.011], maximize: true }],
  [ASGD, { t0: 2 }, { lr: 0.2, lambd: 0.5, alpha: 0.5, weight_decay: 0.1, maximize: true }],
];

const STEPS = 6;

/** Numbers without a pattern, alike in every run. */
const wave = (i: number, k: number) => Math.sin(1 + 7 * i + 13 * k);

const values = (size: number, from = 0) =>
  Array.from({ length: size }, (_, i) => wave(from + i, -1));

/** Does the steps from `begin` to before `end`; `from` counts the values that others have. */
function train(optimizer: Optimizer, begin: number, end: number, from = 0): void {
  for (let k = begin; k < end; k++) {
    let i = from;
    for (const { params } of optimizer.param_groups) {
      for (const param of params) param.grad = Array.from(param.data, () => wave(i++, k));
    }
    optimizer.step();
  }
}

function data_of(optimizer: Optimizer): number[] {
  return optimizer.param_groups.flatMap(({ params }) => params.flatMap(({ data }) => [...data]));
}

/** Another optimizer that goes on from where one is, with that state or with its own. */
function successor(
  Class: OptimizerClass,
  options: object,
  optimizer: Optimizer,
  state = optimizer.state_dict().state,
): Optimizer {
  const next = new Class([new torch.Parameter(data_of(optimizer))], options);
  const { param_groups } = next.state_dict();
  next.load_state_dict(JSON.parse(JSON.stringify({ state, param_groups })));
  return next;
}

describe.each(
  CLASSES.map(([Class, ...options]) => [Class.name, Class, ...options] as const),
)("%s", (name, Class, options, others) => {
  test.each([
    [Float32Array, 2e-6],
    [Float64Array, 0],
  ])("updates any number of values, each on its own, in a %o", (Data, tolerance) => {
    for (let size = 0; size <= 9; size++) {
      const row = values(size);
      const whole = new Class([new torch.Parameter(Data.from(row))], options);
      train(whole, 0, STEPS);
      const apart = row.flatMap((x, i) => {
        const single = new Class([new torch.Parameter(Data.of(x))], options);
        train(single, 0, STEPS, i);
        return data_of(single);
      });
      expect_close(data_of(whole), apart, 1, name, tolerance);
      expect(new Set([...Data.from(row), ...apart]).size).toBe(2 * size);
    }
  });

  test("passes over a parameter without a gradient", () => {
    const [first, second] = [values(3), values(3)].map((row) => new torch.Parameter(row));
    const optimizer = new Class([first, second], options);
    const before = optimizer.state_dict();
    first.grad = [1, 2, 3];
    optimizer.step();
    expect([...second.data]).toEqual(values(3));
    expect([...first.data]).not.toEqual(values(3));
    const after = optimizer.state_dict();
    expect(after.state[1]).toEqual(before.state[1]);
    expect(after.state[0]).not.toEqual(before.state[0]);
  });

  test("has in a group with options of its own an optimizer of its own", () => {
    const [first, second] = [0, 4].map((from) => new torch.Parameter(values(4, from)));
    const both = new Class([{ params: [first] }, { params: [second], ...others }], options);
    train(both, 0, STEPS);
    const apart = [options, { ...options, ...others }].flatMap((own, g) => {
      const optimizer = new Class([new torch.Parameter(values(4, 4 * g))], own);
      train(optimizer, 0, STEPS, 4 * g);
      return data_of(optimizer);
    });
    expect(data_of(both)).toEqual(apart);
  });

  test.each(
    Object.entries(others),
  )("takes %s: %j in mid-run from the next step on", (option, value) => {
    const optimizer = new Class([new torch.Parameter(values(5))], options);
    train(optimizer, 0, 3);
    const built = successor(Class, { ...options, [option]: value }, optimizer);
    const unchanged = successor(Class, options, optimizer);
    Object.assign(optimizer.param_groups[0], { [option]: value });
    for (const each of [optimizer, built, unchanged]) train(each, 3, STEPS);
    expect(data_of(optimizer)).toEqual(data_of(built));
    expect(data_of(optimizer)).not.toEqual(data_of(unchanged));
  });
});

describe("an option that is turned on in mid-run", () => {
  test.each<[OptimizerClass, object, string]>([
    [Adam, { amsgrad: true }, "max_exp_avg_sq"],
    [AdamW, { amsgrad: true }, "max_exp_avg_sq"],
    [RMSprop, { centered: true }, "grad_avg"],
    [RMSprop, { momentum: 0.9 }, "momentum_buffer"],
  ])("begins at 0: $name %o", (Class, turned_on, key) => {
    const optimizer = new Class([new torch.Parameter(values(3))], {});
    train(optimizer, 0, 3);
    const state = { 0: { ...optimizer.state_dict().state[0], [key]: [0, 0, 0] } };
    const from_zeros = successor(Class, turned_on, optimizer, state);
    const unchanged = successor(Class, {}, optimizer);
    Object.assign(optimizer.param_groups[0], turned_on);
    const resumed = successor(Class, turned_on, optimizer);
    for (const each of [optimizer, from_zeros, unchanged, resumed]) train(each, 3, STEPS);
    expect(data_of(optimizer)).toEqual(data_of(from_zeros));
    expect(data_of(resumed)).toEqual(data_of(from_zeros));
    expect(data_of(optimizer)).not.toEqual(data_of(unchanged));
  });

  test("begins like a new optimizer: SGD's momentum, in the run itself and in a resumed one", () => {
    const momentum = { momentum: 0.9, dampening: 0.5 };
    const optimizer = new SGD([new torch.Parameter(values(3))], { dampening: 0.5 });
    train(optimizer, 0, 3);
    const fresh = new SGD([new torch.Parameter(data_of(optimizer))], momentum);
    Object.assign(optimizer.param_groups[0], momentum);
    // A state that was saved while momentum was off, and had been on before.
    const paused = successor(SGD, { dampening: 0.5 }, optimizer, {
      0: { momentum_buffer: [1, 2, 3] },
    });
    Object.assign(paused.param_groups[0], momentum);
    for (const each of [optimizer, fresh, paused]) train(each, 3, STEPS);
    expect(data_of(optimizer)).toEqual(data_of(fresh));
    expect(data_of(paused)).toEqual(data_of(fresh));
  });
});

describe("Adagrad", () => {
  test("has its state from the start, each group from its own initial_accumulator_value", () => {
    const groups = [
      { params: [new torch.Parameter([1, 2])] },
      { params: [new torch.Parameter([3])], initial_accumulator_value: 0.5 },
    ];
    const optimizer = new Adagrad(groups, { initial_accumulator_value: 0.25 });
    optimizer.add_param_group({ params: [new torch.Parameter([4])] });
    expect(optimizer.state_dict().state).toEqual({
      0: { step: 0, sum: [0.25, 0.25] },
      1: { step: 0, sum: [0.5] },
      2: { step: 0, sum: [0.25] },
    });
  });

  test("begins anew what a state that it loads does not know", () => {
    const param = new torch.Parameter([1]);
    const optimizer = new Adagrad([param], { lr: 1 });
    const { param_groups } = optimizer.state_dict();
    optimizer.load_state_dict({ state: {}, param_groups });
    param.grad = [2];
    optimizer.step();
    expect(optimizer.state_dict().state).toEqual({ 0: { step: 1, sum: [4] } });
    expect(param.data[0]).toBeCloseTo(0, 9);
  });
});

test("RAdam never adapts its steps with a beta2 that makes the running square too short", () => {
  const optimizer = new RAdam([new torch.Parameter([0])], { lr: 1, betas: [0, 0.5] });
  for (let k = 0; k < 20; k++) {
    optimizer.param_groups[0].params[0].grad = [-0.25];
    optimizer.step();
  }
  expect(data_of(optimizer)).toEqual([5]);
});

describe("refuses in one clear sentence", () => {
  const BETAS = "two numbers from 0 to below 1";
  const ETAS = "a number above 0 and below 1, and one above 1";
  const at_least_0 = "a finite number of at least 0";

  test.each<[OptimizerClass, object, ErrorConstructor, string]>([
    [NAdam, { lr: -1 }, RangeError, `lr must be ${at_least_0}, got -1`],
    [NAdam, { betas: [0.9, 1] }, RangeError, `betas must be ${BETAS}, got [0.9, 1]`],
    [NAdam, { betas: [0.9] }, RangeError, `betas must be ${BETAS}, got [0.9]`],
    [NAdam, { momentum_decay: -0.1 }, RangeError, `momentum_decay must be ${at_least_0}, got -0.1`],
    [
      NAdam,
      { decoupled_weight_decay: "no" },
      TypeError,
      'decoupled_weight_decay must be true or false, got "no"',
    ],
    [RAdam, { betas: [-0.1, 0.9] }, RangeError, `betas must be ${BETAS}, got [-0.1, 0.9]`],
    [RAdam, { eps: -1e-8 }, RangeError, `eps must be ${at_least_0}, got -1e-8`],
    [Adamax, { weight_decay: -1 }, RangeError, `weight_decay must be ${at_least_0}, got -1`],
    [Adagrad, { lr_decay: -1 }, RangeError, `lr_decay must be ${at_least_0}, got -1`],
    [
      Adagrad,
      { initial_accumulator_value: -1 },
      RangeError,
      `initial_accumulator_value must be ${at_least_0}, got -1`,
    ],
    [
      Adadelta,
      { rho: 1.1 },
      RangeError,
      "rho must be a finite number of at least 0 and of at most 1, got 1.1",
    ],
    [RMSprop, { alpha: -0.1 }, RangeError, `alpha must be ${at_least_0}, got -0.1`],
    [RMSprop, { momentum: -1 }, RangeError, `momentum must be ${at_least_0}, got -1`],
    [RMSprop, { centered: "yes" }, TypeError, 'centered must be true or false, got "yes"'],
    [Rprop, { etas: [1, 1.2] }, RangeError, `etas must be ${ETAS}, got [1, 1.2]`],
    [Rprop, { etas: [0.5, 1] }, RangeError, `etas must be ${ETAS}, got [0.5, 1]`],
    [Rprop, { etas: [0, 1.2] }, RangeError, `etas must be ${ETAS}, got [0, 1.2]`],
    [Rprop, { step_sizes: [1] }, RangeError, "step_sizes must be two finite numbers, got [1]"],
    [ASGD, { t0: Number.NaN }, RangeError, "t0 must be a finite number, got NaN"],
    [ASGD, { lambd: "1" }, TypeError, 'lambd must be a finite number, got "1"'],
  ])("$name %o", (Class, options, error, sentence) => {
    const refusal = thrown(() => new Class([new torch.Parameter([1])], options));
    expect(refusal.message).toBe(`${Class.name}: ${sentence}`);
    expect(refusal.constructor).toBe(error);
  });

  test("a number in a state that is none, and changes nothing", () => {
    for (const [Class, key] of [
      [NAdam, "mu_product"],
      [ASGD, "eta"],
      [ASGD, "mu"],
    ] as const) {
      const optimizer = new Class([new torch.Parameter([1])], {});
      train(optimizer, 0, 1);
      const before = optimizer.state_dict();
      const state = { 0: { ...before.state[0], [key]: null } };
      const refusal = thrown(() => optimizer.load_state_dict({ ...before, state }));
      expect(refusal.message).toBe(
        `${Class.name}: state_dict.state[0].${key} must be a number, got null`,
      );
      expect(optimizer.state_dict()).toEqual(before);
    }
  });
});
