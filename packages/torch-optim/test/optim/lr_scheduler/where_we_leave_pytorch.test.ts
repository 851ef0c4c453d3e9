import { describe, expect, test } from "vitest";
import page from "../../../../../docs/from-pytorch.md?raw";
import * as torch from "../../../src/index.ts";
import pytorch from "../../fixtures/where_we_leave_pytorch.json";
import { curve, lrs_of, momenta_of, schedulable } from "../../support/curve.ts";
import { build, type Spec } from "../../support/spec.ts";

const {
  ChainedScheduler,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  LRScheduler,
  ReduceLROnPlateau,
  SequentialLR,
} = torch.optim.lr_scheduler;

const constant = (factor: number, total_iters: number): Spec => ({
  type: "ConstantLR",
  factor,
  total_iters,
});
const linear = (start_factor: number, total_iters: number): Spec => ({
  type: "LinearLR",
  start_factor,
  total_iters,
});
const exponential = (gamma: number): Spec => ({ type: "ExponentialLR", gamma });
const step_lr = (step_size: number, gamma: number): Spec => ({ type: "StepLR", step_size, gamma });
const cyclic: Spec = {
  type: "CyclicLR",
  base_lr: 0.1,
  max_lr: 0.4,
  step_size_up: 2,
  cycle_momentum: false,
};
const chained = (...schedulers: Spec[]): Spec => ({ type: "ChainedScheduler", schedulers });
const sequential = (milestones: number[], ...schedulers: Spec[]): Spec => ({
  type: "SequentialLR",
  schedulers,
  milestones,
});

/** The lr of the last group now, and after each of some steps, which may take metrics. */
function follow(
  scheduler: torch.optim.LRScheduler,
  steps: number,
  metric_at?: (epoch: number) => number,
): number[] {
  const { optimizer } = scheduler;
  const lr = () => lrs_of(optimizer).at(-1) as number;
  return [
    lr(),
    ...Array.from({ length: steps }, (_, epoch) => {
      scheduler.step(metric_at?.(epoch));
      return lr();
    }),
  ];
}

const milestones = (...list: number[]) => {
  const phases = Array.from({ length: list.length + 1 }, () => exponential(0.9));
  build(schedulable(), sequential(list, ...phases));
  return [];
};

