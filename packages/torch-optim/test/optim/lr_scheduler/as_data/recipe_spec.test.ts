import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";
import { metric_at } from "../../../support/curve.ts";
import { thrown } from "../../../support/refusal.ts";

const {
  check_spec,
  format_spec,
  from_spec,
  parse_spec,
  Recipe,
  select,
  simulate,
  spec_length,
  to_python,
  to_spec,
  to_typescript,
} = torch.optim.lr_scheduler;

type RecipeSpec = torch.optim.lr_scheduler.RecipeSpec;

const WRITTEN: RecipeSpec = {
  type: "Recipe",
  schedules: [
    {
      schedule: {
        type: "SequentialLR",
        milestones: [10],
        schedulers: [
          { type: "LinearLR", total_iters: 10 },
          { type: "CosineAnnealingLR", T_max: 290 },
        ],
      },
    },
    {
      option: "weight_decay",
      schedule: {
        type: "RampLR",
        shape: "cosine",
        start_factor: 1,
        end_factor: 10,
        total_iters: 300,
      },
    },
    {
      groups: ["xyz"],
      option: "momentum",
      schedule: { type: "ConstantLR", factor: 0.9, total_iters: 5 },
    },
  ],
};

/** What a recipe's short form refuses, and where. */
function mistake(text: string): [number, string] {
  const error = thrown(() => parse_spec(text));
  expect(error).toBeInstanceOf(torch.optim.lr_scheduler.SpecSyntaxError);
  const { position } = error as InstanceType<typeof torch.optim.lr_scheduler.SpecSyntaxError>;
  return [position, error.message.split("\n")[0]];
}

