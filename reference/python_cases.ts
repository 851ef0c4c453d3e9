// Writes specs, and what this library makes of them, for `python.py` to compare: random trees in every
// form that a spec has, random recipes, shares of a total, and specs and texts that are wrong.
import { mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import type { Spec } from "torch-optim/lr_scheduler";
import { format_spec, from_spec, parse_spec } from "torch-optim/lr_scheduler";
import { save_pt } from "torch-optim-checkpoint";
import type { SchedulableGroup } from "../packages/torch-optim/src/optim/param_group.ts";
import { writable_tree } from "../packages/torch-optim/test/support/arbitrary.ts";
import { metric_at } from "../packages/torch-optim/test/support/curve.ts";
import { build, type Spec as Tree } from "../packages/torch-optim/test/support/spec.ts";

const SEED = 20261127;
const STEPS = 30;
const METRICS = Array.from({ length: STEPS }, (_, epoch) => metric_at(epoch));

type Group = SchedulableGroup & { name?: string; weight_decay?: number };
type Values = Record<string, number>;
/** An lr set by hand before a step. */
type HandSet = Record<number, Record<number, number>>;

/** Whatever can be stepped. */
interface Scheduled {
  readonly takes_metrics: boolean;
  readonly last_epoch: number;
  step(metric?: number): void;
  state_dict(): object;
}

const GROUPS: readonly (readonly Group[])[] = [
  [{ lr: 0.25, initial_lr: 0.5, momentum: 0.9 }],
  [{ lr: 1, momentum: 0.9 }],
  [{ lr: 0.1, betas: [0.9, 0.999] }],
  [
    { lr: 1, momentum: 0.9 },
    { lr: 0.3, momentum: 0.5 },
  ],
  [
    { lr: 0.02, betas: [0.95, 0.99] },
    { lr: 0, betas: [0.9, 0.999] },
  ],
];

const NAMED: readonly Group[] = [
  { name: "bias", lr: 1, momentum: 0.9, weight_decay: 0.1 },
  { name: "rest", lr: 0.5, momentum: 0.8, weight_decay: 0.01 },
];

function optimizer_of(groups: readonly Group[]) {
  return { param_groups: structuredClone(groups) as Group[] };
}

function values_of(groups: readonly Group[]): Values[] {
  return groups.map(({ lr, momentum, betas, weight_decay }) => ({
    lr,
    momentum: betas?.[0] ?? momentum ?? 0,
    ...(weight_decay === undefined ? {} : { weight_decay }),
  }));
}

/** What is in force at every epoch from the one at hand to `STEPS`. */
function follow(scheduled: Scheduled, groups: readonly Group[], hand_set: HandSet = {}) {
  const course = [values_of(groups)];
  for (let step = scheduled.last_epoch; step < STEPS; step++) {
    for (const [g, lr] of Object.entries(hand_set[step] ?? {})) groups[Number(g)].lr = lr;
    if (scheduled.takes_metrics) scheduled.step(METRICS[step]);
    else scheduled.step();
    course.push(values_of(groups));
  }
  return course;
}

function sentence(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The state at an epoch of the run. */
function state_at(spec: Spec, groups: readonly Group[], epoch: number, hand_set: HandSet): object {
  const optimizer = optimizer_of(groups);
  const scheduled = from_spec(optimizer, spec) as Scheduled;
  for (let step = 0; step < epoch; step++) {
    for (const [g, lr] of Object.entries(hand_set[step] ?? {})) {
      optimizer.param_groups[Number(g)].lr = lr;
    }
    if (scheduled.takes_metrics) scheduled.step(METRICS[step]);
    else scheduled.step();
  }
  return scheduled.state_dict();
}

/** The run that begins behind an epoch, if it can. */
function resumed(spec: Spec, groups: readonly Group[], last_epoch: number) {
  const optimizer = optimizer_of(groups);
  try {
    const scheduler = build(optimizer, { ...(spec as Tree), last_epoch });
    return follow(scheduler as Scheduled, optimizer.param_groups);
  } catch {
    return null;
  }
}

interface Draw {
  readonly epoch: number;
  readonly last_epoch: number;
  readonly hand_set: HandSet;
}

/** A spec, in the form in which Python is given it, and all that is to come out. */
function case_of(written: Spec | string, spec: Spec, groups: readonly Group[], draw: Draw) {
  const wrong = sentence(() => from_spec(optimizer_of(groups), spec));
  if (wrong !== undefined) return { groups, spec: written, error: wrong };
  const optimizer = optimizer_of(groups);
  const scheduled = from_spec(optimizer, spec);
  const { epoch, last_epoch, hand_set } = draw;
  return {
    groups,
    spec: written,
    hand_set,
    course: follow(scheduled as Scheduled, optimizer.param_groups, hand_set),
    epoch,
    state: state_at(spec, groups, epoch, hand_set),
    ...(spec.type === "Recipe" ? {} : { last_epoch, resumed: resumed(spec, groups, last_epoch) }),
  };
}

const draw_of: fc.Arbitrary<Draw> = fc.record({
  epoch: fc.integer({ min: 0, max: STEPS - 1 }),
  last_epoch: fc.integer({ min: -1, max: STEPS - 2 }),
  hand_set: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: STEPS - 1 }), fc.constantFrom(0.05, 0.7, 3))
        .map(([step, lr]) => ({ [step]: { 0: lr } })),
    },
  ),
});

