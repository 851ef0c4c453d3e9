import { parse_spec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { sampleOption } from "../src/chart/sample.ts";
import { boundariesOf } from "../src/see/boundaries.ts";
import { figuresOf } from "../src/see/figures.ts";
import { LogError } from "../src/see/log_error.ts";
import { withStroke } from "../src/see/metrics_drawing.ts";
import { parseMetrics } from "../src/see/metrics_text.ts";
import { largestDifference, parseLog, rateColumn, runIn, stepColumn } from "../src/see/run_log.ts";
import { stretched } from "../src/see/stretch.ts";
import type { Plan } from "../src/studio/plan.ts";

const planOf = (spec: string, more: Partial<Plan> = {}): Plan => ({
  spec: parse_spec(spec, { total: more.total, steps_per_epoch: more.stepsPerEpoch }),
  lr: 0.1,
  ...more,
});

describe("the figures of a curve", () => {
  const groups = [{ lr: 0.1 }];
  const spec = parse_spec("linear:10 > cosine:90");
  const [values] = simulate(spec, { epochs: 100, groups }).values.lr;

  it("are its peak, its area and the share above half the peak", () => {
    const figures = figuresOf(values);
    expect(figures.peak).toBe(Math.max(...values));
    expect(figures.peakAt).toBe(10);
    expect(figures.area).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      12,
    );
    expect(figures.aboveHalf).toBe(values.filter((value) => value > 0.05).length / 100);
  });

  it("are nearly the same of a sample of it", () => {
    const plan = planOf("linear:1000 > cosine:9000");
    const [line] = sampleOption(plan, "lr", { from: 0, to: 10_000, columns: 300 });
    const exact = figuresOf(simulate(plan.spec, { epochs: 10_000, groups }).values.lr[0]);
    const sampled = figuresOf(line.values, line.epochs);
    expect(sampled.peak).toBe(exact.peak);
    expect(Math.abs(sampled.area / exact.area - 1)).toBeLessThan(1e-4);
    expect(Math.abs(sampled.aboveHalf - exact.aboveHalf)).toBeLessThan(1e-3);
  });

  it("pass over what is not known", () => {
    expect(figuresOf([1, Number.NaN, 3])).toMatchObject({ peak: 3, peakAt: 2, area: 3 });
    expect(figuresOf([])).toMatchObject({ area: 0, aboveHalf: 0 });
  });
});

describe("the boundaries of a plan", () => {
  it("are those of nested sequences too, each once", () => {
    const plan = planOf("(linear:10 > cosine:40):50 > (linear:5 > constant:15):20 > cosine:30");
    expect(boundariesOf(plan).map(({ epoch, depth }) => [epoch, depth])).toEqual([
      [10, 1],
      [50, 0],
      [55, 1],
      [70, 0],
    ]);
  });
});

describe("a plan that is stretched", () => {
  it("has every length in proportion", () => {
    expect(stretched(planOf("linear:10 > cosine:90"), 1000).spec).toEqual(
      parse_spec("linear:100 > cosine:900"),
    );
  });

  it("keeps its shares, where these are all its length", () => {
    const plan = planOf("linear:10 > cosine:90", { total: 100 });
    const shares = { ...plan, spec: JSON.parse(JSON.stringify(plan.spec).replace("10", '"10%"')) };
    const next = stretched({ ...shares, spec: { ...shares.spec, milestones: ["10%"] } }, 1000);
    expect(next.total).toBe(1000);
  });
});

describe("the log of a run", () => {
  it.each([
    ["CSV", "step,lr,loss\n0,0.1,2.3\n1,0.05,2.1\n"],
    ["CSV with semicolons and quotes", '"step";"lr"\n"0";"0.1"\n"1";"0.05"'],
    ["tabs", "global_step\tlearning_rate\n0\t0.1\n1\t0.05"],
    ["JSON lines", '{"step":0,"lr":0.1}\n{"step":1,"lr":0.05}'],
    [
      "JSON lines of several kinds",
      '{"step":0,"loss":3}\n{"step":1,"lr":0.05}\n{"step":0,"lr":0.1}',
    ],
    [
      "a JSON list, with a list for the groups",
      '[{"iter":0,"lr":[0.1,1]},{"iter":1,"lr":[0.05,1]}]',
    ],
  ])("is read from %s", (_what, text) => {
    const log = parseLog(text);
    const run = runIn(log, rateColumn(log) ?? "", stepColumn(log));
    expect([...run.epochs]).toEqual([0, 1]);
    expect([...run.values]).toEqual([0.1, 0.05]);
  });

  it.each([
    ["", "The log is empty."],
    ["step,lr", "The log has no rows below its head."],
    ["a,b\nx,y", "The log has no column of numbers."],
    ['{"step":0}\n{"step":', "Line 2 of the log is not JSON."],
    ["[1, 2]", "Entry 1 of the log is no object with named values."],
  ])("is refused in a sentence: %j", (text, message) => {
    expect(() => parseLog(text)).toThrow(new LogError(message));
  });

  it("differs most where it differs most", () => {
    const run = runIn(parseLog("step,lr\n0,1\n1,0.7\n2,0.5"), "lr", "step");
    expect(largestDifference(run, (epoch) => [1, 0.9, 0.5][epoch])).toEqual({
      epoch: 1,
      logged: 0.7,
      planned: 0.9,
    });
    expect(largestDifference(run, () => undefined)).toBeUndefined();
  });
});

describe("metrics", () => {
  it.each([
    ["1 0.5, 0.25\n0.125", [1, 0.5, 0.25, 0.125]],
    ["[3, 2, 1]", [3, 2, 1]],
    ["", []],
    ["epoch,val_loss\n0,0.9\n1,0.8", [0.9, 0.8]],
    ['{"epoch":0,"val_loss":0.9}\n{"epoch":1,"val_loss":0.8}', [0.9, 0.8]],
  ])("are read from %j", (text, metrics) => {
    expect(parseMetrics(text)).toEqual(metrics);
  });

  it("are refused where one is no number", () => {
    expect(() => parseMetrics("1 2 three")).toThrow("Metric 3 is no number: three");
  });

  it("are drawn from where the pen was to where it is, either way", () => {
    const ahead = withStroke([], { epoch: 1, metric: 1 }, { epoch: 3, metric: 0 }, 5);
    expect(ahead).toEqual([1, 1, 0.5, 0, 1]);
    const back = withStroke(ahead, { epoch: 4, metric: 0.4 }, { epoch: 3, metric: 0.2 }, 5);
    expect(back).toEqual([1, 1, 0.5, 0.2, 0.4]);
  });
});
