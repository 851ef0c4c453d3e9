import { describe, test } from "vitest";
import * as torch from "../../src/index.ts";
import fixture from "../fixtures/optimizer/nonfinite.json";
import { expect_close } from "../support/close.ts";

type OptimizerClass = new (
  params: readonly torch.Parameter[],
  options: object,
) => torch.optim.Optimizer;

const CLASSES = torch.optim as unknown as Record<string, OptimizerClass>;

/** The bar, in shares of the largest finite value. */
const TOLERANCE: Record<string, number> = { float32: 2e-6, float64: 1e-12 };

/** The fixture's words for what is not finite are those that a number turns into. */
const in_words = (values: Iterable<number>) =>
  Array.from(values, (x) => (Number.isFinite(x) ? x : String(x)));

describe("gradients that are infinite or not a number", () => {
  test.each(
    fixture.cases.map((drawn) => {
      const { kind, options, dtype } = drawn;
      return [`${kind} ${JSON.stringify(options)} in ${dtype}`, drawn] as const;
    }),
  )(`do what they do in PyTorch ${fixture.pytorch}: %s`, (name, {
    kind,
    options,
    dtype,
    after,
  }) => {
    const TypedArray = dtype === "float32" ? Float32Array : Float64Array;
    const param = new torch.Parameter(TypedArray.from(fixture.start.map(Number)));
    const optimizer = new CLASSES[kind]([param], options);
    for (const [k, grad] of fixture.grads.entries()) {
      param.grad = TypedArray.from(grad.map(Number));
      optimizer.step();
      const finite = after[k].map(Number).filter(Number.isFinite);
      const largest = Math.max(...finite.map(Math.abs));
      expect_close(in_words(param.data), after[k], largest, name, TOLERANCE[dtype]);
    }
  });
});
