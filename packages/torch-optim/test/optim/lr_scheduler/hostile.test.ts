import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as torch from "../../../src/index.ts";
import { any_leaf, any_tree } from "../../support/arbitrary.ts";
import { lrs_of, metric_at, schedulable, step } from "../../support/curve.ts";
import { mutate, mutation } from "../../support/mutation.ts";
import { expect_refusal, picture } from "../../support/refusal.ts";
import { build, classes, type Spec } from "../../support/spec.ts";

/** Without the one class whose options may refuse a base lr: the sentence then names the option. */
const tree = any_tree.filter((spec) => !JSON.stringify(spec).includes("PolynomialDecay"));

const LRS = [1, 0.3];

function built(spec: Spec, epochs = 0): torch.optim.LRScheduler {
  const scheduler = build(schedulable(LRS), spec);
  for (let epoch = 0; epoch < epochs; epoch++) step(scheduler, metric_at(epoch));
  return scheduler;
}

/** A sentence of ours: the class, then the option or the way to the key, then what is wrong. */
const NAMED =
  /^[A-Z]\w+: (\w+(\.\w+|\[\d+\]|\(\d*\))*( at epoch \d+| of parameter group \d+| \d+)? (must|is|takes)|metrics decide) /;

/** What `act` throws, which must be a sentence of ours. */
function refusal(act: () => void): Error | undefined {
  try {
    act();
  } catch (error) {
    expect((error as Error).message).toMatch(NAMED);
    return error as Error;
  }
}

/** States that a scheduler goes on, and that its state tells a twin all of it. */
function expect_sound(scheduler: torch.optim.LRScheduler, twin: torch.optim.LRScheduler): void {
  for (let epoch = 0; epoch < 12; epoch++) {
    const lrs = lrs_of(scheduler.optimizer);
    expect(lrs).not.toContain(Number.NaN);
    // A factor of 1e300 gives what it must; no state can hold it.
    if (!lrs.every(Number.isFinite)) return;
    if (epoch % 4 === 0) {
      const state = JSON.parse(JSON.stringify(scheduler.state_dict()));
      twin.load_state_dict(state);
      expect(twin.state_dict()).toEqual(state);
    }
    const before = picture(scheduler.optimizer, scheduler);
    if (refusal(() => step(scheduler, metric_at(epoch)))) {
      expect(picture(scheduler.optimizer, scheduler)).toEqual(before);
      return;
    }
    step(twin, metric_at(epoch));
    expect(lrs_of(twin.optimizer)).toEqual(lrs_of(scheduler.optimizer));
  }
}