const tree = writable_tree as unknown as fc.Arbitrary<Spec>;

const plain = fc
  .tuple(tree, fc.constantFrom(...GROUPS), fc.constantFrom("data", "JSON", "text"), draw_of)
  .map(([spec, groups, form, draw]) => {
    const written = form === "data" ? spec : form === "JSON" ? JSON.stringify(spec) : text_of(spec);
    return case_of(written, spec, groups, draw);
  });

function text_of(spec: Spec): string | Spec {
  return sentence(() => format_spec(spec)) === undefined ? format_spec(spec) : spec;
}

/** Schedules of different options, or of different groups. */
const recipe = fc
  .tuple(
    fc.constantFrom<unknown[][]>(...selections()),
    fc.array(tree, { minLength: 3, maxLength: 3 }),
    draw_of,
  )
  .map(([selected, trees, draw]) => {
    const schedules = selected.map((selection, i) => ({
      ...(selection as object),
      schedule: trees[i],
    }));
    const spec = { type: "Recipe", schedules } as Spec;
    return case_of(spec, spec, NAMED, { ...draw, hand_set: {} });
  });

function selections(): object[][] {
  const weight_decay = { option: "weight_decay" };
  return [
    [{}, weight_decay],
    [{ groups: ["bias"] }, { groups: [1] }, weight_decay],
    [{ ...weight_decay, groups: ["rest"] }, { option: "momentum" }],
    [{ option: "momentum", groups: [0] }, weight_decay, { groups: ["rest", 0] }],
  ];
}

/** Texts in shares of a total and in epochs of several steps. */
const share = fc.integer({ min: 1, max: 40 });
const shares = fc
  .tuple(share, share, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 20, max: 90 }), draw_of)
  .map(([a, b, epochs, total, draw]) => {
    const text =
      `linear:${a}% > constant:${epochs}ep(factor=0.5) > (cosine:${b}% + exp(gamma=0.9)):${b}% > ` +
      "ramp:10%(end_factor=0)";
    const lengths = { total, steps_per_epoch: 3 };
    const wrong = sentence(() => parse_spec(text, lengths));
    if (wrong !== undefined) return { groups: GROUPS[1], spec: text, ...lengths, error: wrong };
    const spec = parse_spec(text, lengths) as Spec;
    return { ...case_of(text, spec, GROUPS[1], { ...draw, hand_set: {} }), ...lengths };
  });

const ODD = [-1, 0, 2.5, 1e300, "90", null, true, [], [1, 2], [-1], {}, "cosine"];