/** What the library does in each row of the page. */
const OURS: Record<string, () => number[]> = {
  "Sequential([Constant(.1, 2), Chained([Step(2, .5), Exp(.9)])], [2])": () =>
    curve(sequential([2], constant(0.1, 2), chained(step_lr(2, 0.5), exponential(0.9))), 5),
  "Sequential([Constant(.1, 2), Sequential([Constant(.5, 2), Exp(.9)], [2])], [3])": () =>
    curve(
      sequential([3], constant(0.1, 2), sequential([2], constant(0.5, 2), exponential(0.9))),
      7,
    ),
  "Sequential([Sequential([Constant(.1, 2), Exp(.9)], [2]), Constant(.5, 2)], [6])": () =>
    curve(
      sequential([6], sequential([2], constant(0.1, 2), exponential(0.9)), constant(0.5, 2)),
      8,
    ),
  "Sequential([Chained([Step(2, .5), Exp(.9)]), Constant(.1, 2)], [5])": () =>
    curve(sequential([5], chained(step_lr(2, 0.5), exponential(0.9)), constant(0.1, 2)), 7),
  "Chained([Exp(.9), Sequential([Constant(.5, 3), Step(2, .5)], [3])])": () =>
    curve(chained(exponential(0.9), sequential([3], constant(0.5, 3), step_lr(2, 0.5))), 5),

  "Sequential([Linear(.1, 3), ReduceLROnPlateau()], [3])": () => {
    const optimizer = schedulable([1]);
    const schedulers = [
      new LinearLR(optimizer, { start_factor: 0.1, total_iters: 3 }),
      new ReduceLROnPlateau(optimizer, { patience: 0 }),
    ];
    const lrs = follow(new SequentialLR(optimizer, { schedulers, milestones: [3] }), 5, () => 1);
    expect(lrs[5]).toBeCloseTo(0.1, 15);
    return lrs;
  },
  "Sequential([Linear(.1, 3), OneCycle(1, total_steps=8)], [4])": () => {
    const one_cycle: Spec = { type: "OneCycleLR", max_lr: 1, total_steps: 8 };
    const lrs = curve(sequential([4], linear(0.1, 3), one_cycle), 9);
    expect(lrs.slice(4)).toEqual(curve(one_cycle, 5));
    return lrs;
  },
  "Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [4]), Cyclic built first": () =>
    curve(sequential([4], cyclic, exponential(0.9)), 6),
  "Sequential([Linear(.1, 3), Exp(.9)], [3], last_epoch=4)": () =>
    curve({ ...sequential([3], linear(0.1, 3), exponential(0.9)), last_epoch: 4 }, 1),
  "Sequential([Linear(total_iters=3), Cosine(T_max=9)], [3]) after 6 steps, state loaded into a new scheduler, optimizer not restored":
    () => {
      const make = () => {
        const optimizer = schedulable([1]);
        const warmup = new LinearLR(optimizer, { total_iters: 3 });
        const cosine = new CosineAnnealingLR(optimizer, { T_max: 9 });
        return new SequentialLR(optimizer, { schedulers: [warmup, cosine], milestones: [3] });
      };
      const stopped = make();
      follow(stopped, 6);
      const resumed = make();
      resumed.load_state_dict(JSON.parse(JSON.stringify(stopped.state_dict())));
      return lrs_of(resumed.optimizer);
    },
  "Exponential(.9), last_epoch=4, initial_lr present, lr not restored": () => {
    const optimizer = { param_groups: [{ lr: 1, initial_lr: 1 }] };
    new ExponentialLR(optimizer, { gamma: 0.9, last_epoch: 4 });
    return lrs_of(optimizer);
  },
  "Cyclic(.1, 1, 4), last_epoch=4": () =>
    curve({ ...cyclic, max_lr: 1, step_size_up: 4, last_epoch: 4 }, 0),

  "milestones [6, 3]": () => milestones(6, 3),
  "milestones [3, 3]": () => milestones(3, 3),
  "milestones [-2]": () => milestones(-2),
  "milestones [2.5]": () => milestones(2.5),
  "Linear(.1, total_iters=0), a warm-up of no length": () => curve(linear(0.1, 0), 2),
  "Sequential([Exp(.9), Linear(.1, total_iters=0)], [2])": () =>
    curve(sequential([2], exponential(0.9), linear(0.1, 0)), 3),
  "Constant(.1, total_iters=0)": () => {
    expect(curve(sequential([2], exponential(0.9), constant(0.1, 0)), 3).slice(2)).toEqual([1, 1]);
    return curve(constant(0.1, 0), 2);
  },
  "Cosine(T_max=0)": () => curve({ type: "CosineAnnealingLR", T_max: 0 }, 3),
  "Step(step_size=0)": () => curve({ type: "StepLR", step_size: 0 }, 3),
  "Polynomial(total_iters=0)": () => curve({ type: "PolynomialLR", total_iters: 0 }, 3),
  "OneCycle(1, total_steps=3), whose first phase has no length": () =>
    curve({ type: "OneCycleLR", max_lr: 1, total_steps: 3 }, 2),
  "SGD(lr=nan)": () => {
    new torch.optim.SGD([{ data: [1], grad: null }], { lr: Number.NaN });
    return [];
  },
  "Linear(total_iters=2.5)": () => curve({ type: "LinearLR", total_iters: 2.5 }, 4),
  "Linear(0, total_iters=5)": () => curve(linear(0, 5), 5),
  "Exp(10), lr=1e308": () => {
    const optimizer = schedulable([1e308]);
    const scheduler = new ExponentialLR(optimizer, { gamma: 10 });
    try {
      return follow(scheduler, 1);
    } finally {
      expect(lrs_of(optimizer)).toEqual([1e308]);
      expect(scheduler.last_epoch).toBe(0);
    }
  },
  "CosineWarmRestarts(1, T_mult=3).step(121)": () => {
    const options = { T_0: 1, T_mult: 3 };
    const stepped = follow(new CosineAnnealingWarmRestarts(schedulable([1]), options), 121);
    const optimizer = schedulable([1]);
    new CosineAnnealingWarmRestarts(optimizer, options).step(121);
    expect(lrs_of(optimizer)).toEqual(stepped.slice(-1));
    return lrs_of(optimizer);
  },
  "a user's get_lr() subclass as a later phase": () => {
    class Halving extends LRScheduler {
      get_lr() {
        const { param_groups } = this.optimizer;
        return param_groups.map(({ lr }) => (this.last_epoch > 0 ? lr / 2 : lr));
      }
    }
    const optimizer = schedulable([1]);
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 }), new Halving(optimizer)];
    return follow(new SequentialLR(optimizer, { schedulers, milestones: [2] }), 4);
  },
  "momentum in Sequential([Cyclic(.1, .4, step_size_up=2), Exp(.9)], [3])": () => {
    const optimizer = schedulable([1], { momentum: 0.6 });
    const cycling = { ...cyclic, cycle_momentum: true };
    const scheduler = build(optimizer, sequential([3], cycling, exponential(0.9)));
    return [0, 1, 2, 3, 4, 5].map((epoch) => {
      if (epoch > 0) scheduler.step();
      return momenta_of(optimizer)[0] as number;
    });
  },
  "a group with lr 2 added to Linear(1/3, total_iters=5) after 2 steps": () => {
    const groups = [{ lr: 1 }];
    const scheduler = new LinearLR({ param_groups: groups }, { total_iters: 5 });
    follow(scheduler, 2);
    groups.push({ lr: 2 });
    return follow(scheduler, 4);
  },

  "Chained([Cyclic(.1, .4, step_size_up=2), Step(2, .5)])": () =>
    curve(chained(cyclic, step_lr(2, 0.5)), 4),
  "Chained([Lambda(epoch % 2), Exp(.5)])": () => {
    const optimizer = schedulable([1]);
    const schedulers = [
      new LambdaLR(optimizer, { lr_lambda: (epoch) => epoch % 2 }),
      new ExponentialLR(optimizer, { gamma: 0.5 }),
    ];
    return follow(new ChainedScheduler(optimizer, { schedulers }), 5);
  },
  "Chained([CosineWarmRestarts(30), Step(30, .5)]) at epochs 30 and 31": () => {
    const restarts = { type: "CosineAnnealingWarmRestarts", T_0: 30 };
    return curve(chained(restarts, step_lr(30, 0.5)), 31).slice(30);
  },
  "Chained([Lambda(min(1, (epoch + 1) / 4)), ReduceLROnPlateau(patience=1, factor=.5)]), metric 1":
    () => {
      const optimizer = schedulable([1]);
      const schedulers = [
        new LambdaLR(optimizer, { lr_lambda: (epoch) => Math.min(1, (epoch + 1) / 4) }),
        new ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 }),
      ];
      return follow(new ChainedScheduler(optimizer, { schedulers }), 8, () => 1);
    },
  "Chained([own class max(lr * .5, .1), Exp(.5)])": () => {
    class Floored extends LRScheduler {
      get_lr() {
        const { param_groups } = this.optimizer;
        return param_groups.map(({ lr }) => (this.last_epoch > 0 ? Math.max(lr * 0.5, 0.1) : lr));
      }
    }
    const optimizer = schedulable([1]);
    const schedulers = [new Floored(optimizer), new ExponentialLR(optimizer, { gamma: 0.5 })];
    return follow(new ChainedScheduler(optimizer, { schedulers }), 3);
  },
  "Chained([Lambda(.9 ** epoch)]), lr set to .1 at epoch 1": () => {
    const optimizer = schedulable([1]);
    const schedulers = [new LambdaLR(optimizer, { lr_lambda: (epoch) => 0.9 ** epoch })];
    const scheduler = new ChainedScheduler(optimizer, { schedulers });
    const [first] = follow(scheduler, 1);
    optimizer.param_groups[0].lr = 0.1;
    return [first, ...follow(scheduler, 2)];
  },
  "a parameter under Adam and Cyclic(max_momentum=1)": () => {
    const optimizer = new torch.optim.Adam([{ data: [1], grad: null }], { lr: 0.1 });
    new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.4, max_momentum: 1 });
    return [];
  },
  "a group of Adagrad with initial_accumulator_value=1": () => {
    const param = { data: [0], grad: null };
    const optimizer = new torch.optim.Adagrad([{ params: [param], initial_accumulator_value: 1 }]);
    return optimizer.state_dict().state[0].sum as number[];
  },
  "RMSprop(momentum=0), momentum set to .9 after a step": () => {
    const param = { data: [0], grad: [1] };
    const optimizer = new torch.optim.RMSprop([param], { lr: 0.1, alpha: 0, eps: 0 });
    return [0, 0.9, 0.9].map((momentum) => {
      optimizer.param_groups[0].momentum = momentum;
      optimizer.step();
      return param.data[0];
    });
  },
};

