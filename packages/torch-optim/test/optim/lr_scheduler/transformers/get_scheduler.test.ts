import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import transformers from "../../../fixtures/lr_scheduler/transformers.json";
import { follow, lrs_of, schedulable, step } from "../../../support/curve.ts";
import { type Fixture, matches_pytorch } from "../../../support/fixtures.ts";

const { get_scheduler, to_spec } = torch.optim.lr_scheduler;

const fixture = transformers as unknown as Fixture;
const NAMES: Record<string, torch.optim.SchedulerName> = {
  LinearScheduleWithWarmup: "linear",
  CosineScheduleWithWarmup: "cosine",
  CosineWithHardRestartsScheduleWithWarmup: "cosine_with_restarts",
  PolynomialDecayScheduleWithWarmup: "polynomial",
  ConstantSchedule: "constant",
  ConstantScheduleWithWarmup: "constant_with_warmup",
  InverseSqrtSchedule: "inverse_sqrt",
  CosineWithMinLRScheduleWithWarmup: "cosine_with_min_lr",
  WSDSchedule: "warmup_stable_decay",
};

matches_pytorch("each of transformers' schedules", fixture);

describe("get_scheduler", () => {
  for (const [type, name] of Object.entries(NAMES)) {
    test(`"${name}" gives transformers' numbers`, () => {
      const cases = fixture.cases.filter(({ spec }) => spec.type === type);
      expect(cases.length).toBeGreaterThan(20);
      for (const { spec, groups, steps, lr } of cases) {
        const {
          type: _,
          num_warmup_steps,
          num_training_steps,
          ...kwargs
        } = spec as object as {
          type: string;
          num_warmup_steps?: number;
          num_training_steps?: number;
        };
        const scheduler = get_scheduler(name, schedulable(groups), {
          num_warmup_steps: num_warmup_steps ?? null,
          num_training_steps: num_training_steps ?? null,
          scheduler_specific_kwargs: kwargs,
        });
        const { lrs } = follow(scheduler, steps);
        const largest = Math.max(...lr.flat());
        for (const [epoch, row] of lrs.entries()) {
          for (const [g, ours] of row.entries()) {
            expect(Math.abs(ours - lr[g][epoch])).toBeLessThanOrEqual(1e-12 * largest);
          }
        }
        expect(to_spec(scheduler).type).toBe(type);
      }
    });
  }

  test('"reduce_lr_on_plateau" is a ReduceLROnPlateau', () => {
    const scheduler = get_scheduler("reduce_lr_on_plateau", schedulable(), {
      num_warmup_steps: 10,
      num_training_steps: 100,
      scheduler_specific_kwargs: { patience: 3 },
    });
    expect(to_spec(scheduler)).toEqual({ type: "ReduceLROnPlateau", patience: 3 });
  });

  test("steps that a schedule does not know are passed over, as in transformers", () => {
    const options = { num_warmup_steps: 4, num_training_steps: 9 };
    expect(to_spec(get_scheduler("constant", schedulable(), options))).toEqual({
      type: "ConstantSchedule",
    });
    expect(to_spec(get_scheduler("inverse_sqrt", schedulable(), options))).toEqual({
      type: "InverseSqrtSchedule",
      num_warmup_steps: 4,
    });
  });

  test("last_epoch continues a schedule", () => {
    const optimizer = schedulable([2]);
    const scheduler = get_scheduler("linear", optimizer, {
      num_warmup_steps: 2,
      num_training_steps: 9,
      last_epoch: 4,
    });
    expect(scheduler.last_epoch).toBe(5);
    expect(lrs_of(optimizer)).toEqual([(2 * (9 - 5)) / (9 - 2)]);
    const plateau = { last_epoch: -1, scheduler_specific_kwargs: { patience: 1 } };
    expect(get_scheduler("reduce_lr_on_plateau", schedulable(), plateau).last_epoch).toBe(0);
  });

  test("a state of transformers, which holds no options, goes on with the constructor's", () => {
    const build = () =>
      get_scheduler("cosine", schedulable(), { num_warmup_steps: 3, num_training_steps: 20 });
    const one = build();
    for (let epoch = 0; epoch < 8; epoch++) step(one);
    const { base_lrs, last_epoch, _step_count, _last_lr } = one.state_dict();
    const other = build();
    other.load_state_dict({ base_lrs, last_epoch, _step_count, _last_lr, lr_lambdas: [{}] });
    expect(lrs_of(other.optimizer)).toEqual(lrs_of(one.optimizer));
    expect(follow(other, 9)).toEqual(follow(one, 9));
  });

  test("mistakes are refused by name", () => {
    const build = (name: string, options: object) => () =>
      get_scheduler(name as torch.optim.SchedulerName, schedulable([0.1]), options);
    const steps = { num_warmup_steps: 5, num_training_steps: 10 };
    expect(build("cosinus", steps)).toThrow(
      'get_scheduler: name must be one of linear, cosine, cosine_with_restarts, polynomial, constant, constant_with_warmup, inverse_sqrt, cosine_with_min_lr, warmup_stable_decay, reduce_lr_on_plateau, got "cosinus"',
    );
    expect(build("toString", steps)).toThrow(RangeError);
    expect(build("cosine", { num_training_steps: 10 })).toThrow(
      "CosineScheduleWithWarmup: num_warmup_steps must be a whole number of at least 0, got undefined",
    );
    const kwargs = (scheduler_specific_kwargs: object) => ({ ...steps, scheduler_specific_kwargs });
    expect(build("linear", kwargs({ num_cycles: 2 }))).toThrow(
      "LinearScheduleWithWarmup: num_cycles is not an option",
    );
    expect(build("cosine_with_min_lr", steps)).toThrow(
      "CosineWithMinLRScheduleWithWarmup: min_lr must be given, or min_lr_rate, got neither",
    );
    expect(build("cosine_with_min_lr", kwargs({ min_lr: 0.1, min_lr_rate: 0.1 }))).toThrow(
      "got both",
    );
    expect(build("polynomial", kwargs({ lr_end: 0.1 }))).toThrow(
      "PolynomialDecayScheduleWithWarmup: lr_end must be below the lr of every parameter group, got 0.1 with an lr of 0.1",
    );
    expect(build("warmup_stable_decay", { num_warmup_steps: 5 })).toThrow(
      "WSDSchedule: num_decay_steps must be a whole number of at least 0, got undefined",
    );
    expect(build("warmup_stable_decay", kwargs({ num_decay_steps: 6 }))).toThrow(
      "WSDSchedule: num_training_steps must be at least num_warmup_steps + num_decay_steps, got 10",
    );
    const no_end = { num_warmup_steps: 5, scheduler_specific_kwargs: { num_decay_steps: 6 } };
    expect(build("warmup_stable_decay", no_end)).toThrow(
      "WSDSchedule: num_training_steps must be given, or num_stable_steps, got neither",
    );
  });
});