/** A scheduler somewhere in a tree with an option that is wrong, missing or none. */
const wrong_data = fc
  .tuple(
    tree,
    fc.nat(),
    fc.nat(),
    fc.constantFrom(...ODD),
    fc.constantFrom("set", "drop", "add", "type"),
  )
  .map(([spec, which, option, value, how]) => {
    const data = structuredClone(spec) as unknown as Record<string, unknown>;
    const all = schedulers_in(data);
    const one = all[which % all.length];
    const names = Object.keys(one).filter((name) => name !== "type");
    const name = names[option % Math.max(1, names.length)];
    if (how === "type") one.type = `${one.type}`.slice(1);
    else if (how === "add" || name === undefined) one.gama = value;
    else if (how === "drop") delete one[name];
    else one[name] = value;
    const optimizer = optimizer_of(GROUPS[3]);
    const error = sentence(() => from_spec(optimizer, data as unknown as Spec));
    return { groups: GROUPS[3], spec: data, error };
  })
  .filter(({ error }) => error !== undefined);

function schedulers_in(data: Record<string, unknown>): Record<string, unknown>[] {
  const { schedulers } = data as { schedulers?: Record<string, unknown>[] };
  return [data, ...(schedulers ?? []).flatMap(schedulers_in)];
}

/** A text in which a few characters are missing or others. */
const wrong_text = fc
  .tuple(
    tree,
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.constantFrom("", "(", ")", ">", "+", "x", "=", "%", "@2", " "),
  )
  .map(([spec, place, length, put]) => {
    const text = text_of(spec);
    if (typeof text !== "string") return { groups: GROUPS[1], spec: "", error: undefined };
    const at = place % text.length;
    const changed = text.slice(0, at) + put + text.slice(at + length);
    return { groups: GROUPS[1], spec: changed, error: sentence(() => parse_spec(changed)) };
  })
  .filter(({ error }) => error !== undefined);

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number, seed: number) =>
  fc.sample(arbitrary, { numRuns: count, seed: SEED + seed });

/** A chain or a sequence to which a group is added in mid-run. */
const JOINED = [
  "linear:5 > (restarts:8 + polynomial:20):15 > step(step_size=3)",
  "restarts:6 + (exp(gamma=0.9) + multistep(milestones=[9, 3])) + constant:7(factor=0.5)",
  "constant:2(factor=0.1) > (step(step_size=3) + cosine:9)",
  "ramp:20(end_factor=0, shape=sqrt)",
  "linear:3 > onecycle:40(max_lr=1)",
  "cosine:10 + exp(gamma=0.9) + restarts:7",
  "step:6(step_size=2) > (swa:5(swa_lr=0.05) + exp(gamma=0.9))",
].map((text) => {
  const [group] = structuredClone(GROUPS[1]);
  const param_groups = [group];
  const scheduler = from_spec({ param_groups }, parse_spec(text) as Spec) as Scheduled;
  const lrs: number[][] = [];
  for (let step = 0; step < STEPS; step++) {
    if (step === 7) param_groups.push({ lr: 0.2, momentum: 0.9 });
    scheduler.step();
    lrs.push(param_groups.map(({ lr }) => lr));
  }
  return { groups: GROUPS[1], spec: text, added: { step: 7, lr: 0.2 }, lrs };
});

const cases = {
  "single schedulers, sequences and chains": sample(plain, 3000, 0),
  recipes: sample(recipe, 400, 1),
  "shares and epochs": sample(shares, 200, 2),
  "wrong specs": sample(wrong_data, 600, 3),
  "wrong texts": sample(wrong_text, 400, 4),
};

// Files of torch-optim-checkpoint, by the number of the case.
const [file, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const [i, one] of cases["single schedulers, sequences and chains"].entries()) {
  if (i % 20 > 0 || !("state" in one)) continue;
  writeFileSync(`${folder}/${i}.pt`, save_pt({ scheduler: one.state as object }));
}
writeFileSync(file, JSON.stringify({ metrics: METRICS, steps: STEPS, cases, joined: JOINED }));
