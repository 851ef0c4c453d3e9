import fc from "fast-check";
import {
  check_spec,
  from_spec,
  PRESETS,
  parse_spec,
  type Spec,
  to_spec,
} from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { writable_tree } from "../../../packages/torch-optim/test/support/arbitrary.ts";
import { JSON_TEXT } from "../src/editors/json_text.ts";
import { Mistaken, type PlanText } from "../src/editors/plan_text.ts";
import { SHORT_FORM } from "../src/editors/short_form.ts";
import { TYPESCRIPT } from "../src/editors/typescript_text.ts";
import { type Plan, resolvedSpec } from "../src/studio/plan.ts";

const PLAN: Plan = { spec: { type: "StepLR", step_size: 30 }, lr: 0.1 };
const TEXTS = { "short form": SHORT_FORM, JSON: JSON_TEXT, TypeScript: TYPESCRIPT };

const soundSpec = (writable_tree as unknown as fc.Arbitrary<Spec>).filter(
  (spec) => check_spec(spec).length === 0,
);

/** A spec without what is said by default. */
function canonical(spec: Spec): Spec {
  const scheduler = from_spec({ param_groups: [{ lr: 1, momentum: 0.9 }] }, spec);
  return to_spec(scheduler);
}

/** What is wrong with a text: what is underlined, and what is said of it. */
function mistakes(language: PlanText, text: string, plan = PLAN): [string, string][] {
  try {
    language.read(text, plan);
  } catch (error) {
    if (!(error instanceof Mistaken)) throw error;
    return error.mistakes.map(({ from, to, message }) => [text.slice(from, to), message]);
  }
  return [];
}

