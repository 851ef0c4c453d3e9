import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import drawn from "../../fixtures/optimizer/AveragedModel.json";

const { Parameter } = torch;
const { AveragedModel, get_ema_multi_avg_fn, get_swa_multi_avg_fn } = torch.optim.swa_utils;

/** The bar: in shares of the largest value. */
const TOLERANCE: Record<string, number> = { float32: 2e-7, float64: 1e-15 };
const FUNCTIONS: Record<string, () => torch.optim.swa_utils.MultiAvgFn | null> = {
  equal: () => null,
  swa: get_swa_multi_avg_fn,
  "ema .999": get_ema_multi_avg_fn,
  "ema .3": () => get_ema_multi_avg_fn(0.3),
  "ema 0": () => get_ema_multi_avg_fn(0),
  "ema 1": () => get_ema_multi_avg_fn(1),
};

function make(dtype: string, rows: readonly (readonly number[])[]) {
  const TypedArray = dtype === "float32" ? Float32Array : Float64Array;
  return rows.map((row) => new Parameter(new TypedArray(row)));
}

function expect_averages(
  { averages }: torch.optim.swa_utils.AveragedModel,
  wanted: readonly (readonly number[])[],
  dtype: string,
): void {
  const unit = Math.max(...wanted.flat().map(Math.abs));
  for (const [i, row] of wanted.entries()) {
    for (const [j, x] of row.entries()) {
      expect(Math.abs(averages[i][j] - x) / unit).toBeLessThanOrEqual(TOLERANCE[dtype]);
    }
  }
}

const values_of = (params: readonly torch.Parameter[]) => params.map(({ data }) => [...data]);

