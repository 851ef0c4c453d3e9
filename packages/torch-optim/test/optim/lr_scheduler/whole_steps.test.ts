import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_tree } from "../../support/arbitrary.ts";
import { lrs_of, metric_at, momenta_of, schedulable, step } from "../../support/curve.ts";
import { picture, thrown } from "../../support/refusal.ts";
import { build, type Spec } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;
type Make = (optimizer: Optimizer) => torch.optim.LRScheduler;

const { CyclicLR, LambdaLR, LRScheduler, MultiplicativeLR, OneCycleLR } = torch.optim.lr_scheduler;

const LRS = [1, 0.3];

/** Throws in code of the user's while it is armed. */
class Bomb {
  is_armed = false;

  readonly pass = (x: number): number => {
    if (this.is_armed) throw new Error("boom");
    return 1 / (1 + x);
  };

  /** Gives a value to the first group and throws at the second. */
  readonly pass_first = [(x: number) => 1 / (2 + x), this.pass];
}

/** The schedulers in which a user's code runs. */
const MINED: Record<string, (bomb: Bomb) => Make> = {
  LambdaLR: (bomb) => (optimizer) => new LambdaLR(optimizer, { lr_lambda: bomb.pass_first }),
  MultiplicativeLR: (bomb) => (optimizer) =>
    new MultiplicativeLR(optimizer, { lr_lambda: bomb.pass_first }),
  CyclicLR: (bomb) => (optimizer) =>
    new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 1, step_size_up: 3, scale_fn: bomb.pass }),
  "a class of one's own": (bomb) => (optimizer) => {
    class Mine extends LRScheduler {
      get_lr() {
        // Groups are a user's to write to while it is asked.
        for (const group of this.optimizer.param_groups) group.lr *= 2;
        return this.base_lrs.map((lr) => lr * bomb.pass(this.last_epoch));
      }
    }
    return new Mine(optimizer);
  },
};

/** A tree in which one scheduler is another, counted along all that have none inside. */
function plant(optimizer: Optimizer, spec: Spec, at: number, make: Make): torch.optim.LRScheduler {
  let left = at % count_leaves(spec);
  const grow = (spec: Spec): torch.optim.LRScheduler => {
    if (!spec.schedulers) return left-- === 0 ? make(optimizer) : build(optimizer, spec);
    const schedulers = spec.schedulers.map(grow);
    return spec.milestones
      ? new torch.optim.SequentialLR(optimizer, {
          schedulers,
          milestones: spec.milestones as number[],
        })
      : new torch.optim.ChainedScheduler(optimizer, { schedulers });
  };
  return grow(spec);
}

function count_leaves({ schedulers }: Spec): number {
  return schedulers ? schedulers.reduce((sum, child) => sum + count_leaves(child), 0) : 1;
}

/** Steps both, and states that they are the same afterwards, whole. */
function expect_alike(
  one: torch.optim.LRScheduler,
  other: torch.optim.LRScheduler,
  epochs: number,
): void {
  for (let i = 0; i < epochs; i++) {
    const metric = metric_at(one.last_epoch);
    step(one, metric);
    step(other, metric);
    expect(one.state_dict()).toEqual(other.state_dict());
    expect(momenta_of(one.optimizer)).toEqual(momenta_of(other.optimizer));
  }
}

