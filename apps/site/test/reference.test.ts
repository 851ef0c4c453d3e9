import { describe_schedulers } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { courseOf } from "../src/chart/course.ts";
import { sampleOption } from "../src/chart/sample.ts";
import { controlsOf, moved } from "../src/reference/controls.ts";
import { EXAMPLES } from "../src/reference/examples.ts";

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
