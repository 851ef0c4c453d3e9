import { from_spec, PRESETS, parse_spec } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { courseOf } from "../src/chart/course.ts";
import { gallery, presets } from "../src/start/ready_schedules.ts";
import { openState, StateError } from "../src/start/standing.ts";
import { type Plan, problemsOf } from "../src/studio/plan.ts";

const PLAN: Plan = { spec: parse_spec("linear:10 > cosine:90"), lr: 0.1 };

/** The state of a plan's scheduler after some epochs. */
function stateAt(epochs: number, { spec, lr }: Plan = PLAN): object {
  const scheduler = from_spec({ param_groups: [{ lr }] }, spec);
  for (let epoch = 0; epoch < epochs; epoch++) scheduler.step();
  return JSON.parse(JSON.stringify(scheduler.state_dict()));
}

describe("a state that is opened", () => {
  const state = stateAt(42);

  it.each([
    ["alone", state],
    ["beside an optimizer's", { optimizer: {}, scheduler: state }],
    ["under lr_scheduler", { lr_scheduler: state }],
    ["in a checkpoint", { sha256: "", checkpoint: { options: {}, scheduler: state } }],
  ])("says where the run stands, %s", (_what, file) => {
    expect(openState(JSON.stringify(file), PLAN)).toEqual({ epoch: 42 });
  });

  it("brings the schedule along that a checkpoint of the digits has", () => {
    const other: Plan = { spec: parse_spec("step(step_size=20)"), lr: 0.03, total: 100 };
    const options = { epochs: 100, lr: 0.03, schedule: other.spec };
    const checkpoint = { options, scheduler: stateAt(7, other) };
    expect(openState(JSON.stringify({ checkpoint }), PLAN)).toEqual({ epoch: 7, plan: other });
  });

  it("of another schedule says so", () => {
    const other = stateAt(3, { ...PLAN, spec: parse_spec("step(step_size=20)") });
    const { epoch, otherwise } = openState(JSON.stringify(other), PLAN);
    expect(epoch).toBe(3);
    expect(otherwise).toMatch(/SequentialLR/);
  });

  it.each([
    ["", "The file is no JSON."],
    ["[1]", "The file holds no object."],
    ["{}", 'The file holds no state of a scheduler: no "last_epoch".'],
    [
      '{"scheduler":{"last_epoch":"5"}}',
      'The file holds no state of a scheduler: no "last_epoch".',
    ],
  ])("is refused in a sentence: %j", (text, message) => {
    expect(() => openState(text, PLAN)).toThrow(new StateError(message));
  });
});

describe("what one can begin with", () => {
  it("has a curve, every one of it", () => {
    const ready = [...presets(0.1), ...gallery()];
    expect(ready.length).toBeGreaterThan(Object.keys(PRESETS).length + 20);
    for (const { plan } of ready) {
      expect(problemsOf(plan)).toEqual([]);
      expect(courseOf(plan).length).toBeGreaterThan(1);
    }
  });
});
