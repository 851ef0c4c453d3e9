import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";

const { check_spec, parse_spec, PRESETS, simulate } = torch.optim.lr_scheduler;

type Formula = (step: number) => number;

const cosine = (done: number) => (1 + Math.cos(Math.PI * done)) / 2;
const between = (a: number, b: number, part: number) => a + (b - a) * part;

function timm(step: number, { prefix = false, cycles = 1, length = 300, decay = 1 } = {}): number {
  if (step < 5) return 1e-4 + (step * (1 - 1e-4)) / 5;
  const t = prefix ? step - 5 : step;
  const cycle = Math.floor(t / length);
  return cycle < cycles ? decay ** cycle * cosine((t - cycle * length) / length) : 0;
}

function deepspeed(step: number, rise: Formula): number {
  return step < 1000 ? rise(step) : Math.max(0, (10_000 - step) / 9000);
}

function torchtitan(step: number, fall: Formula): number {
  const at = Math.min(step, 10_000);
  if (at < 200) return (at + 1) / 201;
  return at < 9000 ? 1 : fall((at + 1 - 9000) / 1001);
}

/** YOLOv5 with a base lr of 0.01 and 100 batches an epoch. */
function yolo(step: number, start: number): number {
  const epoch = Math.floor(step / 100);
  const lr = 0.01 * ((1 - epoch / 100) * (1 - 0.01) + 0.01);
  return step <= 300 ? between(start, lr, step / 300) : lr;
}

function one_cycle(step: number): number {
  const anneal = (from: number, to: number, done: number) => to + (from - to) * cosine(done);
  if (step <= 29) return anneal(0.1 / 25, 0.1, step / 29);
  return anneal(0.1, 0.1 / 25 / 1e4, (step - 29) / 70);
}

interface Case {
  readonly steps: number;
  readonly groups: readonly torch.optim.SimulatedGroup[];
  /** What the source gives: each option of each group, by step. */
  readonly values: Readonly<Record<string, readonly Formula[]>>;
}

const by_factor = (steps: number, lr: Formula, base = 1): Case => ({
  steps,
  groups: [{ lr: base, momentum: 0.9 }],
  values: { lr: [lr] },
});

