import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../../src/index.ts";
import { any_leaf } from "../../support/arbitrary.ts";
import { follow, lrs_of, schedulable } from "../../support/curve.ts";
import { expect_refusal } from "../../support/refusal.ts";
import { build } from "../../support/spec.ts";

type Optimizer = torch.optim.SchedulableOptimizer;

const { ChainedScheduler, ExponentialLR, LRScheduler, SequentialLR } = torch.optim.lr_scheduler;

interface SqrtOptions {
  offset: number;
}

/** Sets the lr outright: `lr(t) = base_lr · sqrt(offset / (offset + t))`. */
class InverseSqrtLR extends LRScheduler<SqrtOptions> {
  get_lr() {
    const { offset } = this.options;
    return this.base_lrs.map((base) => base * sqrt_factor(offset, this.last_epoch));
  }
}

const sqrt_factor = (offset: number, epoch: number) => Math.sqrt(offset / (offset + epoch));

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** Goes on from the lr in force: `lr(t) = lr(t - 1) / 2`. */
class HalvingLR extends LRScheduler {
  get_lr() {
    return this.optimizer.param_groups.map(({ lr }) => (this.last_epoch === 0 ? lr : lr / 2));
  }
}

const LRS = [1, 0.3];
const EPOCHS = 20;
const sqrt = (optimizer: Optimizer) => new InverseSqrtLR(optimizer, { offset: 4 });
const halving = (optimizer: Optimizer) => new HalvingLR(optimizer);
const own = fc.constantFrom(sqrt, halving);