describe.each(Object.entries(TEXTS))("a plan as %s", (_, language) => {
  it("is read back as the same plan", () => {
    fc.assert(
      fc.property(soundSpec, (spec) => {
        const plan = { ...PLAN, spec };
        const again = language.read(language.write(plan), PLAN);
        expect(language.write(again)).toBe(language.write(plan));
        expect(canonical(again.spec)).toEqual(canonical(spec));
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.entries(PRESETS))("is read back, if it is %s", (_, { spec }) => {
    const plan = { ...PLAN, spec: parse_spec(spec) };
    expect(language.read(language.write(plan), PLAN)).toEqual(plan);
  });

  it("keeps what is not in the text", () => {
    const plan: Plan = { ...PLAN, lr: 0.3, total: 1000, stepsPerEpoch: 10, metrics: [1, 2] };
    expect(language.read(language.write(plan), plan)).toEqual(plan);
  });

  it("of any characters is read or refused, and nothing else happens", () => {
    const pieces = fc.constantFrom(
      ...[
        "new",
        "StepLR",
        "const",
        "x",
        "=",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        ">",
        "+",
        "-",
      ],
      ...["optimizer", "gamma", "1", '"', "'", "\\", "\n", " ", "5%", "linear", "type", "//", "/*"],
      ...["select", "**", "import", "from", "__proto__", "😀", "null"],
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces, { maxLength: 30 }).map((list) => list.join("")),
      fc.array(pieces, { maxLength: 30 }).map((list) => list.join(" ")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const [marked, said] of mistakes(language, text)) {
          expect(said).not.toBe("");
          expect(marked !== "" || text === "").toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("shares and epochs", () => {
  const plan: Plan = { ...PLAN, total: 1000, stepsPerEpoch: 10 };

  it.each([
    "linear:5% > cosine:95%",
    "linear:2ep > cosine:98ep",
    "linear:2.5% > constant:67.5%(factor=1) > linear:30%(start_factor=1, end_factor=0)",
    "linear:10% > (cosine:90% + exponential(gamma=0.99))",
    "lr = linear:5% > cosine:95%; momentum[bias] = linear:3%(start_factor=0.25)",
    "linear:10 > step(step_size=30ep)",
  ])("stay what they are in the short form: %s", (text) => {
    const next = SHORT_FORM.read(text, plan);
    expect(SHORT_FORM.write(next)).toBe(text);
    expect(resolvedSpec(next)).toEqual(parse_spec(text, { total: 1000, steps_per_epoch: 10 }));
  });

  it("are texts in JSON, and numbers in TypeScript", () => {
    const next = SHORT_FORM.read("linear:5% > cosine:95%", plan);
    expect(JSON_TEXT.write(next)).toContain('{ "type": "CosineAnnealingLR", "T_max": "95%" }');
    expect(TYPESCRIPT.write(next)).toContain("new CosineAnnealingLR(optimizer, { T_max: 950 })");
  });

  it("become numbers where a milestone is a sum of both", () => {
    const next = SHORT_FORM.read("linear:10 > constant:10% > cosine:50%", plan);
    expect(SHORT_FORM.write(next)).toBe("linear:10 > constant:100 > cosine:500");
  });

  it("say what is missing", () => {
    expect(mistakes(SHORT_FORM, "linear:10 > cosine:95%")).toEqual([
      ["cosine:95%", "schedulers[1].T_max: needs total, got none"],
    ]);
  });
});

describe("a mistake in the short form", () => {
  it.each([
    ["linear:10 > cosin:90", "cosin", 'no scheduler is called "cosin"; did you mean "cosine"?'],
    ["linear:10 >", ">", "expected a scheduler, such as linear:10, got the end"],
    ["", "", "expected a scheduler, such as linear:10, got the end"],
    [
      "linear:10 > step(step_size=0)",
      "0",
      "schedulers[1].step_size: must be a whole number of at least 1, got 0",
    ],
    [
      '{ "type": "StepLR" }',
      '"type": "StepLR"',
      "step_size: must be a whole number of at least 1, but is missing",
    ],
  ])("of %s is marked at %s", (text, marked, said) => {
    expect(mistakes(SHORT_FORM, text)).toEqual([[marked, said]]);
  });

  it("in a length is marked at its scheduler, however deep", () => {
    const text =
      "lr = linear:10; momentum = (linear:5 > constant:5):10 > (cosine:120% + step(step_size=3))";
    expect(mistakes(SHORT_FORM, text, { ...PLAN, total: 100 })).toEqual([
      [
        "cosine:120%",
        "schedules[1].schedule.schedulers[1].schedulers[0].T_max: must be a share of at most 100%, got 120%",
      ],
    ]);
  });
});

describe("a mistake in JSON", () => {
  it("is marked where it is, each of them", () => {
    const text = `{
      "type": "SequentialLR",
      "schedulers": [
        { "type": "LinearLR", "start_factor": 2, "total_itres": 10 },
        { "type": "CosineAnealingLR", "T_max": 60 },
        { "type": "StepLR" }
      ],
      "milestones": [10]
    }`;
    expect(mistakes(JSON_TEXT, text).map(([marked]) => marked)).toEqual([
      "10",
      "2",
      '"CosineAnealingLR"',
      '"type": "StepLR"',
      "[10]",
    ]);
  });

  it.each([
    ['{ "type": "StepLR", }', "}", 'expected a name in quotes, got "}"'],
    ["linear:10", "linear", 'expected "{"'],
    ["", "", 'expected "{"'],
    ['{ "type": StepLR }', "StepLR", "expected a value; a string needs quotes"],
  ])("of syntax is marked: %s", (text, marked, said) => {
    expect(mistakes(JSON_TEXT, text)).toEqual([[marked, said]]);
  });

  it("is a key that reaches beyond its object", () => {
    const text = '{ "type": "StepLR", "step_size": 3, "__proto__": { "gamma": 9 } }';
    expect(mistakes(JSON_TEXT, text)).toEqual([['{ "gamma": 9 }', "__proto__: is not an option"]]);
  });

  it("does not know the schema that an editor goes by", () => {
    const text = '{ "$schema": "./spec.schema.json", "type": "StepLR", "step_size": 3 }';
    expect(JSON_TEXT.read(text, PLAN).spec).toEqual({ type: "StepLR", step_size: 3 });
  });
});

describe("TypeScript", () => {
  it("is read as it is written by hand too", () => {
    const text = `
      import * as torch from 'torch-optim';
      /* A short
         warm-up. */
      const optim = 1`;
    expect(mistakes(TYPESCRIPT, text)).toEqual([["1", 'expected new or select(…), got "1"']]);
    const program = `
      import * as torch from 'torch-optim';
      import { StepLR } from "torch-optim/lr_scheduler"
      let warm_up = new torch.optim.LinearLR(optimizer, { 'start_factor': 1 / 4, total_iters: 1_0, })
      // Then down.
      export const all = new SequentialLR(
        optimizer,
        {
          milestones: [2 + 2 * 3],
          schedulers: [warm_up, new StepLR(optimizer, { step_size: 2 ** 3, gamma: -(-.5) })],
        },
      )`;
    expect(TYPESCRIPT.read(program, PLAN).spec).toEqual({
      type: "SequentialLR",
      schedulers: [
        { type: "LinearLR", start_factor: 0.25, total_iters: 10 },
        { type: "StepLR", step_size: 8, gamma: 0.5 },
      ],
      milestones: [8],
    });
  });

  it("of a selection alone is a recipe of one schedule", () => {
    const program = `
      const momentum = select(optimizer, { option: "momentum", groups: [0, "bias"] });
      const scheduler = new StepLR(momentum, { step_size: 3 });`;
    expect(TYPESCRIPT.read(program, PLAN).spec).toEqual({
      type: "Recipe",
      schedules: [
        { option: "momentum", groups: [0, "bias"], schedule: { type: "StepLR", step_size: 3 } },
      ],
    });
  });

  it.each([
    ["const s = new StepLR(optimizer, { step_size: 0 });", "step_size: 0"],
    ["const s = new StepLR(optimizer, { gamma: 0.1 });", "StepLR"],
    ["const s = new StepLRX(optimizer, {});", "StepLRX"],
    ["const s = new SequentialLR(optimizer, { schedulers: [a], milestones: [] });", "a"],
    ["const s = new LambdaLR(optimizer, { lr_lambda: (epoch) => 1 });", "epoch"],
    ["const s = new StepLR(adam, { step_size: 3 });", "adam"],
    ["const s = new StepLR(optimizer, { step_size: 3, step_size: 4 });", "step_size"],
    [
      "const a = new StepLR(optimizer, { step_size: 3 }); const b = new StepLR(optimizer, { step_size: 3 });",
      "a",
    ],
    ["fetch('https://example.org');", "fetch"],
    ["const s = new StepLR(optimizer, { step_size: 3 }", "}"],
  ])("that says something else is refused where it does: %s", (text, marked) => {
    expect(mistakes(TYPESCRIPT, text).map(([found]) => found)).toEqual([marked]);
  });

  it("never runs", () => {
    const text = "const s = new StepLR(optimizer, { step_size: (globalThis.isRun = true, 3) });";
    expect(mistakes(TYPESCRIPT, text)).toHaveLength(1);
    expect("isRun" in globalThis).toBe(false);
  });
});