describe("AveragedModel", () => {
  test.each(
    drawn.cases.map((c) => [`${c.name}, ${c.dtype}`, c] as const),
  )(`gives PyTorch ${drawn.pytorch}'s averages: %s`, (_, { name, dtype, values, averages }) => {
    const params = make(dtype, values[0]);
    const averaged = new AveragedModel(params, { multi_avg_fn: FUNCTIONS[name]() });
    for (const [update, rows] of values.entries()) {
      for (const [i, row] of rows.entries()) params[i].data.set(row);
      averaged.update_parameters(params);
      expect(averaged.n_averaged).toBe(update + 1);
      expect_averages(averaged, averages[update], dtype);
    }
  });

  test("goes on from a state of PyTorch's, with its averages", () => {
    for (const { name, dtype, values, averages, state } of drawn.cases) {
      const params = make(dtype, values[0]);
      const averaged = new AveragedModel(params, { multi_avg_fn: FUNCTIONS[name]() });
      averaged.load_state_dict(state);
      for (let update = state.n_averaged; update < values.length; update++) {
        averaged.update_parameters(make(dtype, values[update]));
        expect_averages(averaged, averages[update], dtype);
      }
    }
  });

  test("begins with a copy of the values, and copies them at the first update", () => {
    const params = [new Parameter([1, 2])];
    const averaged = new AveragedModel(params);
    expect([averaged.averages.map((row) => [...row]), averaged.n_averaged]).toEqual([[[1, 2]], 0]);
    params[0].data.set([5, 6]);
    expect([...averaged.averages[0]]).toEqual([1, 2]);
    averaged.update_parameters(params);
    expect([...averaged.averages[0]]).toEqual([5, 6]);
  });

  test("keeps float32 averages beside their parameter, where a compiled kernel reaches both", () => {
    const [param] = make("float32", [[1, 2]]);
    const [own] = new AveragedModel([param]).averages;
    expect(own.buffer).toBe(param.data.buffer);
  });

  test("takes what a function of one's own makes of them", () => {
    const params = [new Parameter([4])];
    const averaged = new AveragedModel(params, {
      multi_avg_fn: ([own], [current], n_averaged) => {
        own[0] = 10 * n_averaged + current[0];
      },
    });
    averaged.update_parameters(params);
    averaged.update_parameters(params);
    expect([...averaged.averages[0]]).toEqual([14]);
    averaged.update_parameters(params);
    expect([...averaged.averages[0]]).toEqual([24]);
  });

  test("swaps the averages into the model and back; meanwhile nothing else can happen", () => {
    const params = make("float32", [[1, 2], [3]]);
    const plain = { data: [8], grad: null };
    const averaged = new AveragedModel([...params, plain]);
    averaged.update_parameters([...params, plain]);
    const state = averaged.state_dict();
    for (const { data } of params) data.fill(9);
    plain.data[0] = 9;
    averaged.swap();
    expect([...values_of(params), plain.data]).toEqual([[1, 2], [3], [8]]);
    expect(averaged.state_dict()).toEqual(state);
    const wait = (method: string) =>
      `AveragedModel: ${method} must wait until swap() has put the averages back`;
    expect(() => averaged.update_parameters([...params, plain])).toThrow(wait("update_parameters"));
    expect(() => averaged.load_state_dict(state)).toThrow(wait("load_state_dict"));
    averaged.swap();
    expect([...values_of(params), plain.data]).toEqual([[9, 9], [9], [9]]);
    expect(averaged.averages.map((row) => [...row])).toEqual([[1, 2], [3], [8]]);
  });

  test("has a state that survives JSON, numbers that are not finite included", () => {
    const params = make("float64", [[1 / 3, Number.NaN, -Infinity]]);
    const averaged = new AveragedModel(params);
    averaged.update_parameters(params);
    const state = JSON.parse(JSON.stringify(averaged.state_dict()));
    expect(state).toEqual({ n_averaged: 1, averages: [[1 / 3, "NaN", "-Infinity"]] });
    const other = new AveragedModel(make("float64", [[0, 0, 0]]));
    other.load_state_dict(state);
    expect(other.averages).toEqual(averaged.averages);
  });

  test.each([
    [null, TypeError, "must be an object, got null"],
    [
      { averages: [[1], [2]] },
      TypeError,
      ".n_averaged must be a whole number of at least 0, got undefined",
    ],
    [
      { n_averaged: -1, averages: [[1], [2]] },
      RangeError,
      ".n_averaged must be a whole number of at least 0, got -1",
    ],
    [{ n_averaged: 1, averages: [[1]] }, TypeError, ".averages must be a list of 2 lists, got"],
    [
      { n_averaged: 1, averages: [[1], [2, 3]] },
      RangeError,
      ".averages[1] must have 1 values, got 2",
    ],
    [{ n_averaged: 1, averages: [[1], ["x"]] }, TypeError, ".averages[1][0] must be a number, got"],
  ])("refuses the state %j, and is as before", (state, error, message) => {
    const averaged = new AveragedModel(make("float64", [[7], [8]]));
    const act = () => averaged.load_state_dict(state as object);
    expect(act).toThrow(error);
    expect(act).toThrow(`AveragedModel: state_dict${state ? "" : " "}${message}`);
    expect(averaged.state_dict()).toEqual({ n_averaged: 0, averages: [[7], [8]] });
  });

  test("refuses what it cannot average", () => {
    const params = make("float64", [[7], [8]]);
    expect(() => new AveragedModel([])).toThrow(
      "AveragedModel: params must be a list of at least one parameter, got []",
    );
    expect(() => new AveragedModel(params, { multi_avg_fn: 3 as never })).toThrow(
      "AveragedModel: multi_avg_fn must be a function or null, got 3",
    );
    const averaged = new AveragedModel(params);
    expect(() => averaged.update_parameters(make("float64", [[7]]))).toThrow(
      "AveragedModel: params must be a list of 2 parameters, as many as before, got",
    );
    expect(() => averaged.update_parameters(make("float64", [[7], [8, 9]]))).toThrow(
      "AveragedModel: parameter 1 must be 1 values long, as before, got 2",
    );
    expect(averaged.n_averaged).toBe(0);
    for (const decay of [-0.1, 1.1, Number.NaN]) {
      expect(() => get_ema_multi_avg_fn(decay)).toThrow(
        "get_ema_multi_avg_fn: decay must be a finite number of at least 0 and of at most 1, got",
      );
    }
  });
});