describe("a scheduler of one's own, which only writes get_lr", () => {
  test("runs alone by its formula", () => {
    const { lrs } = follow(sqrt(schedulable([2])), 5);
    expect(lrs).toEqual([0, 1, 2, 3, 4, 5].map((epoch) => [2 * sqrt_factor(4, epoch)]));
    expect(follow(halving(schedulable([8])), 3).lrs).toEqual([[8], [4], [2], [1]]);
  });

  test("is a phase at any position and depth: its own curve from the base lr", () => {
    const depth = fc.integer({ min: 0, max: 3 });
    const end = fc.option(fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(own, any_leaf, fc.nat(6), end, depth, (make, before, start, length, levels) => {
        const optimizer = schedulable(LRS);
        let mine: torch.optim.LRScheduler = make(optimizer);
        for (let i = 0; i < levels; i++) {
          mine =
            i % 2
              ? new ChainedScheduler(optimizer, { schedulers: [mine] })
              : new SequentialLR(optimizer, { schedulers: [mine], milestones: [] });
        }
        const schedulers = [build(optimizer, before), mine];
        const milestones = [start];
        if (length !== null) {
          schedulers.push(build(optimizer, before));
          milestones.push(start + length);
        }
        const { lrs } = follow(new SequentialLR(optimizer, { schedulers, milestones }), EPOCHS);
        const alone = follow(make(schedulable(LRS)), EPOCHS).lrs;
        const until = Math.min(EPOCHS, start + (length ?? EPOCHS) - 1);
        expect(lrs.slice(start, until + 1)).toEqual(alone.slice(0, until + 1 - start));
        if (start > 0) {
          const neighbour = follow(build(schedulable(LRS), before), start - 1).lrs;
          expect(lrs.slice(0, start)).toEqual(neighbour);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("scales its neighbours in a chain where it goes on from the lr in force", () => {
    const optimizer = schedulable([1]);
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 }), halving(optimizer)];
    const { lrs } = follow(new ChainedScheduler(optimizer, { schedulers }), 5);
    for (const [epoch, [lr]] of lrs.entries()) expect(lr).toBeCloseTo(0.45 ** epoch, 15);
  });

  const trees: Record<string, (optimizer: Optimizer) => torch.optim.LRScheduler> = {
    alone: sqrt,
    "as a later phase": (optimizer) =>
      new SequentialLR(optimizer, {
        schedulers: [new ExponentialLR(optimizer, { gamma: 0.9 }), halving(optimizer)],
        milestones: [5],
      }),
    "in a chain in a sequence": (optimizer) => {
      const schedulers = [sqrt(optimizer), new ExponentialLR(optimizer, { gamma: 0.9 })];
      const chain = new ChainedScheduler(optimizer, { schedulers });
      return new SequentialLR(optimizer, {
        schedulers: [halving(optimizer), chain],
        milestones: [4],
      });
    },
  };
  test.each(Object.entries(trees))("resumes and answers lr_at: %s", (_, make) => {
    const { lrs } = follow(make(schedulable(LRS)), EPOCHS);
    const planned = make(schedulable(LRS));
    for (const epoch of [7, 3, EPOCHS, 0]) expect(planned.lr_at(epoch)).toEqual(lrs[epoch]);
    for (const stopped of [0, 3, 5, 9]) {
      const one = make(schedulable(LRS));
      for (let epoch = 0; epoch < stopped; epoch++) one.step();
      const other = make(schedulable([0.7, 0.2]));
      other.load_state_dict(JSON.parse(JSON.stringify(one.state_dict())));
      expect(follow(other, 5).lrs).toEqual(lrs.slice(stopped, stopped + 6));
    }
  });

  test("resumes by last_epoch", () => {
    const optimizer = schedulable([1]);
    new InverseSqrtLR(optimizer, { offset: 4, last_epoch: 6 });
    expect(lrs_of(optimizer)).toEqual([sqrt_factor(4, 7)]);
    const other = schedulable([1]);
    expect(new HalvingLR(other, { last_epoch: 2 }).last_epoch).toBe(3);
    expect(lrs_of(other)).toEqual([0.125]);
  });

  test("keeps what it remembers of its own through a state", () => {
    class Remembering extends LRScheduler {
      best = Infinity;
      note = "";
      seen: number[] = [];
      counts: Record<string, number> = {};
      readonly on_step = () => {};
      get_lr() {
        this.seen?.push(this.last_epoch);
        return this.base_lrs.map((lr) => lr * 0.5);
      }
    }
    const one = new Remembering(schedulable([1]));
    one.step();
    one.note = "half way";
    one.best = -Infinity;
    one.counts = { odd: 3 };
    const state = JSON.parse(JSON.stringify(one.state_dict()));
    expect(state).toEqual({
      best: "-Infinity",
      note: "half way",
      seen: [1],
      counts: { odd: 3 },
      base_lrs: [1],
      last_epoch: 1,
      _step_count: 2,
      _last_lr: [0.5],
    });
    const other = new Remembering(schedulable([1]));
    other.load_state_dict(state);
    const { best, note, seen, counts } = other;
    expect({ best, note, seen, counts }).toEqual({
      best: -Infinity,
      note: "half way",
      seen: [1],
      counts: { odd: 3 },
    });
    other.step();
    expect(one.seen).toEqual([1]);
  });

  test.each<[unknown, ErrorConstructor, string]>([
    [undefined, TypeError, "undefined"],
    [null, TypeError, "null"],
    [1, TypeError, "1"],
    [[1], RangeError, "[1]"],
    [[1, 1, 1], RangeError, "[1, 1, 1]"],
    [["1", "1"], TypeError, '["1", "1"]'],
    [[1, Number.NaN], RangeError, "[1, NaN]"],
  ])("moves nothing where get_lr returns %o", (lrs, error, shown) => {
    let is_armed = false;
    class Wrong extends LRScheduler {
      get_lr() {
        return is_armed
          ? (lrs as number[])
          : this.base_lrs.map((lr) => lr * 0.9 ** this.last_epoch);
      }
    }
    const optimizer = schedulable(LRS);
    const scheduler = new Wrong(optimizer);
    scheduler.step();
    is_armed = true;
    const wanted = "must be numbers, one for each parameter group, got";
    const message = `Wrong: get_lr() at epoch 2 ${wanted} ${shown}`;
    expect_refusal(() => scheduler.step(), error, message, optimizer, scheduler);
    const fresh = schedulable(LRS);
    const at_first = `Wrong: get_lr() at epoch 0 ${wanted} ${shown}`;
    expect_refusal(() => new Wrong(fresh), error, at_first, fresh);
    is_armed = false;
    scheduler.step();
    expect(lrs_of(optimizer)).toEqual([0.9 ** 2, 0.3 * 0.9 ** 2]);
  });

  test("takes up a phase where it left off when get_lr has thrown", () => {
    let is_armed = false;
    class Failing extends LRScheduler {
      get_lr() {
        if (is_armed) throw new Error("no lr today");
        return this.base_lrs.map((lr) => lr * 0.5 ** this.last_epoch);
      }
    }
    const optimizer = schedulable([1]);
    const schedulers = [new ExponentialLR(optimizer, { gamma: 0.9 }), new Failing(optimizer)];
    const scheduler = new SequentialLR(optimizer, { schedulers, milestones: [1] });
    for (const lr of [1, 0.5, 0.25]) {
      is_armed = true;
      expect(() => scheduler.step()).toThrow("no lr today");
      is_armed = false;
      scheduler.step();
      expect(lrs_of(optimizer)).toEqual([lr]);
    }
  });

  const cycle: Record<string, unknown> = {};
  cycle.cycle = cycle;
  const states: [string, object, ErrorConstructor, string][] = [
    ["an offset of another kind", { offset: "4" }, TypeError, 'offset must be a number, got "4"'],
    ["null for an object", { memory: null }, TypeError, "memory must be an object, got null"],
    ["a list for an object", { memory: [1n] }, TypeError, "memory must be an object, got [1]"],
    ["a cycle", { memory: cycle }, TypeError, "memory must be plain data, got an object"],
    ["a bigint", { memory: { n: 1n } }, TypeError, "memory must be plain data, got an object"],
    [
      "a deep nest",
      { memory: { nest: nested(50_000) } },
      TypeError,
      "memory must be plain data, got an object",
    ],
  ];
  test.each(states)("refuses a state with %s", (_, change, error, message) => {
    class Mindful extends InverseSqrtLR {
      memory: object = {};
    }
    const optimizer = schedulable(LRS);
    const scheduler = new Mindful(optimizer, { offset: 4 });
    const state = { ...scheduler.state_dict(), ...change };
    const act = () => scheduler.load_state_dict(state);
    expect_refusal(act, error, `Mindful: state_dict.${message}`, optimizer, scheduler);
  });

  test("takes options unless all of them may be left out", () => {
    class Relaxed extends LRScheduler<{ offset?: number }> {
      get_lr() {
        return this.base_lrs.map((lr) => lr * (this.options.offset ?? 1));
      }
    }
    const optimizer = schedulable();
    new Relaxed(optimizer);
    new Relaxed(optimizer, { offset: 2, last_epoch: -1 });
    new HalvingLR(optimizer);
    // @ts-expect-error offset is needed
    expect(() => new InverseSqrtLR(optimizer)).toThrow();
    // @ts-expect-error offset is a number
    new Relaxed(optimizer, { offset: "2" });
    // @ts-expect-error offest is not an option
    new InverseSqrtLR(optimizer, { offset: 1, offest: 2 });
    expectTypeOf(new InverseSqrtLR(optimizer, { offset: 1 }).options).toEqualTypeOf<
      Readonly<SqrtOptions>
    >();
  });
});
