import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { mutate, mutation } from "../support/mutation.ts";
import { KEEPING_ALL } from "../support/optimizers.ts";
import { thrown } from "../support/refusal.ts";

type OptimizerClass = new (
  params: readonly { params: readonly torch.Parameter[] }[],
  options?: object,
) => torch.optim.Optimizer;

const CLASSES = torch.optim as unknown as Record<string, OptimizerClass>;

/** A state as one may write into it. */
interface State {
  state: Record<string, Record<string, unknown>>;
  param_groups: Record<string, unknown>[];
}

/** An optimizer of two matrices, each in a group of its own where there can be several. */
function start(name: string, Data: typeof Float32Array | typeof Float64Array = Float64Array) {
  const params = [1, 5].map(
    (from) => new torch.Parameter(new Data([0, 1, 2, 3].map((i) => Math.sin(from + i))), [2, 2]),
  );
  const groups = name === "LBFGS" ? [{ params }] : params.map((param) => ({ params: [param] }));
  return { params, optimizer: new CLASSES[name](groups, KEEPING_ALL[name]) };
}

type Run = ReturnType<typeof start>;

/** Steps towards 0.3 everywhere. */
function train({ params, optimizer }: Run, steps: number): Run {
  for (let k = 0; k < steps; k++) {
    optimizer.step(() => {
      for (const param of params) param.grad = Array.from(param.data, (x) => 2 * (x - 0.3));
      const all = params.flatMap(({ data }) => [...data]);
      return all.reduce((sum, x) => sum + (x - 0.3) ** 2, 0);
    });
  }
  return { params, optimizer };
}

const saved = ({ optimizer }: Run): State => JSON.parse(JSON.stringify(optimizer.state_dict()));
const picture = ({ optimizer, params }: Run) =>
  JSON.stringify([
    optimizer.state_dict(),
    optimizer.param_groups.map((group) => ({ ...group, params: group.params.length })),
    params.map(({ data }) => [...data]),
  ]);

/** States that a changed state is refused with this sentence, and that nothing has changed. */
function expect_refusal(
  run: Run,
  change: (state: State) => void,
  error: ErrorConstructor,
  message: string | RegExp,
): void {
  const state = saved(run);
  change(state);
  const before = picture(run);
  const refusal = thrown(() => run.optimizer.load_state_dict(state));
  expect(refusal.message).toMatch(message);
  expect(refusal.constructor).toBe(error);
  expect(picture(run)).toBe(before);
}

/** Running means of squares, which cannot be below 0. */
const SQUARES: Record<string, readonly string[]> = {
  Adam: ["exp_avg_sq", "max_exp_avg_sq"],
  AdamW: ["exp_avg_sq", "max_exp_avg_sq"],
  NAdam: ["exp_avg_sq"],
  RAdam: ["exp_avg_sq"],
  Adamax: ["exp_inf"],
  Adagrad: ["sum"],
  Adadelta: ["square_avg", "acc_delta"],
  RMSprop: ["square_avg"],
  Adafactor: ["row_var", "col_var"],
};

