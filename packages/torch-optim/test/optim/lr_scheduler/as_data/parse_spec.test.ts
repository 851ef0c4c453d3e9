import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";
import { schedulable } from "../../../support/curve.ts";

const { format_spec, from_spec, parse_spec, SpecError, SpecSyntaxError, to_spec } =
  torch.optim.lr_scheduler;

type SchedulerSpec = torch.optim.SchedulerSpec;

function mistake(text: string): string[] {
  try {
    parse_spec(text);
  } catch (error) {
    if (!(error instanceof SpecSyntaxError)) throw error;
    expect(error.message.split("\n")[2].indexOf("^") - 2).toBe(error.position);
    return error.message.split("\n");
  }
  throw new Error(`${text} was read`);
}

describe("the short form", () => {
  test.each<[string, SchedulerSpec]>([
    [
      "linear:10 > cosine:90",
      {
        type: "SequentialLR",
        milestones: [10],
        schedulers: [
          { type: "LinearLR", total_iters: 10 },
          { type: "CosineAnnealingLR", T_max: 90 },
        ],
      },
    ],
    [
      "constant:5(factor=0.1) > step(step_size=10, gamma=0.5)",
      {
        type: "SequentialLR",
        milestones: [5],
        schedulers: [
          { type: "ConstantLR", factor: 0.1, total_iters: 5 },
          { type: "StepLR", step_size: 10, gamma: 0.5 },
        ],
      },
    ],
    [
      "linear:10 > (cosine:90 + exponential(gamma=0.99))",
      {
        type: "SequentialLR",
        milestones: [10],
        schedulers: [
          { type: "LinearLR", total_iters: 10 },
          {
            type: "ChainedScheduler",
            schedulers: [
              { type: "CosineAnnealingLR", T_max: 90 },
              { type: "ExponentialLR", gamma: 0.99 },
            ],
          },
        ],
      },
    ],
    ["plateau(patience=3)", { type: "ReduceLROnPlateau", patience: 3 }],
    ["polynomial:8(power=2)", { type: "PolynomialLR", total_iters: 8, power: 2 }],
    [
      "ramp:8(end_factor=0, shape=sqrt)",
      { type: "RampLR", total_iters: 8, end_factor: 0, shape: "sqrt" },
    ],
    [
      "keyframes(epochs=[0, 5], factors=[0, 1])",
      { type: "KeyframesLR", epochs: [0, 5], factors: [0, 1] },
    ],
    ["swa:5(swa_lr=0.05)", { type: "SWALR", anneal_epochs: 5, swa_lr: 0.05 }],
    ["restarts:8(T_mult=2)", { type: "CosineAnnealingWarmRestarts", T_0: 8, T_mult: 2 }],
    [
      "multistep(milestones=[3, 5], gamma=1e-1)",
      { type: "MultiStepLR", milestones: [3, 5], gamma: 0.1 },
    ],
    [
      "onecycle:40(max_lr=[1, 0.5], anneal_strategy=linear, three_phase=true)",
      {
        type: "OneCycleLR",
        max_lr: [1, 0.5],
        total_steps: 40,
        anneal_strategy: "linear",
        three_phase: true,
      },
    ],
    [
      'cyclic(base_lr=.1, max_lr=1, step_size_down=null, mode="triangular2")',
      {
        type: "CyclicLR",
        base_lr: 0.1,
        max_lr: 1,
        step_size_down: null,
        mode: "triangular2",
      },
    ],
    [
      "linear:5 > cosine:300@5 > constant:10",
      {
        type: "SequentialLR",
        milestones: [5, 300],
        starts: [0, 5, 0],
        schedulers: [
          { type: "LinearLR", total_iters: 5 },
          { type: "CosineAnnealingLR", T_max: 300 },
          { type: "ConstantLR", total_iters: 10 },
        ],
      },
    ],
    [
      "exp:8@3(gamma=0.9) > (linear:5 + cosine:9):9@2 > exp@4(gamma=0.5)",
      {
        type: "SequentialLR",
        milestones: [5, 12],
        starts: [3, 2, 4],
        schedulers: [
          { type: "ExponentialLR", gamma: 0.9 },
          {
            type: "ChainedScheduler",
            schedulers: [
              { type: "LinearLR", total_iters: 5 },
              { type: "CosineAnnealingLR", T_max: 9 },
            ],
          },
          { type: "ExponentialLR", gamma: 0.5 },
        ],
      },
    ],
    ["  exp ( gamma = 0.9 )  ", { type: "ExponentialLR", gamma: 0.9 }],
    ["ExponentialLR(gamma=0.9)", { type: "ExponentialLR", gamma: 0.9 }],
  ])("%s", (text, spec) => {
    expect(parse_spec(text)).toEqual(spec);
  });

  test("a length ends a phase, and an option says otherwise for the scheduler itself", () => {
    expect(parse_spec("linear:10(total_iters=4) > exp:5(gamma=0.9) > constant")).toMatchObject({
      milestones: [10, 15],
      schedulers: [{ total_iters: 4 }, {}, {}],
    });
  });

  test("a group lasts as long as its phases, a chain as its longest member, or as is written", () => {
    const after = (phase: string) => parse_spec(`${phase} > constant`);
    expect(after("(linear:5 > step:20(step_size=5))")).toMatchObject({ milestones: [25] });
    expect(after("linear:5 + cosine:8")).toMatchObject({ milestones: [8] });
    expect(after("(linear:5 + exp(gamma=0.9)):12")).toMatchObject({ milestones: [12] });
  });

  test("+ binds more tightly than >", () => {
    expect(parse_spec("linear:5 > cosine:8 + exp(gamma=0.9)")).toEqual(
      parse_spec("linear:5 > (cosine:8 + exp(gamma=0.9))"),
    );
  });

  test.each([
    ["liner:10 > cosine:90", 0, 'no scheduler is called "liner"; did you mean "linear"?'],
    ["linear:10 > cosine", 12, "cosine needs a length, as in cosine:10"],
    [
      "linear:10 > cosine:0",
      19,
      "schedulers[1].T_max: must be a whole number of at least 1, got 0",
    ],
    ["linear > cosine:90", 0, 'a phase before ">" needs a length, as in linear:10'],
    ["cosine:90@5", 10, "only a phase of a sequence has a start"],
    ["(linear:5 > cosine:9)@2", 22, "only a phase of a sequence has a start"],
    ["linear:5@1 + exp(gamma=0.9)", 9, "a member of a chain has no start of its own"],
    ["linear:5 > (cosine:9@2)@3", 24, "this phase has another start"],
    ["linear:5@6 > constant", 9, "a phase of length 5 must begin before its end"],
    ["linear:5@1.5 > constant", 9, "a start must be a whole number of at least 0, got 1.5"],
    ["linear:5@ > constant", 10, 'expected a start, as in cosine:90@10, got ">"'],
    ["linear:5 > plateau@3", 19, "starts[1]: must be 0 for ReduceLROnPlateau, got 3"],
    ["linear:2.5", 7, "a length must be a whole number of at least 0, got 2.5"],
    ["exp:10(gamma=0.9)", 4, "this length means nothing here, as no phase follows"],
    [
      "(exp:3(gamma=0.9) + linear:5):7 > linear",
      5,
      "this length means nothing, as the parentheses have another",
    ],
    ["linear:10 > cosine:90 >", 23, "expected a scheduler, such as linear:10, got the end"],
    ["linear:10 & cosine:90", 10, 'expected ">", "+" or the end, got "&"'],
    ["(linear:10", 10, 'expected ">", "+" or ")", got the end'],
    ["step(step_size=10, gama=1)", 19, "gama: is not an option; the options are: step_size, gamma"],
    ["step(step_siz=10)", 5, "step_siz: is not an option; the options are: step_size, gamma"],
    ["step(step_size=ten)", 15, 'step_size: must be a whole number of at least 1, got "ten"'],
    ["step(step_size=1, step_size=2)", 18, "step_size is given twice"],
    ['step(type="LinearLR")', 5, "type is no option: it is what stands in front"],
    ["plateau(mode=max", 16, 'expected "," or ")", got the end'],
    ['plateau(mode="max)', 13, "this string has no end"],
    ["plateau(mode=)", 13, 'expected a value, got ")"'],
    [
      "constant:5 > linear:5(start_factor=2) > step(step_size=0)",
      35,
      "schedulers[1].start_factor: must be a finite number of at least 0 and of at most 1, got 2",
    ],
    ["", 0, "expected a scheduler, such as linear:10, got the end"],
  ])("%j points at character %d", (text, position, message) => {
    const [said, line, caret] = mistake(text);
    expect(said).toBe(message);
    expect(line).toBe(`  ${text}`);
    expect(caret).toBe(`${" ".repeat(position + 2)}^`);
  });

  test("of a long line the part around the mistake is shown", () => {
    const text = `${"linear:1 > ".repeat(50)}liner`;
    const [, line, caret] = (() => {
      try {
        return parse_spec(text) as never;
      } catch (error) {
        return (error as Error).message.split("\n");
      }
    })();
    expect(line.length).toBeLessThan(90);
    expect(line.slice(caret.indexOf("^"))).toBe("liner");
  });

  test("more than a schedule can hold is refused, however much", () => {
    for (const symbol of [">", "+"]) {
      const text = `${`linear:1 ${symbol} `.repeat(200_000)}linear:1`;
      expect(() => parse_spec(text)).toThrow("spec: must hold at most 10000 objects and lists");
    }
  });

  test("brackets without end are refused, however many", () => {
    for (const open of ["(", "step(step_size=["]) {
      expect(() => parse_spec(open + "[".repeat(1e5))).toThrow(SpecSyntaxError);
    }
    expect(() => parse_spec("(".repeat(1e5))).toThrow("too many brackets inside each other");
  });
});

