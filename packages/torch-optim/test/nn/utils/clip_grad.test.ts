import { describe, expect, test } from "vitest";
import * as torch from "../../../src/index.ts";
import drawn from "../../fixtures/nn/clip_grad.json";

type Word = number | string;

/** The bar: in shares of the largest gradient, and of the norm. */
const TOLERANCE: Record<string, number> = { float32: 2e-7, float64: 1e-15 };

function parameters(grads: readonly (readonly Word[])[], dtypes: readonly string[]) {
  return grads.map((grad, i) => {
    const TypedArray = dtypes[i] === "float32" ? Float32Array : Float64Array;
    const param = new torch.Parameter(new TypedArray(grad.length));
    param.grad = new TypedArray(grad.map(Number));
    return param;
  });
}

/** The norm is no more precise than the least precise gradient. */
function tolerance_of(dtypes: readonly string[]): number {
  return TOLERANCE[dtypes.includes("float32") ? "float32" : "float64"];
}

function expect_number(actual: number, wanted: number, unit: number, tolerance: number): void {
  if (!Number.isFinite(wanted)) expect(actual).toBe(wanted);
  else expect(Math.abs(actual - wanted) / unit).toBeLessThanOrEqual(tolerance);
}

function expect_grads(
  params: readonly torch.Parameter[],
  after: readonly (readonly Word[])[],
  dtypes: readonly string[],
): void {
  const unit = Math.max(1e-300, ...after.flat().map(Number).filter(Number.isFinite).map(Math.abs));
  for (const [i, { grad }] of params.entries()) {
    for (const [j, wanted] of after[i].entries()) {
      expect_number(grad?.[j] ?? Number.NaN, Number(wanted), unit, tolerance_of(dtypes));
    }
  }
}

describe("clip_grad_norm_", () => {
  test.each(
    drawn.norm.map(
      (c) => [`norm ${c.norm_type} to ${c.max_norm}: ${c.dtypes.join(" ")}`, c] as const,
    ),
  )(`gives PyTorch ${drawn.pytorch}'s norm and gradients: %s`, (_, c) => {
    const params = parameters(c.grads, c.dtypes);
    const norm_type = Number(c.norm_type);
    const total = torch.nn.utils.clip_grad_norm_(params, Number(c.max_norm), { norm_type });
    const wanted = Number(c.total);
    expect_number(total, wanted, Math.max(1e-300, wanted), tolerance_of(c.dtypes));
    expect_grads(params, c.after, c.dtypes);
  });

  test("a single parameter, a generator and plain objects are clipped alike", () => {
    const single = { data: [0, 0], grad: [3, 4] };
    expect(torch.nn.utils.clip_grad_norm_(single, 1)).toBe(5);
    expect(Math.hypot(...single.grad)).toBeCloseTo(1, 5);
    const several = [
      { data: [0], grad: [3] },
      { data: [0], grad: null },
      { data: [0], grad: [4] },
    ];
    expect(torch.nn.utils.clip_grad_norm_(several.values(), 1)).toBe(5);
    expect([several[0].grad?.[0], several[2].grad?.[0]]).toEqual(single.grad);
  });

  test("a norm below the limit leaves every gradient to the last bit", () => {
    const param = new torch.Parameter(new Float32Array(2));
    param.grad = Float32Array.of(0.1, 0.7);
    torch.nn.utils.clip_grad_norm_(param, 1);
    expect(param.grad).toEqual(Float32Array.of(0.1, 0.7));
  });

  test("a norm counts as 1e-6 more than it is, which tiny ones feel", () => {
    const param = { data: [0, 0], grad: [3e-6, 4e-6] };
    expect(torch.nn.utils.clip_grad_norm_(param, 5e-6)).toBeCloseTo(5e-6, 20);
    expect(param.grad[0]).toBeCloseTo((3e-6 * 5e-6) / (5e-6 + 1e-6), 20);
    expect(param.grad[1]).toBeCloseTo((4e-6 * 5e-6) / (5e-6 + 1e-6), 20);
  });

  test("float32 gradients whose squares float32 cannot hold have a norm", () => {
    const param = new torch.Parameter(new Float32Array(2));
    param.grad = Float32Array.of(3e30, 4e30);
    expect(torch.nn.utils.clip_grad_norm_(param, Infinity)).toBeCloseTo(5e30, -24);
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      "a norm that is not finite, if asked for",
      () => {
        const param = { data: [0, 0], grad: [1, Infinity] };
        try {
          torch.nn.utils.clip_grad_norm_(param, 1, { error_if_nonfinite: true });
        } finally {
          expect(param.grad).toEqual([1, Infinity]);
        }
      },
      Error,
      "clip_grad_norm_: the total norm must be finite, got Infinity",
    ],
    [
      "an order that is no norm's",
      () => torch.nn.utils.clip_grad_norm_([], 1, { norm_type: 0 }),
      RangeError,
      "clip_grad_norm_: norm_type must be a number above 0, got 0",
    ],
    [
      "a limit below 0",
      () => torch.nn.utils.clip_grad_norm_([], -1),
      RangeError,
      "clip_grad_norm_: max_norm must be a number of at least 0, got -1",
    ],
    [
      "what is no parameter",
      () => torch.nn.utils.clip_grad_norm_([new Float32Array(2)] as never, 1),
      TypeError,
      "clip_grad_norm_: parameter 0 must be { data, grad }, got an object",
    ],
    [
      "words in a gradient",
      () => torch.nn.utils.clip_grad_norm_({ data: [0, 0], grad: ["1", 2] } as never, 1),
      TypeError,
      'clip_grad_norm_: grad of parameter 0 must hold numbers, got "1" at 0',
    ],
    [
      "a gradient of another length",
      () => torch.nn.utils.clip_grad_norm_({ data: [0, 0], grad: [1] }, 1),
      RangeError,
      "clip_grad_norm_: grad of parameter 0 must have 2 values like its data, got 1",
    ],
    [
      "what is no list",
      () => torch.nn.utils.clip_grad_norm_("params" as never, 1),
      TypeError,
      'clip_grad_norm_: parameters must be a parameter { data, grad } or a list of them, got "params"',
    ],
  ])("refuses %s in one clear sentence", (_, act, error, message) => {
    expect(act).toThrow(error);
    expect(act).toThrow(message);
  });
});

describe("clip_grad_value_", () => {
  test.each(
    drawn.value.map((c) => [`${c.clip_value}: ${c.dtypes.join(" ")}`, c] as const),
  )(`gives PyTorch ${drawn.pytorch}'s gradients: %s`, (_, c) => {
    const params = parameters(c.grads, c.dtypes);
    torch.nn.utils.clip_grad_value_(params, c.clip_value);
    expect_grads(params, c.after, c.dtypes);
  });

  test("refuses a limit below 0", () => {
    expect(() => torch.nn.utils.clip_grad_value_([], -0.5)).toThrow(
      "clip_grad_value_: clip_value must be a number of at least 0, got -0.5",
    );
  });
});