const CASES: Readonly<Record<string, Case>> = {
  nanogpt: by_factor(
    602_000,
    (it) => {
      if (it < 2000) return (6e-4 * (it + 1)) / 2001;
      if (it > 600_000) return 6e-5;
      return 6e-5 + cosine((it - 2000) / 598_000) * (6e-4 - 6e-5);
    },
    6e-4,
  ),
  "optax-warmup-cosine": by_factor(1100, (count) => {
    if (count < 50) return count / 50;
    return 0.9 * cosine(Math.min(count - 50, 950) / 950) + 0.1;
  }),
  "timm-cosine": by_factor(320, (t) => timm(t)),
  "timm-cosine-prefix": by_factor(320, (t) => timm(t, { prefix: true })),
  "timm-cosine-cycles": by_factor(320, (t) =>
    timm(t, { prefix: true, cycles: 3, length: 100, decay: 0.5 }),
  ),
  "detectron2-1x": by_factor(90_000, (it) => {
    const warmup = it < 1000 ? between(0.001, 1, it / 1000) : 1;
    return warmup * 0.1 ** [60_000, 80_000].filter((milestone) => milestone <= it).length;
  }),
  "deepspeed-warmup-decay": by_factor(10_100, (it) => deepspeed(it, (step) => step / 1000)),
  "deepspeed-warmup-decay-log": by_factor(10_100, (it) =>
    deepspeed(it, (step) => Math.log(step + 1) / Math.log(1000)),
  ),
  yolov5: {
    steps: 10_000,
    groups: [0, 1, 2].map(() => ({ lr: 0.01, momentum: 0.937 })),
    values: {
      lr: [(ni) => yolo(ni, 0.1), (ni) => yolo(ni, 0), (ni) => yolo(ni, 0)],
      momentum: [0, 1, 2].map(() => (ni: number) => between(0.8, 0.937, Math.min(ni / 300, 1))),
    },
  },
  "gaussian-splatting": {
    steps: 30_100,
    groups: [
      { name: "xyz", lr: 1.6e-4 },
      { name: "opacity", lr: 0.025 },
    ],
    values: {
      lr: [
        (step) => Math.exp(between(Math.log(1.6e-4), Math.log(1.6e-6), Math.min(step / 30_000, 1))),
        () => 0.025,
      ],
    },
  },
  dino: {
    steps: 125_100,
    groups: [{ lr: 0.002, weight_decay: 0.04 } as torch.optim.SimulatedGroup],
    values: {
      lr: [
        (i) => {
          if (i < 12_510) return (0.002 * i) / 12_509;
          return 1e-6 + (0.002 - 1e-6) * cosine((i - 12_510) / 112_590);
        },
      ],
      weight_decay: [(i) => 0.4 + (0.04 - 0.4) * cosine(i / 125_100)],
    },
  },
  bert: by_factor(1_000_100, (step) =>
    step < 10_000 ? step / 10_000 : Math.max(0, 1 - step / 1_000_000),
  ),
  "resnet-50": by_factor(90, (epoch) => 0.1 ** Math.floor(epoch / 30)),
  "pytorch-one-cycle": by_factor(100, one_cycle),
  "torchtitan-wsd": by_factor(10_001, (step) => torchtitan(step, (done) => 1 - done)),
  "torchtitan-wsd-sqrt": by_factor(10_001, (step) =>
    torchtitan(step, (done) => 1 - Math.sqrt(done)),
  ),
  "wsd-1-sqrt": by_factor(10_100, (step) => {
    if (step < 300) return step / 300;
    return step < 8000 ? 1 : 1 - Math.sqrt(Math.min(step - 8000, 2000) / 2000);
  }),
  nanochat: {
    steps: 10_001,
    groups: [{ lr: 0.02, momentum: 0.97, weight_decay: 0.2 } as torch.optim.SimulatedGroup],
    values: {
      lr: [
        (it) => {
          if (it < 40) return (0.02 * (it + 1)) / 40;
          return it <= 3500 ? 0.02 : 0.02 * between(0.05, 1, (10_000 - it) / 6500);
        },
      ],
      momentum: [
        (it) => {
          if (it < 400) return between(0.85, 0.97, it / 400);
          return it < 3500 ? 0.97 : between(0.97, 0.9, (it - 3500) / 6500);
        },
      ],
      weight_decay: [(it) => 0.2 * cosine(it / 10_000)],
    },
  },
};

/** Steps to look at: all of a short run, and of a long one those around its beginning and a sample. */
function steps_of({ steps }: Case): number[] {
  const all = [...Array(steps).keys()];
  return all.filter(
    (step) => steps <= 20_000 || step < 3000 || step % 97 === 0 || steps - step < 200,
  );
}

describe("a preset", () => {
  test("has a formula here, and a source", () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(PRESETS).sort());
    for (const { about, source } of Object.values(PRESETS)) {
      expect(about).toMatch(/^.{20}/);
      expect(source).toMatch(/, read \d{4}-\d\d-\d\d$/);
    }
  });

  test.each(Object.keys(PRESETS))("%s is what its source says, at every step", (name) => {
    const spec = parse_spec(PRESETS[name].spec);
    const { groups, values } = CASES[name];
    expect(check_spec(spec, { groups: groups as never })).toEqual([]);
    const run = simulate(spec, { epochs: CASES[name].steps, groups }).values;
    for (const [option, formulas] of Object.entries(values)) {
      for (const [g, formula] of formulas.entries()) {
        const largest = Math.max(...steps_of(CASES[name]).map(formula));
        for (const step of steps_of(CASES[name])) {
          const difference = Math.abs(run[option][g][step] - formula(step));
          expect(difference / largest, `${option} of group ${g} at ${step}`).toBeLessThan(1e-9);
        }
      }
    }
  });
});