describe("JSON text", () => {
  test("is a spec as well", () => {
    expect(parse_spec(' {"type": "StepLR", "step_size": 30}')).toEqual({
      type: "StepLR",
      step_size: 30,
    });
  });

  test.each([
    ['{"type": "StepLR",}', 18, 'expected a name in quotes, got "}"'],
    ['{"type": StepLR}', 9, "expected a value; a string needs quotes"],
    ['{"type": "StepLR"', 17, 'expected "," or "}", got the end'],
    ['{"type": "StepLR"} x', 19, 'expected the end, got "x"'],
    ['{"type" "StepLR"}', 8, 'expected ":", got "\\""'],
    ['{"type": "St\\x"}', 9, "this string has an escape or a character that JSON does not allow"],
  ])("%s points at character %d", (text, position, message) => {
    expect(mistake(text)).toEqual([message, `  ${text}`, `${" ".repeat(position + 2)}^`]);
  });

  test("in several lines shows the line of the mistake", () => {
    expect(() => parse_spec('{\n  "type": "StepLR",\n  "step_size": 30,\n}')).toThrow(
      'expected a name in quotes, got "}"\n  }\n  ^',
    );
  });

  test("that is no spec is refused with all that is wrong", () => {
    expect(() => parse_spec('{"type": "StepLR", "step_size": 0, "gamma": -1}')).toThrow(
      new SpecError([
        { path: "step_size", message: "must be a whole number of at least 1, got 0" },
        { path: "gamma", message: "must be a finite number of at least 0, got -1" },
      ]),
    );
  });
});

