import { readFileSync } from "node:fs";
import { loadText } from "digits/load_text";
import { useDevice } from "digits/model";
import type { SchedulerSpec } from "torch-optim/lr_scheduler";
import { parse_spec, simulate } from "torch-optim/lr_scheduler";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadDigits } from "../../../examples/digits/src/data.ts";
import { Run } from "../../../examples/digits/src/train.ts";
import type { Plan } from "../src/studio/plan.ts";
import { entrantsOf, fitted } from "../src/try/entrants.ts";
import { describeShares, sharesOf } from "../src/try/groups.ts";
import type { Entrant, Report, Row, Setup } from "../src/try/messages.ts";
import { Pace } from "../src/try/pace.ts";
import { Race } from "../src/try/race.ts";
import { RANGE, rangeTest, steepest, triedIn } from "../src/try/range_test.ts";
import { FIRST } from "../src/try/settings.ts";
import { toCsv } from "../src/try/to_csv.ts";

const SETUP: Setup = { optimizer: "sgd", seed: 1, batchSize: 479, epochs: 3, step: "epoch" };

function entrant(schedule: string, lr = 0.1): Entrant {
  return { spec: parse_spec(schedule), lr };
}

/** What comes of a race that nobody interrupts. */
function newsOf(setup: Setup, ...entrants: Entrant[]) {
  const race = new Race(setup, loadDigits(setup.seed), entrants);
  while (race.advance());
  return race.news();
}

function rowsOf(setup: Setup, own: Entrant): readonly Row[] {
  return newsOf(setup, own)[0].rows;
}

beforeAll(() => useDevice("wasm"));
afterEach(() => vi.unstubAllGlobals());

