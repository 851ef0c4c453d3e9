import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";
import { follow, schedulable } from "../../../support/curve.ts";
import { thrown } from "../../../support/refusal.ts";
import { build } from "../../../support/spec.ts";

const { check_spec, from_spec, LRScheduler, register, SpecError, to_spec } =
  torch.optim.lr_scheduler;

type SchedulerSpec = torch.optim.SchedulerSpec;

/** A class of one's own, with no table of options. */
class InverseSqrtLR extends LRScheduler<{ offset: number }> {
  override get_lr() {
    const { offset } = this.options;
    return this.base_lrs.map((base) => base * Math.sqrt(offset / (offset + this.last_epoch)));
  }
}
register("InverseSqrtLR", InverseSqrtLR);

function problems_of(spec: unknown): string[] {
  return check_spec(spec).map(({ path, message }) => `${path}: ${message}`);
}

describe("from_spec and to_spec", () => {
  test("build what the classes build, and write down what they were given, in any tree", () => {
    fc.assert(
      fc.property(writable_tree, (spec) => {
        const scheduler = from_spec(schedulable([1, 0.3]), spec as unknown as SchedulerSpec);
        const again = to_spec(scheduler);
        expect(to_spec(from_spec(schedulable([1, 0.3]), again))).toEqual(again);
        const wanted = follow(build(schedulable([1, 0.3]), spec), 30);
        expect(follow(from_spec(schedulable([1, 0.3]), again), 30)).toEqual(wanted);
        expect(follow(scheduler, 30)).toEqual(wanted);
      }),
    );
  });

  test("a spec survives JSON and stays as it is, wherever its scheduler stands", () => {
    const spec: SchedulerSpec = {
      type: "SequentialLR",
      milestones: [10],
      schedulers: [
        { type: "LinearLR", total_iters: 10 },
        { type: "CosineAnnealingLR", T_max: 90 },
      ],
    };
    const scheduler = from_spec(schedulable(), JSON.parse(JSON.stringify(spec)));
    for (let epoch = 0; epoch < 20; epoch++) scheduler.step();
    expect(JSON.stringify(to_spec(scheduler))).toBe(JSON.stringify(spec));
  });

  test("options with their default are left out", () => {
    const scheduler = new torch.optim.ConstantLR(schedulable(), { factor: 1 / 3, total_iters: 7 });
    expect(to_spec(scheduler)).toEqual({ type: "ConstantLR", total_iters: 7 });
  });

  test("one value for each parameter group comes and goes as a list", () => {
    const spec: SchedulerSpec = { type: "CyclicLR", base_lr: [0.1, 0.2], max_lr: 1 };
    expect(to_spec(from_spec(schedulable([1, 1]), spec))).toEqual(spec);
    expect(check_spec(spec)).toEqual([]);
    expect(() => from_spec(schedulable([1]), spec)).toThrow(
      "base_lr: must be a finite number of at least 0, or a list with one for each parameter group, got [0.1, 0.2]",
    );
  });

  test("of lists inside others the longest says how many parameter groups there are", () => {
    const cyclic = (...base_lr: number[]) => ({ type: "CyclicLR", base_lr, max_lr: 1 });
    const chain = (...schedulers: object[]) => ({ type: "ChainedScheduler", schedulers });
    const step = { type: "StepLR", step_size: 3 };
    for (const spec of [
      chain(step, cyclic(0.1, 0.2)),
      chain(step, chain(step, cyclic(0.1, 0.2, 0.3)), cyclic(0.3, 0.2, 0.1)),
      { type: "SequentialLR", milestones: [4], schedulers: [step, chain(cyclic(0.1, 0.2))] },
    ]) {
      expect(problems_of(spec)).toEqual([]);
      expect(check_spec(spec, { groups: 4 })).not.toEqual([]);
    }
    const expected =
      "base_lr: must be a finite number of at least 0, or a list with one for each parameter group";
    const spec = chain(cyclic(0.1, 0.2), chain(cyclic(0.1, 0.2, 0.3)));
    expect(problems_of(spec)).toEqual([`schedulers[0].${expected}, got [0.1, 0.2]`]);
    expect(check_spec(spec, { groups: 2 })).toEqual([
      {
        path: "schedulers[1].schedulers[0].base_lr",
        message: `${expected.replace("base_lr: ", "")}, got [0.1, 0.2, 0.3]`,
      },
    ]);
    const optimizer = schedulable([1, 1, 1]);
    from_spec(optimizer, chain(step, chain(cyclic(0.1, 0.2, 0.3))) as never);
    expect(optimizer.param_groups.map(({ lr }) => lr)).toEqual([0.1, 0.2, 0.3]);
  });

  test("functions cannot be written down, and the error says where they are", () => {
    const optimizer = schedulable();
    const lr_lambda = () => 1;
    const scheduler = new torch.optim.SequentialLR(optimizer, {
      schedulers: [
        new torch.optim.LambdaLR(optimizer, { lr_lambda }),
        new torch.optim.CyclicLR(optimizer, { base_lr: 0.1, max_lr: 1, scale_fn: (x) => x }),
      ],
      milestones: [3],
    });
    expect(() => to_spec(scheduler)).toThrow(
      "schedulers[0].lr_lambda: is a function, which cannot be written down\n" +
        "schedulers[1].scale_fn: is a function, which cannot be written down",
    );
    expect(problems_of({ type: "LambdaLR" })).toEqual([
      "lr_lambda: is a function, which cannot be written down",
    ]);
  });

  test("a registered class of one's own goes both ways, inside others too", () => {
    const spec = {
      type: "ChainedScheduler",
      schedulers: [
        { type: "ExponentialLR", gamma: 0.9 },
        { type: "InverseSqrtLR", offset: 10 },
      ],
    } as unknown as SchedulerSpec;
    expect(to_spec(from_spec(schedulable(), spec))).toEqual(spec);
  });

  test("a class that is not registered is refused by its name", () => {
    class Unknown extends InverseSqrtLR {}
    expect(() => to_spec(new Unknown(schedulable(), { offset: 1 }))).toThrow(
      "spec: is of class Unknown, which is not registered",
    );
  });

  test("names that are taken, and what is no scheduler, cannot be registered", () => {
    class Other extends InverseSqrtLR {}
    expect(() => register("LinearLR", Other)).toThrow(
      'register: name must be a new one, got "LinearLR"',
    );
    expect(() => register("InverseSqrtLR", Other)).toThrow('got "InverseSqrtLR"');
    expect(() => register("Again", InverseSqrtLR)).toThrow("is registered as InverseSqrtLR");
    for (const name of ["constructor", "__proto__", "linear", "A B", ""]) {
      expect(() => register(name, Other)).toThrow("register: name must be like InverseSqrtLR");
    }
    expect(() => register("Thing", Date as never)).toThrow(
      "register: scheduler must be a subclass of LRScheduler, got a function",
    );
    expect(() => register(5 as never, Other)).toThrow(TypeError);
  });

  test("what is no scheduler cannot be written down", () => {
    for (const thing of [null, 5, {}, "LinearLR"]) {
      const refusal = thrown(() => to_spec(thing as never));
      expect(refusal).toBeInstanceOf(TypeError);
      expect(refusal.message).toMatch(/^to_spec: scheduler must be a scheduler or a recipe, got /);
    }
  });
});

