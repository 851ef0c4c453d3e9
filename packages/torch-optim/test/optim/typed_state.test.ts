import { describe, expect, test } from "vitest";
import * as torch from "../../src/index.ts";
import { KEEPING_ALL } from "../support/optimizers.ts";
import { thrown } from "../support/refusal.ts";

type OptimizerClass = new (
  params: readonly torch.Parameter[],
  options?: object,
) => torch.optim.Optimizer;

const CLASSES = torch.optim as unknown as Record<string, OptimizerClass>;

const ARRAYS = [Float32Array, Float64Array];
const EVERY = Object.keys(KEEPING_ALL).flatMap((name) =>
  ARRAYS.map((Data) => [name, Data] as const),
);

function start(name: string, Data: (typeof ARRAYS)[number]) {
  const params = [1, 5].map(
    (from) => new torch.Parameter(new Data([0, 1, 2, 3].map((i) => Math.sin(from + i))), [2, 2]),
  );
  return { params, optimizer: new CLASSES[name](params, KEEPING_ALL[name]) };
}

/** Steps towards 0.3 everywhere. */
function train({ params, optimizer }: ReturnType<typeof start>, steps: number): void {
  for (let k = 0; k < steps; k++) {
    optimizer.step(() => {
      for (const param of params) param.grad = Array.from(param.data, (x) => 2 * (x - 0.3));
      const all = params.flatMap(({ data }) => [...data]);
      return all.reduce((sum, x) => sum + (x - 0.3) ** 2, 0);
    });
  }
}

/** A state with lists in place of typed arrays, as JSON has it. */
function listed(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(listed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, listed(item)]));
}

/** All typed arrays in a state. */
function arrays_in(value: unknown): Float64Array[] {
  if (ArrayBuffer.isView(value)) return [value as Float64Array];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(arrays_in) : [];
}

describe.each(EVERY)("a state of %s with typed arrays", (name, Data) => {
  test("has the numbers of the one that survives JSON, in the parameters' precision", () => {
    const run = start(name, Data);
    train(run, 3);
    const typed = run.optimizer.state_dict({ arrays: "typed" });
    expect(listed(typed)).toEqual(run.optimizer.state_dict());
    expect(arrays_in(typed).length).toBeGreaterThan(0);
    for (const array of arrays_in(typed)) expect(array).toBeInstanceOf(Data);
  });

  test("goes on to the last bit, and stays what it was", () => {
    const whole = start(name, Data);
    train(whole, 3);
    const state = whole.optimizer.state_dict({ arrays: "typed" });
    const before = structuredClone(state);
    const values = whole.params.map(({ data }) => data.slice());
    train(whole, 3);

    const resumed = start(name, Data);
    for (const [i, { data }] of resumed.params.entries()) data.set(values[i]);
    resumed.optimizer.load_state_dict(state);
    train(resumed, 3);
    expect(resumed.params.map(({ data }) => data)).toEqual(whole.params.map(({ data }) => data));
    expect(resumed.optimizer.state_dict()).toEqual(whole.optimizer.state_dict());
    expect(state).toEqual(before);
  });
});

test("a state with typed arrays of another precision is taken up in the parameter's own", () => {
  const run = start("AdamW", Float64Array);
  train(run, 2);
  const other = start("AdamW", Float32Array);
  other.optimizer.load_state_dict(run.optimizer.state_dict({ arrays: "typed" }));
  const [{ exp_avg }] = Object.values(run.optimizer.state_dict({ arrays: "typed" }).state);
  const [own] = Object.values(other.optimizer.state_dict({ arrays: "typed" }).state);
  expect(own.exp_avg).toEqual(Float32Array.from(exp_avg as Float64Array));
});

test("numbers that are not finite stay numbers beside typed arrays", () => {
  const param = new torch.Parameter([1]);
  const optimizer = new torch.optim.Adam([param], { lr: 0.1 });
  param.grad = [Infinity];
  optimizer.step();
  const { state } = optimizer.state_dict({ arrays: "typed" });
  expect(state[0].exp_avg).toEqual(Float64Array.of(Infinity));
  const again = new torch.optim.Adam([new torch.Parameter(param.data)], { lr: 0.1 });
  again.load_state_dict(optimizer.state_dict({ arrays: "typed" }));
  expect(again.state_dict()).toEqual(optimizer.state_dict());
});

test.each([
  [
    "too short",
    new Float64Array(1),
    "AdamW: state_dict.state[0].exp_avg must have 4 values, got 1",
  ],
  ["negative", Float64Array.of(1, 1, -1, 1), "exp_avg_sq[2] must be a finite number of at least 0"],
])("an array that is %s is refused by name, and nothing has changed", (_what, array, sentence) => {
  const run = start("AdamW", Float64Array);
  train(run, 2);
  const before = run.optimizer.state_dict();
  const state = run.optimizer.state_dict({ arrays: "typed" });
  const key = sentence.includes("exp_avg_sq") ? "exp_avg_sq" : "exp_avg";
  state.state[0][key] = array;
  expect(thrown(() => run.optimizer.load_state_dict(state)).message).toContain(sentence);
  expect(run.optimizer.state_dict()).toEqual(before);
});

test("another kind of arrays is refused by name", () => {
  const { optimizer } = start("SGD", Float64Array);
  const wrong = { arrays: "lists" } as unknown as { arrays: "json" };
  expect(thrown(() => optimizer.state_dict(wrong)).message).toBe(
    'SGD: arrays must be "json" or "typed", got "lists"',
  );
});
