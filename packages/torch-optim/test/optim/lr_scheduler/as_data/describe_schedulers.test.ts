import { describe, expect, it } from "vitest";
import {
  describe_schedulers,
  LRScheduler,
  register,
} from "../../../../src/optim/lr_scheduler/index.ts";

class DescribedLR extends LRScheduler {
  override get_lr(): number[] {
    return this.base_lrs;
  }
}

function description_of(wanted: string) {
  return describe_schedulers().find(({ type }) => type === wanted);
}

describe("describe_schedulers", () => {
  it("tells a scheduler's options, what each may be, and its default", () => {
    expect(description_of("StepLR")).toEqual({
      type: "StepLR",
      meaning: "Multiplies the lr by gamma every step_size epochs.",
      short_names: ["step"],
      is_spec_type: true,
      options: [
        { name: "step_size", expected: "a whole number of at least 1" },
        { name: "gamma", expected: "a finite number of at least 0", default: 0.1 },
      ],
    });
  });

  it("tells the option that is a scheduler's length", () => {
    expect(description_of("OneCycleLR")?.length_option).toBe("total_steps");
    expect(description_of("CosineAnnealingLR")?.length_option).toBe("T_max");
    expect(description_of("StepLR")).not.toHaveProperty("length_option");
  });

  it("tells which schedulers need a function, so that no spec can hold them", () => {
    const types = describe_schedulers().filter(({ is_spec_type }) => !is_spec_type);
    expect(types.map(({ type }) => type)).toEqual(["LambdaLR", "MultiplicativeLR"]);
  });

  it("knows registered schedulers too, in alphabetical order", () => {
    register("DescribedLR", DescribedLR);
    expect(description_of("DescribedLR")).toEqual({
      type: "DescribedLR",
      short_names: [],
      is_spec_type: true,
      options: [],
    });
    const types = describe_schedulers().map(({ type }) => type);
    expect(types).toEqual([...types].sort());
  });
});