describe.each(Object.keys(KEEPING_ALL))("%s", (name) => {
  test("refuses entries that no run leads to, and nothing changes", () => {
    for (const Data of [Float32Array, Float64Array]) {
      const run = train(start(name, Data), 3);
      const [entries] = Object.values(run.optimizer.state_dict().state);
      for (const [key, entry] of Object.entries(entries)) {
        if (!Array.isArray(entry) || typeof entry[0] !== "number") continue;
        const is_square = SQUARES[name]?.includes(key);
        // What LBFGS keeps of its steps is no vector of the parameters' precision.
        const is_float32 = Data === Float32Array && key !== "ro" && key !== "al";
        const least = is_square ? " of at least 0" : "";
        const wanted = `a finite number${least}${is_float32 ? " in float32" : ""}`;
        const put = (value: unknown, error: ErrorConstructor, message: string) => {
          const change = ({ state }: State) => {
            (state[0][key] as unknown[])[1] = value;
          };
          const name_of_entry = `${name}: state_dict.state[0].${key}[1]`;
          expect_refusal(run, change, error, `${name_of_entry} must be ${message}`);
        };
        for (const word of ["Infinity", "-Infinity", "NaN"]) {
          put(word, RangeError, `${wanted}, got "${word}"`);
        }
        for (const value of [...(is_float32 ? [1e39] : []), ...(is_square ? [-1, -1e-30] : [])]) {
          put(value, RangeError, `${wanted}, got ${value}`);
        }
        for (const value of ["1", {}, undefined]) put(value, TypeError, "a number, got ");
      }
    }
  });

  test("a diverged run goes on from its state", () => {
    const diverged = train(start(name), 2);
    for (const { data } of diverged.params) data[0] = Number.NaN;
    train(diverged, 2);
    const resumed = start(name);
    for (const [i, { data }] of resumed.params.entries()) data.set(diverged.params[i].data);
    resumed.optimizer.load_state_dict(saved(diverged));
    expect(saved(resumed)).toEqual(saved(diverged));
    train(diverged, 2);
    train(resumed, 2);
    expect(resumed.params.map(({ data }) => data)).toEqual(diverged.params.map(({ data }) => data));
  });

  test("drops what the state does not have, and goes on as if new", () => {
    const run = train(start(name), 3);
    const fresh = start(name);
    run.optimizer.load_state_dict(saved(fresh));
    expect(saved(run)).toEqual(saved(fresh));
    for (const [i, { data }] of fresh.params.entries()) data.set(run.params[i].data);
    train(run, 3);
    train(fresh, 3);
    expect(run.params.map(({ data }) => data)).toEqual(fresh.params.map(({ data }) => data));
  });

  test("a group that cannot be written refuses a state, and nothing changes", () => {
    const freezes: ((group: object) => void)[] = [
      Object.freeze,
      (group) => Object.defineProperty(group, "weight_decay", { get: () => 0, configurable: true }),
      (group) => Object.defineProperty(group, "lr", { value: 0.5, writable: false }),
    ];
    for (const freeze of freezes) {
      const run = train(start(name), 2);
      const { param_groups } = run.optimizer;
      const last = param_groups[param_groups.length - 1];
      if (!("weight_decay" in last) && freeze === freezes[1]) continue;
      freeze(last);
      const change = (state: State) => {
        state.param_groups[0].lr = 0.7;
        state.param_groups[0].tag = "x";
        state.state = {};
      };
      expect_refusal(run, change, Error, `${name}: param_groups must be writable`);
    }
  });

  test("options that an older state lacks take their default", () => {
    const run = train(start(name), 2);
    const { option_table } = CLASSES[name] as unknown as typeof torch.optim.SGD;
    for (const [option, field] of Object.entries(option_table.table)) {
      if (option === "lr") continue;
      const state = saved(run);
      state.state = {};
      delete state.param_groups[0][option];
      run.optimizer.load_state_dict(state);
      expect(run.optimizer.param_groups[0][option as "lr"]).toEqual(field.default);
    }
  });

  test("a mutated state is refused by name and changes nothing, or is as good as a valid one", () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const run = train(start(name), 3);
        const state = saved(run);
        for (const each of mutations) mutate(state, each);
        const before = picture(run);
        let refusal: Error | undefined;
        try {
          run.optimizer.load_state_dict(state);
        } catch (error) {
          refusal = error as Error;
        }
        if (refusal) {
          expect(refusal.message).toMatch(new RegExp(`^${name}: state_dict`));
          expect(refusal.message.length).toBeLessThan(400);
          expect(picture(run)).toBe(before);
          return;
        }
        const own = saved(run);
        run.optimizer.load_state_dict(own);
        expect(saved(run)).toEqual(own);
        expect(Object.getPrototypeOf(run.optimizer.param_groups[0])).toBe(Object.prototype);
        train(run, 3);
        const is_moderate = numbers_in(own).every((x) => Math.abs(x) <= 1e4);
        // Coefficients of its own may make Muon's iteration diverge.
        if (name === "Muon" || !is_moderate) return;
        for (const { data } of run.params) expect(data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function numbers_in(value: unknown): number[] {
  if (typeof value === "number") return value === 1e6 || value === 1e10 ? [] : [value];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(numbers_in)
    : [];
}

test("a state is taken up into the arrays that there are, so that loading again takes no memory", () => {
  const run = train(start("Adam", Float32Array), 2);
  const [param] = run.params;
  const { exp_avg } = run.optimizer.state.get(param) as { exp_avg: Float32Array };
  const state = saved(run);
  train(run, 1);
  run.optimizer.load_state_dict(state);
  expect(run.optimizer.state.get(param)).toHaveProperty("exp_avg", exp_avg);
  expect([...exp_avg]).toEqual(state.state[0].exp_avg);
});

describe("refused in one clear sentence, with nothing changed", () => {
  test.each<[string, string, (state: State) => void, ErrorConstructor, string]>([
    [
      "a product of momenta above 1",
      "NAdam",
      ({ state }) => Object.assign(state[0], { mu_product: 2 }),
      RangeError,
      "NAdam: state_dict.state[0].mu_product must be a finite number of at least 0 and of at most 1, got 2",
    ],
    [
      "a share of the average above 1",
      "ASGD",
      ({ state }) => Object.assign(state[0], { mu: 1.5 }),
      RangeError,
      "ASGD: state_dict.state[0].mu must be a finite number of at least 0 and of at most 1, got 1.5",
    ],
    [
      "half a step",
      "AdamW",
      ({ state }) => Object.assign(state[1], { step: 2.5 }),
      RangeError,
      "AdamW: state_dict.state[1].step must be a whole number of at least 0, got 2.5",
    ],
    [
      "a mean above the root of the mean square",
      "RMSprop",
      ({ state }) => Object.assign(state[0], { grad_avg: [10, 0, 0, 0], square_avg: [4, 0, 0, 0] }),
      RangeError,
      "RMSprop: state_dict.state[0].grad_avg[0] must be at most the root of square_avg[0], 4, got 10",
    ],
    [
      "the number of a parameter that is none",
      "SGD",
      ({ param_groups }) => Object.assign(param_groups[0], { params: ["0"] }),
      TypeError,
      'SGD: state_dict.param_groups[0].params[0] must be a whole number of at least 0, got "0"',
    ],
    [
      "a beta of 1",
      "Adam",
      ({ param_groups }) => Object.assign(param_groups[1], { betas: [1, 0.9] }),
      RangeError,
      "Adam: state_dict.param_groups[1].betas must be two numbers from 0 to below 1, got [1, 0.9]",
    ],
    [
      "an infinite lr",
      "SGD",
      ({ param_groups }) => Object.assign(param_groups[0], { lr: "Infinity" }),
      RangeError,
      "SGD: state_dict.param_groups[0].lr must be a finite number, got Infinity",
    ],
    [
      "the state of another optimizer",
      "SGD",
      (state) => Object.assign(state, saved(train(start("AdamW"), 1))),
      Error,
      "SGD: state_dict.param_groups[0].momentum is missing",
    ],
    [
      "a history that is longer than there can be",
      "LBFGS",
      ({ state }) => Object.assign(state[0], { al: new Array(20_000).fill(null) }),
      RangeError,
      "LBFGS: state_dict.state[0].al must have at most 10000 items, got 20000",
    ],
  ])("%s", (_, name, change, error, message) => {
    expect_refusal(train(start(name), 3), change, error, message);
  });
});