describe("a race", () => {
  test.each([
    "adamw",
    "adam",
    "sgd",
  ] as const)("with %s gives, to the last digit, the numbers of npm start", (optimizer) => {
    const schedule = parse_spec("linear:1 > cosine:2") as SchedulerSpec;
    const { batchSize, seed, epochs } = SETUP;
    const run = new Run({ batchSize, seed, epochs, optimizer, lr: 0.05, schedule });
    while (!run.isDone) run.trainEpoch();
    const rows = rowsOf({ ...SETUP, optimizer }, { spec: schedule, lr: 0.05 });
    expect(rows).toEqual(
      run.history.map(({ epoch, lr, loss, accuracy }) => ({
        step: epoch,
        epoch,
        lr,
        loss,
        accuracy,
      })),
    );
  });

  test("gives each schedule the numbers that it has alone", () => {
    const [first, second] = [entrant("cosine:3"), entrant("constant(factor=1)", 0.02)];
    const together = newsOf(SETUP, first, second);
    expect(together.map(({ rows }) => rows)).toEqual([rowsOf(SETUP, first), rowsOf(SETUP, second)]);
  });

  test("whose schedules step after each batch tells of each, of the accuracy after each epoch", () => {
    const rows = rowsOf({ ...SETUP, step: "batch", epochs: 2 }, entrant("linear:6"));
    expect(rows.map(({ step, epoch }) => [step, epoch])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
    expect(rows.map(({ accuracy }) => accuracy !== undefined)).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
    // A third of the lr at first, and all of it after six steps.
    for (const { step, lr } of rows) expect(lr).toBeCloseTo((0.1 * (1 + (2 * step) / 6)) / 3, 12);
  });

  test("says in a sentence that one diverged, and the other goes on", () => {
    const [lost, sound] = newsOf(SETUP, entrant("constant(factor=1)", 1e30), entrant("cosine:3"));
    expect(lost.ended).toMatch(/^It diverged in epoch 1, at a learning rate of 1e\+30: the loss/);
    expect(sound.ended).toBeUndefined();
    expect(sound.rows).toHaveLength(3);
  });

  test("moves every option of a recipe", () => {
    const setup = { ...SETUP, optimizer: "adamw", epochs: 4 } as const;
    const both = rowsOf(setup, entrant("lr = cosine:4; weight_decay = ramp:4(end_factor=100)"));
    const lrAlone = rowsOf(setup, entrant("lr = cosine:4"));
    expect(both.map(({ lr }) => lr)).toEqual(lrAlone.map(({ lr }) => lr));
    expect(both[3].loss).not.toBe(lrAlone[3].loss);
  });

  test("says what an optimizer does not have that a recipe moves", () => {
    const [{ ended, rows }] = newsOf(SETUP, entrant("eps = cosine:4"));
    expect(ended).toContain("schedules[0].option: must be");
    expect(rows).toEqual([]);
  });

  test("ends a schedule that is over before the run is, and says so", () => {
    const setup = { ...SETUP, epochs: 6 };
    const [{ ended }] = newsOf(setup, entrant("onecycle:4(max_lr=0.1)"));
    expect(ended).toContain("past the end of the cycle");
  });
});

describe("the pace of a race", () => {
  const setup: Setup = { ...SETUP, epochs: 60 };
  const own = entrant("cosine:60");

  /** A race at its pace, and all that it reported; `heard` is called at each report. */
  async function run(heard: (report: Report, pace: Pace) => void = () => {}) {
    const reports: Report[] = [];
    const race = new Race(setup, loadDigits(setup.seed), [own]);
    const pace: Pace = new Pace(race, (report) => {
      reports.push(report);
      heard(report, pace);
    });
    await pace.run();
    const rows = reports.flatMap((report) => (report.kind === "news" ? report.news[0].rows : []));
    return { reports, rows };
  }

  test("tells of every step once, and of the end", async () => {
    const { reports, rows } = await run();
    expect(rows).toEqual(rowsOf(setup, own));
    expect(reports.at(-1)).toEqual({ kind: "done" });
  });

  test("changes no number where it is paused", async () => {
    let pauses = 0;
    const { rows } = await run(({ kind }, pace) => {
      if (kind === "paused") {
        pauses += 1;
        queueMicrotask(() => pace.goOn());
      } else if (pauses === 0) pace.pause();
    });
    expect(pauses).toBe(1);
    expect(rows).toEqual(rowsOf(setup, own));
  });

  test("ends when it is stopped, paused or not", async () => {
    const { reports, rows } = await run(({ kind }, pace) => {
      if (kind === "news") pace.pause();
      else if (kind === "paused") queueMicrotask(() => pace.stop());
    });
    expect(reports.at(-1)).toEqual({ kind: "stopped" });
    expect(rows.length).toBeLessThan(60);
  });
});

describe("the range test", () => {
  test("goes by equal factors from the smallest lr to the largest", () => {
    const { setup, entrants } = rangeTest(SETUP);
    const rows = rowsOf(setup, entrants[0]);
    expect(rows).toHaveLength(100);
    expect(rows[0].lr).toBe(1e-5);
    expect(rows[99].lr).toBeCloseTo(10, 9);
    expect(rows[50].lr / rows[49].lr).toBeCloseTo(1e6 ** (1 / 99), 9);
  });

  test("marks where the loss falls most steeply", () => {
    // A fall from 2.3 to 0.3 around an lr of 0.01, and a rise beyond 1.
    const lrs = Array.from({ length: 100 }, (_, i) => 1e-5 * 1e6 ** (i / 99));
    const rows = lrs.map((lr, step) => {
      const fallen = 1 / (1 + (0.01 / lr) ** 2);
      const loss = 2.3 - 2 * fallen + (lr > 1 ? 10 * lr : 0);
      return { step, epoch: 0, lr, loss };
    });
    const { lr } = steepest(triedIn(rows)) ?? {};
    expect(Math.abs(Math.log10(lr ?? 0) - -2)).toBeLessThan(0.07);
  });

  test("marks nothing where the loss does not fall", () => {
    const rows = Array.from({ length: 100 }, (_, step) => {
      return { step, epoch: 0, lr: 1e-5 * 1.15 ** step, loss: 2.3 + (step % 2) / 50 };
    });
    expect(steepest(triedIn(rows))).toBeUndefined();
  });

  test.each([
    "adamw",
    "adam",
    "sgd",
  ] as const)("finds an lr for %s with which the digits are learned", (optimizer) => {
    const setup = { ...SETUP, optimizer, batchSize: 64, epochs: 8 };
    const test = rangeTest(setup);
    const lr = steepest(triedIn(rowsOf(test.setup, test.entrants[0])))?.lr ?? 0;
    expect(lr).toBeGreaterThan(RANGE.from);
    const rows = rowsOf(setup, entrant("linear:1 > cosine:7", lr));
    expect(rows.at(-1)?.accuracy).toBeGreaterThan(0.9);
  });
});

describe("the plan of a try", () => {
  const plan: Plan = { spec: parse_spec("linear:10 > cosine:90"), lr: 0.1 };

  test("is stretched to the run, and as long as it was in comparison", () => {
    expect(fitted(plan, 1000)).toMatchObject({
      milestones: [100],
      schedulers: [{ total_iters: 100 }, { T_max: 900 }],
    });
    // Of a plan of 200 steps, what is scheduled is the first half.
    expect(fitted({ ...plan, total: 200 }, 1000)).toMatchObject({ milestones: [50] });
    expect(fitted({ spec: parse_spec("step(step_size=30)"), lr: 1 }, 1000)).toEqual(
      parse_spec("step(step_size=30)"),
    );
  });

  test("keeps its length where it is not to be stretched", () => {
    const [{ spec }] = entrantsOf(plan, 0.1, [], { ...FIRST, isStretched: false });
    expect(spec).toEqual(plan.spec);
  });

  test("has a rival with the lr of its own: a constant one, or a pin", () => {
    const pins = [{ name: "old", plan: { ...plan, lr: 0.3 } }];
    const named = (rival: typeof FIRST.rival) =>
      entrantsOf(plan, 0.1, pins, { ...FIRST, rival }).map(({ name, lr }) => [name, lr]);
    expect(named("none")).toEqual([["the plan", 0.1]]);
    expect(named(0)).toEqual([
      ["the plan", 0.1],
      ["old", 0.3],
    ]);
    const [, { spec, lr }] = entrantsOf(plan, 0.1, pins, FIRST);
    if (spec.type === "Recipe") throw new Error("a constant lr is one schedule");
    expect(simulate(spec, { epochs: 5, lr: [lr] }).values.lr[0]).toEqual(Array(5).fill(0.1));
  });
});

describe("the groups of a recipe", () => {
  test("have the biases where one is called so, and every parameter once", () => {
    const shares = sharesOf(parse_spec("lr[bias] = cosine:9; lr[rest] = linear:9"));
    const parts = shares.flatMap((share) => share.parts).sort();
    expect(parts).toEqual([0, 1, 2, 3]);
    expect(shares.find(({ name }) => name === "bias")?.parts).toEqual([1, 3]);
    expect(describeShares(shares)).toContain("bias: hidden biases and output biases");
  });

  test("are not spoken of where there is one", () => {
    expect(describeShares(sharesOf(parse_spec("linear:10 > cosine:90")))).toBeUndefined();
  });

  test("are trained, as many as there are", () => {
    const names = Array.from({ length: 7 }, (_, i) => `lr[g${i}] = cosine:3`).join("; ");
    const [{ rows, ended }] = newsOf(SETUP, entrant(names));
    expect({ count: rows.length, ended }).toEqual({ count: 3, ended: undefined });
  });
});

describe("what is loaded", () => {
  const file = readFileSync(
    new URL("../../../examples/digits/data/digits.csv.gz", import.meta.url),
  );
  const serve = (body: BodyInit, status = 200) =>
    vi.stubGlobal("fetch", async () => new Response(body, { status }));

  test("is unpacked, unless the server has seen to that", async () => {
    serve(file);
    const text = await loadText("digits.csv.gz");
    expect(text.split("\n", 1)).toEqual([expect.stringMatching(/^(\d+,){64}\d$/)]);
    serve(text);
    expect(await loadText("digits.csv.gz")).toBe(text);
  });

  test("is missed in words", async () => {
    serve("", 404);
    await expect(loadText("digits.csv.gz")).rejects.toThrow("the server answered 404");
  });
});

test("the numbers are saved in full, whatever a schedule is called", () => {
  const rows = [{ step: 0, epoch: 0, lr: 0.1, loss: 1.2345678901234567 }];
  expect(toCsv([{ name: 'my "best", so far', rows }])).toBe(
    'schedule,step,epoch,lr,loss,accuracy\n"my ""best"", so far",0,0,0.1,1.2345678901234567,\n',
  );
});
