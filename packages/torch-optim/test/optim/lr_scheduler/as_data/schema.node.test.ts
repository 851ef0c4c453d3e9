import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCHEMA_FILE, spec_schema } from "../../../../../../scripts/spec_schema.ts";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";

const { check_spec } = torch.optim.lr_scheduler;

const schema = JSON.parse(readFileSync(SCHEMA_FILE, "utf8"));
const fits = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

describe("the published JSON Schema", () => {
  test("is what the tables of options and the docstrings say now (npm run schema)", () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(spec_schema())));
  });

  test("describes every type and every option", () => {
    for (const [name, { description, properties }] of Object.entries<{
      description: string;
      properties?: Record<string, { description: string }>;
    }>(schema.$defs)) {
      if (!properties) continue;
      expect(description, name).toMatch(/\.$/);
      for (const option of Object.values(properties)) expect(option.description).toMatch(/\.$/);
    }
  });

  test("takes every sound spec", () => {
    fc.assert(
      fc.property(writable_tree, (spec) => {
        expect(check_spec(spec)).toEqual([]);
        expect(fits(spec), JSON.stringify(fits.errors)).toBe(true);
        expect(fits({ $schema: "./spec.schema.json", ...spec })).toBe(true);
      }),
    );
  });

  test("takes recipes, shares and epochs, and refuses what is like them", () => {
    const lengths = { total: 1000, steps_per_epoch: 10 };
    for (const [spec, is_sound] of [
      [{ type: "CosineAnnealingLR", T_max: "95%" }, true],
      [{ type: "MultiStepLR", milestones: ["3ep", 40, ".5%"] }, true],
      [{ type: "CosineAnnealingLR", T_max: "95 %" }, false],
      [{ type: "StepLR", step_size: 3, gamma: "95%" }, false],
      [{ type: "Recipe", schedules: [{ schedule: { type: "LinearLR" } }] }, true],
      [
        {
          type: "Recipe",
          schedules: [{ option: "lr", groups: [0, "a"], schedule: { type: "LinearLR" } }],
        },
        true,
      ],
      [{ type: "Recipe", schedules: [] }, false],
      [{ type: "Recipe", schedules: [{ schedule: { type: "Recipe", schedules: [] } }] }, false],
      [{ type: "Recipe", schedules: [{ options: "lr", schedule: { type: "LinearLR" } }] }, false],
    ] as const) {
      expect(check_spec(spec, lengths).length === 0, JSON.stringify(spec)).toBe(is_sound);
      expect(fits(spec), JSON.stringify(spec)).toBe(is_sound);
    }
  });

  test("judges any single value of any option as check_spec does", () => {
    const values = [-1, 0, 0.5, 1, 2, 2.5, 1e9, "min", "cos", "x", true, null, [], [1], [0.5], {}];
    const bases: Record<string, object> = {
      CosineAnnealingLR: { T_max: 3 },
      CosineAnnealingWarmRestarts: { T_0: 3 },
      CyclicLR: { base_lr: 0.1, max_lr: 1 },
      ExponentialLR: { gamma: 0.9 },
      KeyframesLR: { epochs: [0], factors: [0.5] },
      MultiStepLR: { milestones: [3] },
      OneCycleLR: { max_lr: 1, total_steps: 100 },
      RampLR: { total_iters: 3, end_factor: 0.1 },
      StepLR: { step_size: 3 },
      SWALR: { swa_lr: 0.05 },
      ConstantScheduleWithWarmup: { num_warmup_steps: 1 },
      InverseSqrtSchedule: { num_warmup_steps: 1 },
      LinearScheduleWithWarmup: { num_warmup_steps: 1, num_training_steps: 9 },
      CosineScheduleWithWarmup: { num_warmup_steps: 1, num_training_steps: 9 },
      CosineWithHardRestartsScheduleWithWarmup: { num_warmup_steps: 1, num_training_steps: 9 },
      PolynomialDecayScheduleWithWarmup: { num_warmup_steps: 1, num_training_steps: 9 },
      CosineWithMinLRScheduleWithWarmup: {
        num_warmup_steps: 1,
        num_training_steps: 9,
        min_lr: 0.1,
      },
      CosineWithMinLRScheduleWithWarmupLRRate: {
        num_warmup_steps: 1,
        num_training_steps: 9,
        min_lr: 0.1,
      },
      WSDSchedule: { num_warmup_steps: 1, num_decay_steps: 1, num_stable_steps: 1 },
    };
    let judged = 0;
    for (const [type, { properties }] of Object.entries<{ properties?: object }>(schema.$defs)) {
      if (!properties || type === "SequentialLR" || type === "ChainedScheduler") continue;
      for (const option of [...Object.keys(properties), "foreign"]) {
        for (const value of values) {
          const spec = { type, ...bases[type], [option]: value };
          const problems = check_spec(spec);
          // What contradicts another option is for the constructor alone to know.
          if (problems.some(({ message }) => CONTRADICTION.test(message))) continue;
          expect(fits(spec), JSON.stringify({ spec, problems })).toBe(problems.length === 0);
          judged += 1;
        }
      }
    }
    expect(judged).toBeGreaterThan(1000);
  });

  test("and the shape of trees", () => {
    const child = { type: "ConstantLR" };
    for (const spec of [
      5,
      {},
      { type: "LambdaLR" },
      { type: "ChainedScheduler" },
      { type: "ChainedScheduler", schedulers: [] },
      { type: "ChainedScheduler", schedulers: child },
      { type: "ChainedScheduler", schedulers: [{ ...child, total_iters: "5" }] },
      { type: "ChainedScheduler", schedulers: [{ ...child, $schema: "x" }] },
      { type: "SequentialLR", schedulers: [child, child] },
      { type: "SequentialLR", schedulers: [child, child], milestones: [-3] },
      { type: "ConstantLR", schedulers: [child] },
    ]) {
      expect(check_spec(spec), JSON.stringify(spec)).not.toEqual([]);
      expect(fits(spec), JSON.stringify(spec)).toBe(false);
    }
  });
});

const CONTRADICTION =
  /pct_start|above 1 \/ total_steps|must be given|below the lr|at least num_warmup_steps \+|with shape|for 1 epochs|a list of 1, one/;