describe("a step that cannot be taken", () => {
  test.each(
    Object.entries(MINED),
  )("leaves all as it was where %s throws, in any tree", (_, mine) => {
    const trees = fc.tuple(any_tree, fc.nat(), fc.nat(12), fc.nat(12));
    fc.assert(
      fc.property(trees, ([spec, at, before, after]) => {
        const bomb = new Bomb();
        const one = plant(schedulable(LRS), spec, at, mine(bomb));
        const other = plant(schedulable(LRS), spec, at, mine(new Bomb()));
        for (let i = 0; i < before + after; i++) {
          bomb.is_armed = true;
          const untouched = picture(one.optimizer, one);
          try {
            step(one, metric_at(i));
            step(other, metric_at(i));
          } catch (error) {
            expect((error as Error).message).toBe("boom");
            expect(picture(one.optimizer, one)).toEqual(untouched);
            // The same step taken again gives what it would have given.
            bomb.is_armed = false;
            expect_alike(one, other, 1);
          }
          expect(lrs_of(one.optimizer)).toEqual(lrs_of(other.optimizer));
        }
        bomb.is_armed = false;
        expect_alike(one, other, 3);
      }),
      { numRuns: 150 },
    );
  });

  test("leaves all as it was where a metric is missing, or given to what takes none, in any tree", () => {
    fc.assert(
      fc.property(any_tree, fc.nat(20), (spec, before) => {
        const one = build(schedulable(LRS), spec) as torch.optim.SequentialLR;
        for (let i = 0; i < before; i++) step(one, metric_at(i));
        const untouched = picture(one.optimizer, one);
        for (const metric of [undefined, "1" as never, Number.NaN]) {
          try {
            one.step(metric);
            return;
          } catch (error) {
            expect((error as Error).message).toMatch(/^\w+: (metrics?|epoch) must be /);
            expect(picture(one.optimizer, one)).toEqual(untouched);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("leaves all as it was past a OneCycleLR's end, beside others in a chain and as a phase", () => {
    const chain = (optimizer: Optimizer) =>
      new torch.optim.ChainedScheduler(optimizer, {
        schedulers: [
          new torch.optim.ExponentialLR(optimizer, { gamma: 0.5 }),
          new torch.optim.SequentialLR(optimizer, {
            schedulers: [
              new torch.optim.ConstantLR(optimizer),
              new OneCycleLR(optimizer, { max_lr: 1, total_steps: 10 }),
            ],
            milestones: [2],
          }),
          new torch.optim.CosineAnnealingWarmRestarts(optimizer, { T_0: 3 }),
        ],
      });
    const scheduler = chain(schedulable(LRS));
    for (let i = 0; i < 12; i++) scheduler.step();
    const before = picture(scheduler.optimizer, scheduler);
    for (let i = 0; i < 2; i++) {
      const { message } = thrown(() => scheduler.step());
      expect(message).toBe("OneCycleLR: step 11 is past the end of the cycle, total_steps is 10");
      expect(picture(scheduler.optimizer, scheduler)).toEqual(before);
    }
  });

  test("writes no group if one cannot be written: frozen, or with a setter that refuses", () => {
    const frozen = schedulable([1, 0.3, 0.5]);
    const guarded = schedulable([1, 0.3, 0.5]);
    let is_closed = false;
    let lr = 0.3;
    Object.defineProperty(guarded.param_groups[1], "lr", {
      enumerable: true,
      get: () => lr,
      set: (value: number) => {
        if (is_closed) throw new Error("read only");
        lr = value;
      },
    });
    for (const optimizer of [frozen, guarded]) {
      const scheduler = new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 1, step_size_up: 3 });
      if (optimizer === frozen) Object.freeze(optimizer.param_groups[1]);
      is_closed = true;
      const before = picture(optimizer, scheduler);
      const error = thrown(() => scheduler.step());
      expect(error.message).toBe("CyclicLR: parameter group 1 must be writable");
      expect(error).toBeInstanceOf(TypeError);
      expect(picture(optimizer, scheduler)).toEqual(before);
      is_closed = false;
      if (optimizer === frozen) continue;
      scheduler.step();
      expect(lrs_of(optimizer)).toEqual(scheduler.lr_at(1));
    }
  });

  test("keeps a group that was added to a step that throws for the next one", () => {
    const bomb = new Bomb();
    const make = (optimizer: Optimizer) =>
      new torch.optim.ChainedScheduler(optimizer, {
        schedulers: [
          new torch.optim.ExponentialLR(optimizer, { gamma: 0.5 }),
          new LambdaLR(optimizer, { lr_lambda: bomb.pass }),
        ],
      });
    const [one, other] = [make(schedulable([1])), make(schedulable([1]))];
    const add_group = ({ optimizer }: torch.optim.LRScheduler) =>
      (optimizer.param_groups as torch.optim.SchedulableGroup[]).push({ lr: 2, momentum: 0.9 });
    for (const scheduler of [one, other]) {
      scheduler.step();
      add_group(scheduler);
    }
    const before = picture(one.optimizer, one);
    bomb.is_armed = true;
    expect(thrown(() => one.step()).message).toBe("boom");
    bomb.is_armed = false;
    expect(picture(one.optimizer, one)).toEqual(before);
    expect_alike(one, other, 3);
    expect(lrs_of(one.optimizer)).toHaveLength(2);
  });
});

describe("a state that is refused", () => {
  const phases: Spec = {
    type: "SequentialLR",
    schedulers: [
      { type: "CyclicLR", base_lr: 0.1, max_lr: 1, step_size_up: 2 },
      { type: "ReduceLROnPlateau", patience: 0 },
    ],
    milestones: [3],
  };

  test("changes nothing where a group cannot be written", () => {
    const saved = build(schedulable(LRS), phases);
    for (let i = 0; i < 5; i++) step(saved, 1);
    const scheduler = build(schedulable(LRS), phases);
    step(scheduler, 1);
    Object.freeze(scheduler.optimizer.param_groups[1]);
    const before = picture(scheduler.optimizer, scheduler);
    const { message } = thrown(() => scheduler.load_state_dict(saved.state_dict()));
    expect(message).toBe("SequentialLR: parameter group 1 must be writable");
    expect(picture(scheduler.optimizer, scheduler)).toEqual(before);
    expect(scheduler.lr_at(2)).toEqual(saved.lr_at(2));
  });

  test("changes nothing where a class of one's own refuses it", () => {
    class Careful extends LRScheduler {
      #limit = 1;
      get limit() {
        return this.#limit;
      }
      set limit(value: number) {
        if (value > 9) throw new Error("Careful: limit must be at most 9");
        this.#limit = value;
      }
      constructor(optimizer: Optimizer) {
        super(optimizer);
        const { get, set } = Object.getOwnPropertyDescriptor(Careful.prototype, "limit") ?? {};
        Object.defineProperty(this, "limit", { get, set, enumerable: true, configurable: true });
      }
      get_lr() {
        return this.base_lrs.map((lr) => lr / (1 + this.last_epoch));
      }
    }
    const make = (optimizer: Optimizer) =>
      new torch.optim.SequentialLR(optimizer, {
        schedulers: [new Careful(optimizer), new Careful(optimizer)],
        milestones: [2],
      });
    const saved = make(schedulable(LRS));
    for (let i = 0; i < 3; i++) saved.step();
    const state = saved.state_dict() as { _schedulers: { limit: number }[] };
    state._schedulers[1].limit = 10;
    const scheduler = make(schedulable(LRS));
    const before = picture(scheduler.optimizer, scheduler);
    expect(thrown(() => scheduler.load_state_dict(state)).message).toMatch(
      "limit must be at most 9",
    );
    expect(picture(scheduler.optimizer, scheduler)).toEqual(before);
  });

  test("no note of a group's momentum is left where another group cannot be written", () => {
    for (const own of [{ momentum: 0.6 }, { betas: [0.6, 0.99] as [number, number] }]) {
      const optimizer = schedulable([1, 1], own);
      Object.freeze(optimizer.param_groups[1]);
      const before = structuredClone(optimizer.param_groups);
      expect(() => new CyclicLR(optimizer, { base_lr: 0.1, max_lr: 0.4 })).toThrow(TypeError);
      expect(optimizer.param_groups).toEqual(before);
    }
  });

  test("a phase that was not entered after all asks for no metric", () => {
    const bomb = new Bomb();
    const optimizer = schedulable([1]);
    const phases = new torch.optim.SequentialLR(optimizer, {
      schedulers: [
        new torch.optim.ExponentialLR(optimizer, { gamma: 0.5 }),
        new torch.optim.ReduceLROnPlateau(optimizer),
      ],
      milestones: [1],
    });
    const schedulers = [phases, new LambdaLR(optimizer, { lr_lambda: bomb.pass })];
    const scheduler = new torch.optim.ChainedScheduler(optimizer, { schedulers });
    bomb.is_armed = true;
    expect(() => scheduler.step()).toThrow("boom");
    bomb.is_armed = false;
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0.5]);
    expect(() => scheduler.step()).toThrow("metric must be a number");
  });

  test("a get_lr() that gives one list again and again, or reads a cycle, leaves no trace either", () => {
    const bomb = new Bomb();
    class Thrifty extends LRScheduler {
      get_lr() {
        const { base_lrs } = this;
        thrifty_lrs[0] = base_lrs[0] / (1 + this.last_epoch);
        return thrifty_lrs;
      }
    }
    const thrifty_lrs = [0];
    class SawTooth extends torch.optim.CosineAnnealingWarmRestarts {
      override get_lr() {
        return this.base_lrs.map((lr) => lr * (1 - this.T_cur / this.T_i));
      }
    }
    const optimizer = schedulable([1]);
    const thrifty = new Thrifty(optimizer);
    const saw_tooth = new SawTooth(optimizer, { T_0: 4 });
    const schedulers = [thrifty, saw_tooth, new LambdaLR(optimizer, { lr_lambda: bomb.pass })];
    const scheduler = new torch.optim.ChainedScheduler(optimizer, { schedulers });
    scheduler.step();
    const before = picture(optimizer, scheduler);
    bomb.is_armed = true;
    expect(() => scheduler.step()).toThrow("boom");
    expect(picture(optimizer, scheduler)).toEqual(before);
    expect([thrifty.get_last_lr(), saw_tooth.T_cur]).toEqual([[0.5], 1]);
  });
});