describe("a recipe written down", () => {
  test("is built, and written down again as it was", () => {
    const optimizer = new torch.optim.SGD(
      [{ params: [new torch.Parameter([1])] }, { params: [new torch.Parameter([1])], name: "xyz" }],
      { lr: 0.3, momentum: 0.5, weight_decay: 0.1 },
    );
    const recipe = from_spec(optimizer, WRITTEN);
    expect(recipe).toBeInstanceOf(Recipe);
    expect(recipe.values_at(0)).toEqual([
      { lr: 0.3 / 3, weight_decay: 0.1 },
      { lr: 0.3 / 3, weight_decay: 0.1, momentum: 0.45 },
    ]);
    expect(recipe.values_at(300)[1]).toEqual({ lr: 0, weight_decay: 1, momentum: 0.5 });
    // Defaults are left out, and groups are those that the name stood for.
    expect(to_spec(recipe)).toEqual({
      type: "Recipe",
      schedules: [
        WRITTEN.schedules[0],
        {
          option: "weight_decay",
          schedule: { type: "RampLR", shape: "cosine", end_factor: 10, total_iters: 300 },
        },
        { groups: [1], option: "momentum", schedule: WRITTEN.schedules[2].schedule },
      ].map((entry) => {
        const { schedule } = entry;
        return schedule.type === "ConstantLR"
          ? { ...entry, schedule: { type: "ConstantLR", factor: 0.9 } }
          : entry;
      }),
    });
  });

  test("has a short form, which is read as it is written", () => {
    const text =
      "lr = linear:10 > cosine:290; weight_decay = ramp:300(shape=cosine, end_factor=10); momentum[xyz, 2] = constant:5(factor=0.9)";
    const spec = parse_spec(text);
    expect(spec.schedules.map(({ option, groups }) => [option, groups])).toEqual([
      [undefined, undefined],
      ["weight_decay", undefined],
      ["momentum", ["xyz", 2]],
    ]);
    expect(format_spec(spec)).toBe(text);
    expect(parse_spec(`${text};`)).toEqual(spec);
    expect(parse_spec("lr = cosine:90")).toEqual({
      type: "Recipe",
      schedules: [{ schedule: { type: "CosineAnnealingLR", T_max: 90 } }],
    });
    expect(parse_spec('lr["1", 2, "a b", true] = cosine:90').schedules[0].groups).toEqual([
      "1",
      2,
      "a b",
      "true",
    ]);
  });

  test("comes back from its short form, whatever is in it", () => {
    const name = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.string({ unit: "binary", minLength: 1, maxLength: 5 }),
      fc.constantFrom("bias", "1", "true", "null"),
    );
    const groups = fc.option(fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(writable_tree, groups, (tree, names) => {
        const spec = {
          type: "Recipe",
          schedules: [
            { ...(names ? { groups: names } : {}), schedule: tree },
            { option: "weight_decay", schedule: { type: "ExponentialLR", gamma: 0.9 } },
          ],
        } as unknown as RecipeSpec;
        expect(check_spec(spec)).toEqual([]);
        const text = format_spec(spec);
        expect(format_spec(parse_spec(text))).toBe(text);
        const [first] = (parse_spec(text) as RecipeSpec).schedules;
        expect(first.groups).toEqual(names);
        to_python(spec);
        to_typescript(spec);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    [
      "lr = cosine:90; lr = linear:5",
      16,
      "schedules: must move each option of a group once, got lr of parameter group 0 twice",
    ],
    ["lr = cosin:90", 5, 'no scheduler is called "cosin"; did you mean "cosine"?'],
    [
      "lr = cosine:90; weight_decay = step(step_size=0)",
      46,
      "schedules[1].schedule.step_size: must be a whole number of at least 1, got 0",
    ],
    ["lr = exp:9(gamma=0.9)", 9, "this length means nothing here, as no phase follows"],
    ["lr = cosine:90 cosine:90", 15, 'expected ">", "+", ";" or the end, got "c"'],
    [
      "lr[] = cosine:90",
      0,
      "schedules[0].groups: must be a list of at least one index or name, got []",
    ],
    [
      "lr[-1] = cosine:90",
      0,
      "schedules[0].groups: must be groups that the optimizer has, got [-1]",
    ],
    ["lr[[1]] = cosine:90", 3, "a group must be a name or a number"],
    ["lr = cosine:90;; lr[a] = linear", 15, 'expected an option, as in lr = cosine:90, got ";"'],
    [
      "initial_lr = cosine:90",
      0,
      'schedules[0].option: must be one that parameter group 0 has as a finite number, and no count, got "initial_lr"',
    ],
  ])("%s is refused where it is wrong", (text, position, message) => {
    const [found, sentence] = mistake(text);
    expect(sentence).toBe(message);
    if (!message.startsWith("schedules: ")) expect(found).toBe(position);
  });

  test("is checked with all that is wrong with it, each by its path", () => {
    const problems = (spec: unknown) =>
      check_spec(spec).map(({ path, message }) => `${path}: ${message}`);
    expect(problems({ type: "Recipe", schedules: [] })).toEqual([
      "schedules: must be a list of 1 to 1000 schedules, got []",
    ]);
    expect(
      problems({
        type: "Recipe",
        milestones: [],
        schedules: [
          { schedule: { type: "StepLR" } },
          { optoin: "lr", schedule: { type: "Steplr" } },
          5,
        ],
      }),
    ).toEqual([
      "milestones: is not an option; the options are: schedules",
      "schedules[0].schedule.step_size: must be a whole number of at least 1, but is missing",
      "schedules[1].optoin: is not an option; the options are: option, groups, schedule",
      'schedules[1].schedule.type: must be the name of a scheduler, got "Steplr"; did you mean "StepLR"?',
      "schedules[2]: must be an object with a schedule, got 5",
    ]);
    const inside = { type: "ChainedScheduler", schedulers: [WRITTEN] };
    expect(problems(inside)[0]).toMatch(/^schedulers\[0\]\.type: must be the name of a scheduler/);
  });

  test("names groups that are judged where the groups are given", () => {
    expect(check_spec(WRITTEN)).toEqual([]);
    const momentum = 0.9;
    const groups = [
      { lr: 1, momentum, weight_decay: 0 },
      { lr: 1, momentum, weight_decay: 0, name: "xyz" },
    ];
    expect(check_spec(WRITTEN, { groups })).toEqual([]);
    expect(check_spec(WRITTEN, { groups: groups.slice(0, 1) })).toEqual([
      {
        path: "schedules[2].groups",
        message: 'must be groups that the optimizer has, got ["xyz"]',
      },
    ]);
  });

  test("is refused before the optimizer is touched", () => {
    const optimizer = { param_groups: [{ lr: 1, weight_decay: 0.5 }] };
    const before = structuredClone(optimizer);
    const spec = parse_spec("lr = exp(gamma=0.5); weight_decay[bias] = exp(gamma=0.5)");
    expect(() => from_spec(optimizer, spec)).toThrow(
      'schedules[1].groups: must be groups that the optimizer has, got ["bias"]',
    );
    expect(optimizer).toEqual(before);
  });

  test("is simulated: every option by group and epoch", () => {
    const spec = parse_spec("lr[xyz] = exp(gamma=0.5); weight_decay = linear:2(start_factor=0.5)");
    expect(simulate(spec, { epochs: 3 }).values).toEqual({
      lr: [
        [1, 0.5, 0.25],
        [1, 1, 1],
      ],
      weight_decay: [
        [0.5, 0.75, 1],
        [0.5, 0.75, 1],
      ],
    });
    const groups = [
      { lr: 0.1, weight_decay: 2 },
      { name: "xyz", lr: 8, weight_decay: 0 },
    ];
    const { lrs, values } = simulate(spec, { epochs: 2, groups });
    expect(lrs).toEqual([
      [0.1, 0.1],
      [8, 4],
    ]);
    expect(values.weight_decay).toEqual([
      [1, 1.5],
      [0, 0],
    ]);
    expect(() => simulate(spec, { epochs: 2, groups, lr: 1 })).toThrow(
      "simulate: lr must be left out where groups are given, got 1",
    );
  });

  test("is simulated as a run goes, and leaves recipes and schedulers as they are", () => {
    fc.assert(
      fc.property(writable_tree, (tree) => {
        const optimizer = { param_groups: [{ lr: 1, momentum: 0.9, weight_decay: 0.5 }] };
        const spec = {
          type: "Recipe",
          schedules: [
            { schedule: tree },
            { option: "weight_decay", schedule: { type: "ExponentialLR", gamma: 0.9 } },
          ],
        } as unknown as RecipeSpec;
        const recipe = from_spec(optimizer, spec);
        const run = simulate(recipe, { epochs: 8, metrics: metric_at });
        expect(recipe.last_epoch).toBe(0);
        for (let epoch = 0; epoch < 8; epoch++) {
          expect(run.values.lr[0][epoch]).toBe(optimizer.param_groups[0].lr);
          expect(run.values.weight_decay[0][epoch]).toBe(optimizer.param_groups[0].weight_decay);
          if (recipe.takes_metrics) recipe.step(metric_at(epoch));
          else recipe.step();
        }
      }),
      { numRuns: 80 },
    );
    const decay = select({ param_groups: [{ lr: 1, weight_decay: 4 }] } as never, {
      option: "weight_decay",
    });
    const scheduler = new torch.optim.ExponentialLR(decay, { gamma: 0.5 });
    expect(simulate(scheduler, { epochs: 3 }).values).toEqual({ weight_decay: [[4, 2, 1]] });
  });

  test("is as long as its longest schedule", () => {
    expect(spec_length(WRITTEN)).toBe(300);
    expect(spec_length(parse_spec("lr = exp(gamma=0.9)"))).toBeUndefined();
  });

  test("is written as code of this library that builds the same", () => {
    const spec = parse_spec(
      "lr = linear:10 > cosine:90; weight_decay[bias, 0] = ramp:9(end_factor=2)",
    );
    expect(to_typescript(spec)).toBe(`import {
  CosineAnnealingLR,
  LinearLR,
  RampLR,
  Recipe,
  SequentialLR,
  select,
} from "torch-optim/lr_scheduler";

const linear = new LinearLR(optimizer, { total_iters: 10 });
const cosineAnnealing = new CosineAnnealingLR(optimizer, { T_max: 90 });
const sequential = new SequentialLR(optimizer, {
  schedulers: [linear, cosineAnnealing],
  milestones: [10],
});
const weightDecayOption = select(optimizer, { option: "weight_decay", groups: ["bias", 0] });
const ramp = new RampLR(weightDecayOption, { total_iters: 9, end_factor: 2 });
const recipe = new Recipe(optimizer, { schedules: [sequential, ramp] });
`);
  });

  test("is written for PyTorch as a call of the package, but for classes of one's own", () => {
    const text =
      "lr = linear:10; weight_decay = ramp:9(end_factor=2); momentum[1] = cosine:9(eta_min=0.1)";
    expect(to_python(parse_spec(text))).toBe(
      `from torch_optim import from_spec

# PyTorch schedules neither single groups nor options beside the lr.
scheduler = from_spec(
    optimizer,
    "lr = linear:10; weight_decay = ramp:9(end_factor=2); "
    "momentum[1] = cosine:9(eta_min=0.1)",
)
`,
    );
    class RecipeLR extends torch.optim.LRScheduler {
      override get_lr() {
        return this.base_lrs;
      }
    }
    torch.optim.register("RecipeLR", RecipeLR);
    const own = to_python(
      parse_spec("lr = RecipeLR; weight_decay = ramp:9(end_factor=2); momentum[1] = RecipeLR"),
    );
    expect(own).toContain("recipe_lr_scheduler = RecipeLR(optimizer)\n");
    expect(own).toContain(
      "# PyTorch schedules no momentum of some groups, and torch_optim knows no class of your own: it is left out.",
    );
    expect(own).toMatch(
      /def step\(\):\n {4}recipe_lr_scheduler\.step\(\)\n {4}weight_decay_option\.step\(\)\n$/,
    );
  });
});