describe("a spec with mistakes", () => {
  test("gets every one of them at once, each with its path", () => {
    const spec = {
      type: "SequentialLR",
      milestones: [10, 20, 30],
      schedulers: [
        { type: "LinearLR", total_itres: 10, start_factor: 2 },
        { type: "CosineAnnealingLR", T_max: "90" },
        {
          type: "ChainedScheduler",
          schedulers: [{ type: "ExponentalLR", gamma: 0.9 }, 5, { type: "OneCycleLR", max_lr: 1 }],
        },
      ],
    };
    const problems = [
      "schedulers[0].total_itres: is not an option; the options are: start_factor, end_factor, total_iters",
      "schedulers[0].start_factor: must be a finite number of at least 0 and of at most 1, got 2",
      'schedulers[1].T_max: must be a whole number of at least 1, got "90"',
      'schedulers[2].schedulers[0].type: must be the name of a scheduler, got "ExponentalLR"; did you mean "ExponentialLR"?',
      "schedulers[2].schedulers[1]: must be an object with a type, got 5",
      "schedulers[2].schedulers[2].total_steps: must be a whole number of at least 1, or epochs and steps_per_epoch must be given, got neither",
      "milestones: must be 2 for 3 schedulers, got 3",
    ];
    expect(problems_of(spec)).toEqual(problems);
    const optimizer = schedulable();
    const groups = structuredClone(optimizer.param_groups);
    expect(() => from_spec(optimizer, spec as never)).toThrow(new SpecError(check_spec(spec)));
    expect(new SpecError(check_spec(spec)).message).toBe(problems.join("\n"));
    expect(optimizer.param_groups).toEqual(groups);
  });

  test("what is missing is said to be missing", () => {
    expect(problems_of({ type: "StepLR" })).toEqual([
      "step_size: must be a whole number of at least 1, but is missing",
    ]);
    expect(problems_of({})[0]).toMatch(/^type: must be the name of a scheduler, but is missing; /);
  });

  test("what contradicts the optimizer is found before it is touched", () => {
    const optimizer = { param_groups: [{ lr: 1 }] };
    const spec: SchedulerSpec = {
      type: "SequentialLR",
      milestones: [5],
      schedulers: [
        { type: "ExponentialLR", gamma: 0.5 },
        { type: "CyclicLR", base_lr: 0.1, max_lr: 1 },
      ],
    };
    expect(() => from_spec(optimizer, spec)).toThrow(
      /^schedulers\[1\]\.cycle_momentum: must be false/,
    );
    expect(optimizer).toEqual({ param_groups: [{ lr: 1 }] });
    expect(() => from_spec(null as never, spec)).toThrow(
      "from_spec: optimizer must be an object with param_groups, got null",
    );
  });

  test("last_epoch belongs to the state", () => {
    const message = "last_epoch: belongs to the state, not to a spec";
    expect(problems_of({ type: "ExponentialLR", gamma: 0.9, last_epoch: 3 })).toEqual([message]);
    expect(problems_of({ type: "InverseSqrtLR", offset: 1, last_epoch: 3 })).toEqual([message]);
  });

  test("the note that tells an editor the schema is no option, but only at the top", () => {
    const spec = { $schema: "spec.schema.json", type: "ExponentialLR", gamma: 0.9 };
    expect(problems_of(spec)).toEqual([]);
    expect(problems_of({ type: "ChainedScheduler", schedulers: [spec] })).toHaveLength(1);
  });
});

