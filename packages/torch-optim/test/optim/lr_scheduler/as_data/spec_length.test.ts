import { describe, expect, it } from "vitest";
import {
  parse_spec,
  type SchedulerSpec,
  SpecError,
  spec_length,
} from "../../../../src/optim/lr_scheduler/index.ts";

describe("spec_length", () => {
  it.each([
    ["cosine:90", 90],
    ["linear", 5],
    ["constant:7", 7],
    ["polynomial:20(power=2)", 20],
    ["restarts:14(T_mult=2)", 14],
    ["onecycle:50(max_lr=1)", 50],
    ["OneCycleLR(max_lr=1, epochs=5, steps_per_epoch=30)", 150],
    ["linear:1000 > cosine:9000", 10_000],
    ["linear:10(total_iters=5) > cosine(T_max=70)", 80],
    ["cosine:30 + exponential(gamma=0.9) + linear:40", 40],
    ["linear:10 > (cosine:30 + linear:40)", 50],
    ["(linear:10 > cosine:20):50 > (linear:5 > cosine:25)", 80],
    ["linear:0 > cosine:100", 100],
    ["linear:5 > cosine:300@5", 300],
    ["linear:5 > (linear:5 > cosine:25)@10", 25],
    ["CosineScheduleWithWarmup(num_warmup_steps=10, num_training_steps=200)", 200],
    ["WSDSchedule(num_warmup_steps=10, num_decay_steps=20, num_training_steps=100)", 100],
    ["WSDSchedule(num_warmup_steps=10, num_stable_steps=50, num_decay_steps=20)", 80],
  ])("of %s is %i", (text, length) => {
    expect(spec_length(parse_spec(text))).toBe(length);
  });

  it.each([
    "step(step_size=30)",
    "multistep(milestones=[30, 60])",
    "linear:10 > exponential(gamma=0.9)",
    "plateau",
    "step(step_size=9) + exponential(gamma=0.9)",
    "cyclic(base_lr=0.1, max_lr=1)",
    "ConstantSchedule",
    "ConstantScheduleWithWarmup(num_warmup_steps=10)",
  ])("is said by nothing in %s", (text) => {
    expect(spec_length(parse_spec(text))).toBeUndefined();
  });

  it("refuses what is no spec", () => {
    const wrong = { type: "CosineAnnealingLR", T_max: -1 } as unknown as SchedulerSpec;
    expect(() => spec_length(wrong)).toThrow(SpecError);
  });
});