describe("format_spec", () => {
  test("writes what a person would", () => {
    for (const text of [
      "linear:10 > cosine:90",
      "constant:5(factor=0.1) > step(step_size=10, gamma=0.5)",
      "linear:10 > (cosine:90 + exponential(gamma=0.99))",
      "(linear:5 > cosine:8):20 > plateau(mode=max, patience=3)",
      "linear:10(total_iters=4) > multistep(milestones=[3, 5])",
      'WSDSchedule(num_warmup_steps=1, num_decay_steps=2, num_stable_steps=3, decay_type="1-sqrt")',
    ]) {
      expect(format_spec(parse_spec(text))).toBe(text);
    }
  });

  test("gives back the same schedule for any spec", () => {
    const written = (spec: torch.optim.lr_scheduler.Spec) =>
      to_spec(from_spec(schedulable(), spec));
    fc.assert(
      fc.property(writable_tree, (tree) => {
        const spec = tree as unknown as SchedulerSpec;
        expect(written(parse_spec(format_spec(spec)))).toEqual(written(spec));
      }),
      { numRuns: 500 },
    );
  });

  test("gives back any text that an option has, with what is not seen as escapes", () => {
    class NotedLR extends torch.optim.LRScheduler<{ note: string }> {
      override get_lr() {
        return this.base_lrs;
      }
    }
    torch.optim.register("NotedLR", NotedLR);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (note) => {
        const spec = { type: "NotedLR", note } as unknown as SchedulerSpec;
        const text = format_spec(spec);
        expect(parse_spec(text)).toEqual(spec);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test("leaves out the note that tells an editor the schema", () => {
    const spec = { $schema: "./spec.schema.json", type: "StepLR", step_size: 3 } as SchedulerSpec;
    expect(format_spec(spec)).toBe("step(step_size=3)");
  });

  test("and any text is read or refused with one of two errors", () => {
    const pieces = fc.constantFrom(
      ..."linear cosine exp step : > + ( ) [ ] { } , = 10 0.5 gamma T_max __proto__ \" ' \\".split(
        " ",
      ),
      " ",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(fc.boolean(), text, (is_json, text) => {
        try {
          from_spec(schedulable(), parse_spec(is_json ? `{${text}` : text));
        } catch (error) {
          expect(error instanceof SpecError || error instanceof SpecSyntaxError).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