describe("hostile input", () => {
  const prototype = Reflect.ownKeys(Object.prototype);

  test("a mutated state is refused by name and changes nothing, or is as good as a valid one", () => {
    fc.assert(
      fc.property(
        tree,
        fc.nat(25),
        fc.nat(25),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (spec, saved_at, loaded_at, mutations) => {
          const state = built(spec, saved_at).state_dict();
          for (const each of mutations) mutate(state, each);
          const scheduler = built(spec, loaded_at);
          const before = picture(scheduler.optimizer, scheduler);
          if (refusal(() => scheduler.load_state_dict(state))) {
            expect(picture(scheduler.optimizer, scheduler)).toEqual(before);
          } else {
            expect_sound(scheduler, built(spec));
          }
          expect(Reflect.ownKeys(Object.prototype)).toEqual(prototype);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("mutated options are refused by name and change nothing, or are as good as valid ones", () => {
    const spec = any_leaf.filter(({ lr_lambda }) => lr_lambda === undefined);
    fc.assert(
      fc.property(spec, fc.array(mutation, { minLength: 1, maxLength: 2 }), (good, mutations) => {
        const { type, ...options } = structuredClone(good);
        for (const each of mutations) mutate(options, each);
        const make = (optimizer: torch.optim.SchedulableOptimizer) =>
          new classes[type](optimizer, options);
        const optimizer = schedulable(LRS);
        const before = picture(optimizer);
        if (refusal(() => make(optimizer))) expect(picture(optimizer)).toEqual(before);
        else expect_sound(make(schedulable(LRS)), make(schedulable(LRS)));
        expect(Reflect.ownKeys(Object.prototype)).toEqual(prototype);
      }),
      { numRuns: 2000 },
    );
  });
});

const phases: Spec = {
  type: "SequentialLR",
  schedulers: [
    { type: "LinearLR", total_iters: 3 },
    { type: "StepLR", step_size: 2, gamma: 0.5 },
  ],
  milestones: [3],
};

/** A state as one may write into it. */
type Writable = Record<string, unknown> & { _schedulers: Record<string, unknown>[] };

/** Loads a state that was changed after two steps: it must be refused with this sentence. */
function refuses(
  what: string,
  spec: Spec,
  change: (state: Writable) => void,
  error: ErrorConstructor,
  message: string,
): void {
  test(`a state ${what}`, () => {
    const state = built(spec, 2).state_dict() as Writable;
    change(state);
    const scheduler = built(spec, 1);
    const act = () => scheduler.load_state_dict(state);
    expect_refusal(act, error, message, scheduler.optimizer, scheduler);
  });
}

describe("refused in one clear sentence, with nothing changed", () => {
  refuses(
    "with a hole in a list",
    phases,
    (state) => {
      state._schedulers[1].base_lrs = new Array(2);
    },
    TypeError,
    "SequentialLR: state_dict._schedulers[1].base_lrs must be a list of 2, one for each parameter group, each a finite number of at least 0, got [undefined, undefined]",
  );
  refuses(
    "that knows fewer groups inside than around it",
    phases,
    (state) => {
      state._schedulers[1].base_lrs = [1];
    },
    RangeError,
    "SequentialLR: state_dict._schedulers[1].base_lrs must be a list of 2, one for each parameter group, each a finite number, got [1]",
  );
  refuses(
    "with a hole in the list of its children",
    phases,
    (state) => {
      delete state._schedulers[1];
    },
    TypeError,
    "SequentialLR: state_dict._schedulers[1] must be an object, got undefined",
  );
  refuses(
    "that overflows on the way to its epoch",
    {
      type: "ChainedScheduler",
      schedulers: [
        { type: "StepLR", step_size: 4, gamma: 1e300 },
        { type: "StepLR", step_size: 4, gamma: 1e300 },
        { type: "LambdaLR", lr_lambda: { fn: "power", base: 0.5 } },
      ],
    },
    (state) => {
      state.last_epoch = 4;
    },
    TypeError,
    'ChainedScheduler: state_dict._last_lr must be a list of 2, one for each parameter group, each a finite number, got ["Infinity", "Infinity"]',
  );
  refuses(
    "of a sequence between two epochs, from which it would never reach a milestone",
    phases,
    (state) => {
      state.last_epoch = 1.5;
    },
    RangeError,
    "SequentialLR: state_dict.last_epoch must be a whole number of at least -1, got 1.5",
  );
  refuses(
    "from before epoch 0",
    { type: "StepLR", step_size: 2 },
    (state) => {
      state.last_epoch = -1;
    },
    RangeError,
    "StepLR: state_dict.last_epoch must be a finite number of at least 0, got -1",
  );
  refuses(
    "of a cycle past its end",
    { type: "OneCycleLR", max_lr: 1, total_steps: 10 },
    (state) => {
      state.last_epoch = 11;
    },
    RangeError,
    "OneCycleLR: state_dict.last_epoch must be a finite number of at least -1 and of at most 10, got 11",
  );
  refuses(
    "with a negative base lr, which no lr_at could go by",
    phases,
    (state) => {
      state.base_lrs = [1, -0.3];
    },
    RangeError,
    "SequentialLR: state_dict.base_lrs must be a list of 2, one for each parameter group, each a finite number of at least 0, got [1, -0.3]",
  );
  refuses(
    "that counts more milestones than fit in memory",
    { type: "MultiStepLR", milestones: [3] },
    (state) => {
      state.milestones = Object.fromEntries(
        Array.from({ length: 1e4 }, (_, epoch) => [epoch, 9e5]),
      );
    },
    TypeError,
    "MultiStepLR: state_dict.milestones must be a list of whole numbers from 0 on, got an object",
  );
  refuses(
    "with a wrong option of a child",
    phases,
    (state) => {
      state._schedulers[1].step_size = "2";
    },
    TypeError,
    'SequentialLR: state_dict._schedulers[1].step_size must be a whole number of at least 1, got "2"',
  );
  refuses(
    "in which a child's option is missing",
    phases,
    (state) => {
      delete state._schedulers[1].gamma;
    },
    Error,
    "SequentialLR: state_dict._schedulers[1].gamma is missing",
  );
  refuses(
    "whose children are other schedulers",
    phases,
    (state) => {
      state._schedulers.reverse();
    },
    Error,
    "SequentialLR: state_dict._schedulers[0].start_factor is missing",
  );
  refuses(
    "with another number of children",
    phases,
    (state) => {
      state._schedulers.pop();
    },
    TypeError,
    "SequentialLR: state_dict._schedulers must be a list of 2 states, got [an object]",
  );
  refuses(
    "with another number of groups",
    phases,
    (state) => {
      state._last_lr = [1];
    },
    RangeError,
    "SequentialLR: state_dict._last_lr must be a list of 2, one for each parameter group, each a finite number, got [1]",
  );
  refuses(
    "whose epoch only steps lead to, and for ever",
    {
      type: "SequentialLR",
      schedulers: [{ type: "MultiplicativeLR", lr_lambda: { fn: "power", base: 0.9 } }],
      milestones: [],
    },
    (state) => {
      state.last_epoch = 1e15;
    },
    RangeError,
    "MultiplicativeLR: epoch 1000000000000000 takes 1000000000000001 steps to replay, more than 10000000; load a state that was saved there",
  );

  test("a state that cannot be read throws what it throws, and nothing changes", () => {
    const state = built(phases, 2).state_dict() as Writable;
    Object.defineProperty(state._schedulers[1], "gamma", {
      enumerable: true,
      get: () => {
        throw new Error("a bad sector");
      },
    });
    const scheduler = built(phases, 1);
    const act = () => scheduler.load_state_dict(state);
    expect_refusal(act, Error, "a bad sector", scheduler.optimizer, scheduler);
  });
});
