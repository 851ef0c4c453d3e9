import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { lrs_of, schedulable } from "../../support/curve.ts";
import { expect_refusal, thrown } from "../../support/refusal.ts";
import { build, classes, type Spec } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const {
  ChainedScheduler,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  OneCycleLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = torch.optim.lr_scheduler;

/** Values as they are and as a sentence shows them. */
type Shown = readonly (readonly [unknown, string])[];

const no_number: Shown = [
  [Number.NaN, "NaN"],
  [Infinity, "Infinity"],
  [-Infinity, "-Infinity"],
  ["1", '"1"'],
  [true, "true"],
  [{}, "an object"],
  [1n, "1"],
];
const no_whole_number: Shown = [...no_number, [1.5, "1.5"], [2 ** 53, "9007199254740992"]];
const no_list: Shown = [
  [[1], "[1]"],
  [[1, 2, 3], "[1, 2, 3]"],
  [["1", 1], '["1", 1]'],
  [new Array(2), "[undefined, undefined]"],
];
const no_boolean: Shown = [
  [1, "1"],
  ["true", '"true"'],
  [null, "null"],
];
const no_choice: Shown = [
  ["", '""'],
  [0, "0"],
  [null, "null"],
  [["min"], '["min"]'],
];
const no_function: Shown = [
  [1, "1"],
  ["t => t", '"t => t"'],
  [[() => 1], "[a function]"],
  [[() => 1, 1], "[a function, 1]"],
];

/** An option: what it must be, and what is refused. */
const finite = (range: string, ...out: number[]) =>
  [`a finite number${range}`, [...no_number, ...out.map((x) => [x, `${x}`] as const)]] as const;
const whole = (range: string, ...out: number[]) =>
  [
    `a whole number${range}`,
    [...no_whole_number, ...out.map((x) => [x, `${x}`] as const)],
  ] as const;
const per_group = ([expected, wrong]: readonly [string, Shown]) =>
  [`${expected}, or a list with one for each parameter group`, [...wrong, ...no_list]] as const;
const or_null = ([expected, wrong]: readonly [string, Shown]) =>
  [`${expected} or null`, wrong] as const;
const at_least_0 = finite(" of at least 0", -1e-9);
const share = finite(" of at least 0 and of at most 1", -0.1, 1.1);
const lambda = per_group(["a function", no_function]);
const boolean = ["true or false", no_boolean] as const;

const options: Record<string, [good: object, table: Record<string, readonly [string, Shown]>]> = {
  ConstantLR: [{}, { factor: share, total_iters: whole(" of at least 0", -1) }],
  LinearLR: [
    {},
    {
      start_factor: share,
      end_factor: share,
      total_iters: whole(" of at least 0", -1),
    },
  ],
  ExponentialLR: [{ gamma: 0.9 }, { gamma: at_least_0 }],
  StepLR: [{ step_size: 2 }, { step_size: whole(" of at least 1", 0), gamma: at_least_0 }],
  MultiStepLR: [
    { milestones: [2] },
    {
      milestones: [
        "a list of whole numbers from 0 on",
        [
          [2, "2"],
          [[-1], "[-1]"],
          [[1.5], "[1.5]"],
          [["1"], '["1"]'],
          [new Array(1), "[undefined]"],
        ],
      ],
      gamma: at_least_0,
    },
  ],
  PolynomialLR: [{}, { total_iters: whole(" of at least 1", 0), power: at_least_0 }],
  CosineAnnealingLR: [{ T_max: 9 }, { T_max: whole(" of at least 1", 0), eta_min: at_least_0 }],
  CosineAnnealingWarmRestarts: [
    { T_0: 9 },
    {
      T_0: whole(" of at least 1", 0),
      T_mult: whole(" of at least 1", 0),
      eta_min: at_least_0,
    },
  ],
  LambdaLR: [{ lr_lambda: () => 1 }, { lr_lambda: lambda }],
  MultiplicativeLR: [{ lr_lambda: () => 1 }, { lr_lambda: lambda }],
  CyclicLR: [
    { base_lr: 0.1, max_lr: 1 },
    {
      base_lr: per_group(at_least_0),
      max_lr: per_group(at_least_0),
      step_size_up: whole(" of at least 1", 0),
      step_size_down: or_null(whole(" of at least 0", -1)),
      mode: ['one of "triangular", "triangular2", "exp_range"', no_choice],
      gamma: at_least_0,
      scale_fn: or_null(["a function", no_function]),
      scale_mode: ['one of "cycle", "iterations"', no_choice],
      cycle_momentum: boolean,
      base_momentum: per_group(at_least_0),
      max_momentum: per_group(at_least_0),
    },
  ],
  OneCycleLR: [
    { max_lr: 1, total_steps: 9 },
    {
      max_lr: per_group(at_least_0),
      total_steps: or_null(whole(" of at least 1", 0)),
      epochs: or_null(whole(" of at least 1", 0)),
      steps_per_epoch: or_null(whole(" of at least 1", 0)),
      pct_start: share,
      anneal_strategy: ['one of "cos", "linear"', no_choice],
      cycle_momentum: boolean,
      base_momentum: per_group(at_least_0),
      max_momentum: per_group(at_least_0),
      div_factor: finite(" above 0", 0),
      final_div_factor: finite(" above 0", 0),
      three_phase: boolean,
    },
  ],
  ReduceLROnPlateau: [
    {},
    {
      mode: ['one of "min", "max"', no_choice],
      factor: finite(" of at least 0 and below 1", -0.1, 1),
      patience: whole(" of at least 0", -1),
      threshold: at_least_0,
      threshold_mode: ['one of "rel", "abs"', no_choice],
      cooldown: whole(" of at least 0", -1),
      min_lr: per_group(at_least_0),
      eps: at_least_0,
    },
  ],
};

/** Numbers are out of range where numbers can stand, and anywhere else the wrong kind of thing. */
function error_of(expected: string, value: unknown): ErrorConstructor {
  const is_listed = Array.isArray(value);
  const can_stand = /number/.test(expected) && (is_listed || !expected.startsWith("a list"));
  const are_numbers = (is_listed ? [...value] : [value]).every((item) => typeof item === "number");
  return can_stand && are_numbers ? RangeError : TypeError;
}

/** An optimizer of two groups that some other scheduler is at work on. */
function in_use(): [Optimizer, torch.optim.LRScheduler] {
  const optimizer = schedulable([1, 0.3]);
  const other = new ExponentialLR(optimizer, { gamma: 0.9 });
  other.step();
  return [optimizer, other];
}

describe("options", () => {
  for (const [name, [good, table]] of Object.entries(options)) {
    test.each(Object.entries(table))(`${name} refuses a wrong %s`, (option, [expected, wrong]) => {
      for (const [value, shown] of wrong) {
        const [optimizer, other] = in_use();
        const act = () => new classes[name](optimizer, { ...good, [option]: value });
        const message = `${name}: ${option} must be ${expected}, got ${shown}`;
        expect_refusal(act, error_of(expected, value), message, optimizer, other);
      }
    });

    test(`${name} refuses what is no option, wrong epochs and wrong options`, () => {
      const [optimizer, other] = in_use();
      const refuses = (given: unknown, error: ErrorConstructor, message: string) =>
        expect_refusal(
          () => new classes[name](optimizer, given),
          error,
          `${name}: ${message}`,
          optimizer,
          other,
        );
      const names = Object.keys(table).join(", ");
      for (const key of ["gama", "verbose", "optimizer", "toString"]) {
        const message = `${key} is not an option; the options are: ${names}`;
        refuses({ ...good, [key]: 1 }, TypeError, message);
      }
      refuses(
        JSON.parse('{ "__proto__": { "gamma": 1 } }'),
        TypeError,
        `__proto__ is not an option; the options are: ${names}`,
      );
      for (const [last_epoch, shown] of [...no_whole_number, [-2, "-2"], [null, "null"]] as Shown) {
        const message = `last_epoch must be a whole number of at least -1, got ${shown}`;
        refuses({ ...good, last_epoch }, error_of("number", last_epoch), message);
      }
      for (const [given, shown] of [
        [null, "null"],
        [0.9, "0.9"],
        [[], "[]"],
        ["a", '"a"'],
      ] as Shown) {
        refuses(given, TypeError, `options must be an object, got ${shown}`);
      }
    });
  }

  test.each(
    Object.entries(options).flatMap(([name, [good, table]]) =>
      Object.keys(good).map((option) => [name, option, table[option][0]] as const),
    ),
  )("%s needs %s", (name, option, expected) => {
    if (option === "total_steps") return;
    const { [option]: _, ...rest } = options[name][0] as Record<string, unknown>;
    const message = `${name}: ${option} must be ${expected}, got undefined`;
    expect_refusal(() => new classes[name](schedulable(), rest), TypeError, message, schedulable());
  });

  test("OneCycleLR needs a cycle that has a length and a rise", () => {
    const neither =
      "OneCycleLR: total_steps must be a whole number of at least 1, or epochs and " +
      "steps_per_epoch must be given, got neither";
    for (const given of [{}, { total_steps: null }, { epochs: 3 }, { steps_per_epoch: 3 }]) {
      const refusal = thrown(() => new OneCycleLR(schedulable(), { max_lr: 1, ...given }));
      expect(refusal).toBeInstanceOf(TypeError);
      expect(refusal.message).toBe(neither);
    }
    const refusal = thrown(() => new OneCycleLR(schedulable(), { max_lr: 1, total_steps: 3 }));
    expect(refusal).toBeInstanceOf(RangeError);
    expect(refusal.message).toBe(
      "OneCycleLR: pct_start must be above 1 / total_steps, so that the lr has a step to rise, got 0.3 with 3 steps",
    );
  });

  test.each(["CyclicLR", "OneCycleLR"])("%s cycles no momentum that is not there", (name) => {
    const optimizer = schedulable([1, 0.3], {});
    const act = () => new classes[name](optimizer, options[name][0]);
    const message = `${name}: cycle_momentum must be false for an optimizer without momentum or betas, got true, and parameter group 0 has neither`;
    expect_refusal(act, TypeError, message, optimizer);
  });
});

describe("optimizers", () => {
  test.each([
    [undefined, "undefined"],
    [null, "null"],
    [{}, "an object"],
    [{ param_groups: {} }, "an object"],
    [[{ lr: 1 }], "[an object]"],
  ])("%o is none", (optimizer, shown) => {
    const refusal = thrown(() => new classes.LinearLR(optimizer));
    expect(refusal).toBeInstanceOf(TypeError);
    expect(refusal.message).toBe(
      `LinearLR: optimizer must be an object with param_groups, got ${shown}`,
    );
  });

  const wrong: Shown = [...no_number, [-1, "-1"]];
  test.each(["LinearLR", "CyclicLR", "ReduceLROnPlateau"])("%s refuses a wrong lr", (name) => {
    for (const key of ["lr", "initial_lr"]) {
      for (const [value, shown] of wrong) {
        const optimizer = schedulable([1, 0.3]);
        Object.assign(optimizer.param_groups[1], { [key]: value });
        const message = `${name}: ${key} of parameter group 1 must be a finite number of at least 0, got ${shown}`;
        const act = () => new classes[name](optimizer, options[name][0]);
        expect_refusal(act, error_of("number", value), message, optimizer);
      }
    }
    for (const group of [null, undefined, 1, {}]) {
      const act = () => new classes[name]({ param_groups: [group] }, options[name][0]);
      expect(thrown(act).message).toBe(
        `${name}: lr of parameter group 0 must be a finite number of at least 0, got undefined`,
      );
    }
  });
});

describe("compositions", () => {
  const linear = (optimizer: Optimizer) => new LinearLR(optimizer);
  const stranger = linear(schedulable());

  const refused: [string, (optimizer: Optimizer) => [string, object], ErrorConstructor, string][] =
    [
      ...["SequentialLR", "ChainedScheduler"].flatMap((name): typeof refused => {
        const milestones = name === "SequentialLR" ? { milestones: [] } : {};
        const of = (make: (optimizer: Optimizer) => unknown) => (optimizer: Optimizer) =>
          [name, { schedulers: make(optimizer), ...milestones }] as [string, object];
        const wanted = `${name}: schedulers must be a list of at least one scheduler, got`;
        return [
          ["no schedulers", of(() => []), RangeError, `${wanted} []`],
          ["a number", of(() => 5), TypeError, `${wanted} 5`],
          ["numbers", of(() => [5]), TypeError, `${wanted} [5]`],
          ["no list", of(linear), TypeError, `${wanted} an object`],
          ["nothing", of(() => undefined), TypeError, `${wanted} undefined`],
          ["what is no scheduler", of(() => [{}]), TypeError, `${wanted} [an object]`],
          ["a hole", of(() => new Array(1)), TypeError, `${wanted} [undefined]`],
          [
            "another optimizer's scheduler",
            of(() => [stranger]),
            Error,
            `${name}: schedulers must have its own optimizer, got a LinearLR of another`,
          ],
          [
            "one scheduler twice",
            of((optimizer) => Array(2).fill(linear(optimizer))),
            Error,
            `${name}: schedulers must stand in it once each, got the same LinearLR twice`,
          ],
          [
            "one scheduler twice, deep inside",
            of((optimizer) => {
              const one = linear(optimizer);
              const chain = new ChainedScheduler(optimizer, { schedulers: [one] });
              const sequence = new SequentialLR(optimizer, { schedulers: [chain], milestones: [] });
              return [sequence, one];
            }),
            Error,
            `${name}: schedulers must stand in it once each, got the same LinearLR twice`,
          ],
        ];
      }),
      ...(
        [
          [[], Error, "1 for 2 schedulers, got 0"],
          [[1, 2], Error, "1 for 2 schedulers, got 2"],
          [[3, 3], RangeError, "strictly increasing whole numbers from 0 on, got [3, 3]"],
          [[6, 3], RangeError, "strictly increasing whole numbers from 0 on, got [6, 3]"],
          [[-1], RangeError, "strictly increasing whole numbers from 0 on, got [-1]"],
          [[2.5], RangeError, "strictly increasing whole numbers from 0 on, got [2.5]"],
          [[Number.NaN], RangeError, "strictly increasing whole numbers from 0 on, got [NaN]"],
          [["3"], TypeError, 'strictly increasing whole numbers from 0 on, got ["3"]'],
          [3, TypeError, "strictly increasing whole numbers from 0 on, got 3"],
          [undefined, TypeError, "strictly increasing whole numbers from 0 on, got undefined"],
        ] as const
      ).map(([milestones, error, message]): (typeof refused)[number] => [
        `milestones ${JSON.stringify(milestones)}`,
        (optimizer) => {
          const schedulers = [linear(optimizer), linear(optimizer)];
          return ["SequentialLR", { schedulers, milestones }];
        },
        error,
        `SequentialLR: milestones must be ${message}`,
      ]),
    ];
  test.each(refused)("refuse %s", (_, make, error, message) => {
    const optimizer = schedulable([1, 0.3]);
    const [name, given] = make(optimizer);
    expect_refusal(() => new classes[name](optimizer, given), error, message, optimizer);
  });
});

describe("steps", () => {
  const plateau: Spec = { type: "ReduceLROnPlateau" };
  const decay: Spec = { type: "ExponentialLR", gamma: 0.9 };
  const cycle: Spec = { type: "OneCycleLR", max_lr: 1, total_steps: 4, pct_start: 0.5 };
  const sequence = (milestones: number[], ...schedulers: Spec[]): Spec => ({
    type: "SequentialLR",
    schedulers,
    milestones,
  });
  const chain = (...schedulers: Spec[]): Spec => ({ type: "ChainedScheduler", schedulers });

  test.each<[Spec, unknown, string]>([
    [plateau, undefined, "ReduceLROnPlateau: metrics must be a number, got undefined"],
    [plateau, "0.5", 'ReduceLROnPlateau: metrics must be a number, got "0.5"'],
    [sequence([], plateau), undefined, "SequentialLR: metric must be a number, got undefined"],
    [
      sequence([5], chain(decay, plateau), decay),
      undefined,
      "SequentialLR: metric must be a number, got undefined",
    ],
    [
      chain(decay, sequence([5], plateau, decay)),
      null,
      "ChainedScheduler: metric must be a number, got null",
    ],
    [sequence([5], decay, plateau), "1", 'SequentialLR: metric must be a number, got "1"'],
    [
      sequence([5], decay, decay),
      1,
      "SequentialLR: metric must be left out, as no scheduler takes one, got 1",
    ],
    [
      chain(decay),
      1,
      "ChainedScheduler: metric must be left out, as no scheduler takes one, got 1",
    ],
    [decay, "1", 'ExponentialLR: epoch must be a finite number of at least 0, got "1"'],
    [decay, null, "ExponentialLR: epoch must be a finite number of at least 0, got null"],
  ])("%o with %o move nothing", (spec, metric, message) => {
    const optimizer = schedulable([1, 0.3]);
    const scheduler = build(optimizer, spec);
    const act = () => scheduler.step(metric as number);
    expect_refusal(act, TypeError, message, optimizer, scheduler);
  });

  test.each<[Spec, number]>([
    [cycle, 4],
    [sequence([3], decay, cycle), 7],
    [sequence([2], decay, chain(decay, cycle)), 6],
    [chain(decay, sequence([2], decay, cycle), { type: "StepLR", step_size: 2 }), 6],
    [chain(sequence([2], decay, sequence([2], decay, cycle)), decay), 8],
  ])("%o past the end of the cycle move nothing anywhere", (spec, last) => {
    const optimizer = schedulable([1, 0.3]);
    const scheduler = build(optimizer, spec);
    for (let epoch = 0; epoch < last; epoch++) scheduler.step();
    const message = "OneCycleLR: step 5 is past the end of the cycle, total_steps is 4";
    for (let i = 0; i < 2; i++) {
      expect_refusal(() => scheduler.step(), RangeError, message, optimizer, scheduler);
      expect_refusal(() => scheduler.lr_at(last + 1), RangeError, message, optimizer, scheduler);
    }
  });

  test.each([LambdaLR, MultiplicativeLR])("a wrong factor moves nothing: %o", (Lambda) => {
    const optimizer = schedulable([1, 0.3]);
    let factor: unknown = 0.5;
    const scheduler = new Lambda(optimizer, { lr_lambda: () => factor as number });
    const name = Lambda.name;
    scheduler.step();
    for (const [wrong, shown] of [
      ["0.5", '"0.5"'],
      [Number.NaN, "NaN"],
      [undefined, "undefined"],
      [null, "null"],
    ] as Shown) {
      factor = wrong;
      const message = `${name}: lr_lambda(2) must return a number, got ${shown}`;
      const act = () => scheduler.step();
      expect_refusal(act, TypeError, message, optimizer, scheduler);
    }
    factor = 0.25;
    scheduler.step();
    expect(scheduler.last_epoch).toBe(2);
  });

  test.each<[Spec, unknown, string]>(
    [decay, sequence([3], decay, decay), chain(decay, decay)].flatMap((spec) =>
      (
        [
          [-1, "-1"],
          [1.5, "1.5"],
          [Number.NaN, "NaN"],
          ["3", '"3"'],
          [undefined, "undefined"],
          [2 ** 53, "9007199254740992"],
        ] as const
      ).map(([epoch, shown]): [Spec, unknown, string] => [
        spec,
        epoch,
        `${spec.type}: epoch must be a whole number of at least 0, got ${shown}`,
      ]),
    ),
  )("%o has no lr_at(%o)", (spec, epoch, message) => {
    const optimizer = schedulable([1, 0.3]);
    const scheduler = build(optimizer, spec);
    const error = typeof epoch === "number" ? RangeError : TypeError;
    const act = () => scheduler.lr_at(epoch as number);
    expect_refusal(act, error, message, optimizer, scheduler);
  });

  test("an epoch that only steps lead to is refused where they would take for ever", () => {
    const optimizer = schedulable([1]);
    const scheduler = new MultiplicativeLR(optimizer, { lr_lambda: () => 0.9 });
    const message =
      "MultiplicativeLR: epoch 1000000000000 takes 1000000000001 steps to replay, more than 10000000; load a state that was saved there";
    expect_refusal(() => scheduler.lr_at(1e12), RangeError, message, optimizer, scheduler);
    expect(scheduler.lr_at(2)[0]).toBeCloseTo(0.81, 15);
  });

  test("where metrics decide, only the lr of a plateau's epoch 0 is known", () => {
    const optimizer = schedulable([1]);
    const scheduler = build(optimizer, sequence([2], decay, plateau));
    expect(scheduler.lr_at(2)).toEqual([1]);
    const message =
      "ReduceLROnPlateau: metrics decide the lr after epoch 0, so only a state from there can resume it";
    expect_refusal(() => scheduler.lr_at(3), Error, message, optimizer, scheduler);
    const act = () => build(optimizer, { ...plateau, last_epoch: 0 });
    expect_refusal(act, Error, message, optimizer, scheduler);
  });
});

describe("a constructor that refuses late", () => {
  test.each<[string, (optimizer: Optimizer) => unknown]>([
    ["past the end", (o) => new OneCycleLR(o, { max_lr: 1, total_steps: 9, last_epoch: 50 })],
    ["where metrics decide", (o) => new ReduceLROnPlateau(o, { last_epoch: 5 })],
    ["a wrong factor", (o) => new LambdaLR(o, { lr_lambda: () => "1" as never })],
    [
      "a wrong scale",
      (o) => new classes.CyclicLR(o, { base_lr: 0.1, max_lr: 1, scale_fn: () => undefined }),
    ],
  ])("leaves the parameter groups as they were: %s", (_, act) => {
    for (const own of [{ momentum: 0.9 }, { betas: [0.9, 0.99] as [number, number] }]) {
      const optimizer = schedulable([1], own);
      const refusal = thrown(() => act(optimizer));
      expect(refusal.message).toMatch(/^[A-Z]\w+: /);
      expect(optimizer.param_groups).toEqual([{ ...own, lr: 1 }]);
      new StepLR(optimizer, { step_size: 1 });
      expect(lrs_of(optimizer)).toEqual([1]);
    }
  });
});