describe("a spec from anywhere", () => {
  test("keys that reach into prototypes are refused, and reach nothing", () => {
    const spec = JSON.parse(
      '{ "type": "InverseSqrtLR", "offset": { "__proto__": { "polluted": 1 } }, "constructor": {} }',
    );
    expect(problems_of(spec)).toEqual([
      "offset.__proto__: is not an option",
      "constructor: is not an option",
    ]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    for (const type of ["__proto__", "constructor", "toString", "LRScheduler"]) {
      expect(problems_of({ type })[0]).toContain(`must be the name of a scheduler, got "${type}"`);
    }
  });

  test("inherited properties do not count", () => {
    const spec = Object.create(
      { gamma: 0.9 },
      { type: { value: "ExponentialLR", enumerable: true } },
    );
    expect(problems_of(spec)).toEqual(["spec: must be plain data, got an object of a class"]);
  });

  test("one that is too deep, too large or inside itself is refused", () => {
    const deep = (levels: number): unknown =>
      levels === 0
        ? { type: "ConstantLR" }
        : { type: "ChainedScheduler", schedulers: [deep(levels - 1)] };
    expect(problems_of(deep(31))).toEqual([]);
    expect(problems_of(deep(5000))).toEqual([
      `${"schedulers[0].".repeat(31)}schedulers[0]: is nested too deeply`,
    ]);
    const round: { type: string; schedulers: unknown[] } = {
      type: "ChainedScheduler",
      schedulers: [],
    };
    round.schedulers.push(round, round);
    expect(problems_of(round)).toEqual([
      "schedulers[0]: contains itself",
      "schedulers[1]: contains itself",
    ]);
    let shared: unknown = { type: "ConstantLR" };
    for (let i = 0; i < 30; i++)
      shared = { type: "ChainedScheduler", schedulers: [shared, shared] };
    expect(problems_of(shared)).toContain("spec: must hold at most 10000 objects and lists");
  });

  test("whatever it is, it is built or refused with a SpecError", () => {
    const types = ["SequentialLR", "ChainedScheduler", "StepLR", "OneCycleLR", "InverseSqrtLR"];
    const options = ["type", "schedulers", "milestones", "gamma", "max_lr", "__proto__"];
    const { garbage } = fc.letrec((tie) => ({
      garbage: fc.dictionary(
        fc.constantFrom(...options),
        fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom(...types),
          fc.anything({ maxDepth: 1, withBigInt: true, withDate: true, withNullPrototype: true }),
          fc.array(tie("garbage"), { maxLength: 3 }),
        ),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(garbage, fc.anything()), (spec) => {
        const problems = check_spec(spec);
        try {
          from_spec(schedulable(), spec as never);
          expect(problems).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(SpecError);
          expect((error as torch.optim.SpecError).problems).toEqual(problems);
        }
      }),
      { numRuns: 500 },
    );
  });
});