/** Numbers that follow one another, or the name of an error, or something else that is code. */
const QUOTED = /`([^`]*)`/g;
const NUMBERS = /^-?[\d.]+(e\d+)?( -?[\d.]+(e\d+)?| Infinity)*$|^NaN$/;
const ERROR = /^\w+Error$/;

const [, below] = page.split("| composition | PyTorch 2.14.1 | here |\n| --- | --- | --- |\n");
const rows = below
  .trimEnd()
  .split("\n")
  .map((line) => line.slice(2, -2).split(" | "));

/** What a cell shows: a list of numbers, as they are written, or the name of an error. */
function shown_in(cell: string): { numbers: string[]; error: string | undefined } {
  const quoted = [...cell.matchAll(QUOTED)].map(([, text]) => text);
  const lists = quoted.filter((text) => NUMBERS.test(text));
  expect(lists.length).toBeLessThanOrEqual(1);
  // No number stands outside of what is compared.
  expect(cell.replaceAll(QUOTED, "")).not.toMatch(/\d/);
  expect(quoted.filter((text) => !lists.includes(text)).join()).not.toMatch(/\d/);
  return { numbers: lists[0]?.split(" ") ?? [], error: quoted.find((text) => ERROR.test(text)) };
}

/** Numbers as they are shown: rounded to their last digit, and by no more than half a percent. */
function expect_shown(numbers: readonly string[], found: readonly number[]): void {
  for (const [i, text] of numbers.entries()) {
    const shown = Number(text);
    const [, decimals = ""] = text.split(".");
    const rounding = Math.min(0.5 * 10 ** -decimals.length, 0.005 * Math.abs(shown));
    if (Number.isFinite(shown)) {
      expect(Math.abs(found[i] - shown), text).toBeLessThan(rounding + 1e-12);
    } else expect(found[i]).toBe(shown);
  }
}

function caught(act: () => number[]): Error | number[] {
  try {
    return act();
  } catch (error) {
    return error as Error;
  }
}

describe(`where we leave PyTorch ${pytorch.pytorch}`, () => {
  test("is on the page, row for row", () => {
    const drawn = pytorch.rows.map(({ composition }) => `\`${composition}\``);
    expect(rows.map(([composition]) => composition).sort()).toEqual(drawn.sort());
    expect(page.split(/PyTorch (\d[\d.]*\d) \|/)[1]).toBe(pytorch.pytorch);
    expect(page).toContain(`what ${pytorch.pytorch} printed`);
  });

  test.each(rows)("%s", (quoted, theirs, ours) => {
    const composition = quoted.slice(1, -1);
    const drawn = pytorch.rows.find((row) => row.composition === composition);
    if (!drawn) throw new Error(`no row ${composition} was drawn with PyTorch`);
    const in_pytorch = shown_in(theirs);
    const here = shown_in(ours);
    expect(drawn.error?.split(":")[0]).toBe(in_pytorch.error);
    const printed = (drawn.lr ?? []).map(Number);
    expect_shown(in_pytorch.numbers, printed);

    const found = caught(OURS[composition]);
    if (here.error) {
      expect((found as Error).constructor.name).toBe(here.error);
      return;
    }
    if (found instanceof Error) throw found;
    expect(here.numbers).not.toEqual([]);
    expect_shown(here.numbers, found);
    // The difference that the row speaks of is there.
    const same = printed.filter((lr, i) => Math.abs(lr - found[i]) < 1e-9);
    if (!drawn.error) expect(same.length).toBeLessThan(printed.length);
  });

  test("refuses milestones in a sentence that names them", () => {
    for (const list of [[6, 3], [3, 3], [-2], [2.5]]) {
      expect(() => milestones(...list)).toThrow(
        `SequentialLR: milestones must be strictly increasing whole numbers from 0 on, got [${list.join(", ")}]`,
      );
    }
  });
});
