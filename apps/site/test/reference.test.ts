import { describe_schedulers, parse_spec } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { courseOf } from "../src/chart/course.ts";
import { sampleOption } from "../src/chart/sample.ts";
import { controlsOf, moved } from "../src/reference/controls.ts";
import { EXAMPLES } from "../src/reference/examples.ts";
import { inNumbers } from "../src/reference/formula.ts";
import { LAMBDAS, type Lambda } from "../src/reference/lambdas.ts";
import { partsOf } from "../src/reference/parts.ts";

const TYPES = describe_schedulers()
  .filter(({ is_spec_type }) => is_spec_type)
  .map(({ type }) => type);

describe.each(TYPES)("the page of %s", (type) => {
  const example = EXAMPLES.get(type);

  it("has a curve that can be drawn", () => {
    expect(example?.spec.type === type || type === "SWALR").toBe(true);
    const plan = { spec: example?.spec ?? { type: "ConstantSchedule" as const }, lr: 0.1 };
    const { length } = courseOf(plan);
    const [line] = sampleOption(plan, "lr", { from: 0, to: length, columns: 300 });
    expect(line.values.length).toBeGreaterThan(10);
    expect(Array.from(line.values).every(Number.isFinite)).toBe(true);
  });

  it("has sliders whose ranges hold their values, and which move the options", () => {
    const spec = example?.spec;
    if (!spec || spec.type === "Recipe") return;
    for (const control of controlsOf(spec)) {
      if (control.kind !== "slider") continue;
      const { value, min = Number.NaN, max = Number.NaN, step } = control;
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
      expect(step).toBeGreaterThan(0);
      expect(controlsOf(moved(spec, control, max))).toContainEqual(
        expect.objectContaining({ option: control.option, item: control.item, value: max }),
      );
    }
  });
});

describe("the formula of a scheduler", () => {
  const plan = { spec: parse_spec("exp(gamma=0.9)"), lr: 0.5 };
  const formula = "lr(t) = base_lr · gamma^t";

  it("has the numbers of the options that stand in it", () => {
    expect(inNumbers(formula, "ExponentialLR", plan)).toBe("lr(t) = 0.5 · 0.9^t");
  });

  it("is worked out at an epoch", () => {
    expect(inNumbers(formula, "ExponentialLR", plan, 2)).toBe("lr(2) = 0.5 · 0.9^2 = 0.405");
  });

  it("is that of the class where that is a part of the schedule", () => {
    const spec = parse_spec("linear:5 > exp(gamma=0.9)");
    expect(inNumbers(formula, "ExponentialLR", { spec, lr: 1 }, 2)).toBe("lr(t) = 1 · 0.9^t");
  });

  it("is the law of a sequence: its phase, alone, at its local epoch", () => {
    const spec = parse_spec("constant:5(factor=0.1) > exp(gamma=0.5)");
    expect(inNumbers("", "SequentialLR", { spec, lr: 1 }, 7)).toBe(
      "lr(7) = lr of phase 1 at local epoch 2 = ExponentialLR alone at epoch 2 = 0.25",
    );
    expect(inNumbers("", "SequentialLR", { spec, lr: 1 }, 4)).toMatch(/phase 0 at local epoch 4 /);
  });

  it("is the product of the factors of a chain", () => {
    const spec = parse_spec("constant:5(factor=0.5) + exp(gamma=0.9)");
    expect(inNumbers("", "ChainedScheduler", { spec, lr: 2 }, 2)).toBe(
      "lr(2) = 2 · 0.5 · 0.81 = 0.81",
    );
  });
});

it("what moves the schedulers inside others says where they stand", () => {
  const spec = parse_spec("linear:5 > (exp(gamma=0.9) + step(step_size=5)):10 > constant:5");
  expect(partsOf(spec).map(({ path, title }) => [path, title])).toEqual([
    ["", "SequentialLR"],
    ["schedulers[0]", "phase 0, LinearLR"],
    ["schedulers[1]", "phase 1, ChainedScheduler"],
    ["schedulers[1].schedulers[0]", "phase 1, ExponentialLR"],
    ["schedulers[1].schedulers[1]", "phase 1, StepLR"],
    ["schedulers[2]", "phase 2, ConstantLR"],
  ]);
});

it.each(
  Object.values<readonly Lambda[]>(LAMBDAS).flat(),
)("the function $title is what is written of it", ({
  of,
  written,
  number: { value, min, max },
}) => {
  for (const n of [min, value, max]) {
    const read = new Function(`return ${written(n)}`)() as (epoch: number) => number;
    for (const epoch of [0, 1, 20, 99]) expect(of(n)(epoch)).toBe(read(epoch));
  }
});
