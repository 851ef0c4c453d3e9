import { describe, expect, it } from "vitest";
import { MOST_EPOCHS } from "../src/curve.ts";
import { parseWhole } from "../src/options.ts";
import { printed } from "./support/cli.ts";

const WARMUP_COSINE = "linear:10(start_factor=0.5) > cosine:90";

interface Row {
  readonly epoch: number;
  readonly phase: number;
  readonly lr: readonly number[];
}

function rowsOf(args: readonly string[]): Row[] {
  return JSON.parse(printed(["table", ...args, "--format", "json"]));
}

function epochs(...args: readonly string[]): number[] {
  return rowsOf(args).map(({ epoch }) => epoch);
}

describe("table", () => {
  it("shows the epochs that matter: start, around milestones, extremes, end", () => {
    expect(epochs(WARMUP_COSINE)).toEqual([0, 9, 10, 99]);
    expect(epochs("cosine:40", "--epochs", "100")).toEqual([0, 40, 99]);
    expect(epochs("cyclic(base_lr=0.1, max_lr=1, step_size_up=30)")).toEqual([0, 30, 99]);
  });

  it("shows every step of the lr, among however many epochs", () => {
    const steps = ["multistep(milestones=[58640, 80630])", "--epochs", "90000"];
    expect(rowsOf(steps)).toEqual([
      { epoch: 0, phase: 0, lr: [0.1] },
      { epoch: 58_640, phase: 0, lr: [expect.closeTo(0.01, 12)] },
      { epoch: 80_630, phase: 0, lr: [expect.closeTo(0.001, 12)] },
      { epoch: 89_999, phase: 0, lr: [expect.closeTo(0.001, 12)] },
    ]);
    const restarts = epochs("restarts:10", "--epochs", "31");
    expect(restarts).toEqual([0, 9, 10, 19, 20, 29, 30]);
  });

  it.each([
    ["linear:1000 > cosine:9000", 10_000],
    ["onecycle:50(max_lr=1)", 50],
    ["step(step_size=30)", 100],
    ["step(step_size=30) + cosine:70", 70],
    ["multistep(milestones=[40, 99])", 100],
    ["multistep(milestones=[40, 100])", 130],
    ["multistep(milestones=[40, 160])", 200],
    ["linear:1000 > step(step_size=30)", 1300],
  ])("goes as far as the schedule is made for: %s", (spec, length) => {
    expect(epochs(spec).at(-1)).toBe(length - 1);
    expect(epochs(spec, "--epochs", "20").at(-1)).toBe(19);
  });

  it("shows the first and the last epoch, also if they are one", () => {
    expect(rowsOf(["cosine:9", "--epochs", "1", "--all"])).toEqual([
      { epoch: 0, phase: 0, lr: [0.1] },
    ]);
    expect(rowsOf(["linear:1 > cosine:1", "--all"]).map(({ phase }) => phase)).toEqual([0, 1]);
  });

  it("takes as many epochs as it says, and not one more", () => {
    const parse = (text: string) => parseWhole(text, 1, MOST_EPOCHS);
    expect([parse("1"), parse("10000000")]).toEqual([1, 10_000_000]);
    for (const text of ["0", "10000001", "1.5", "", "x", "Infinity"]) {
      expect(() => parse(text)).toThrow("It must be a whole number from 1 to 10000000.");
    }
  });

  it("says why they matter", () => {
    const [, start, before, milestone, end] = printed(["table", WARMUP_COSINE]).split("\n");
    expect(start).toMatch(/^ {4}0 {2}0 LinearLR +0\.05 +start$/);
    expect(before).toMatch(/^ {4}9 {2}0 LinearLR +0\.095 +before milestone$/);
    expect(milestone).toMatch(/^ {3}10 {2}1 CosineAnnealingLR +0\.1 +milestone, maximum$/);
    expect(end).toMatch(/^ {3}99 {2}1 CosineAnnealingLR +3\.04586e-5 +minimum, end$/);
  });

  it("shows all epochs, in full precision", () => {
    const rows = rowsOf([WARMUP_COSINE, "--all", "--epochs", "100", "--lr", "2"]);
    expect(rows.map(({ epoch }) => epoch)).toEqual([...Array(100).keys()]);
    for (const { epoch, phase, lr } of rows) {
      const expected = epoch < 10 ? 1 + epoch / 10 : 1 + Math.cos((Math.PI * (epoch - 10)) / 90);
      expect(phase).toBe(epoch < 10 ? 0 : 1);
      expect(lr).toHaveLength(1);
      expect(lr[0]).toBeCloseTo(expected, 12);
    }
  });

  it("gives the lr of every parameter group", () => {
    const [first] = rowsOf(["constant(factor=0.5)", "--lr", "1,0.5,0.25"]);
    expect(first).toEqual({ epoch: 0, phase: 0, lr: [0.5, 0.25, 0.125] });
    const args = ["table", "constant(factor=0.5)", "--lr", "1,0.5", "--epochs", "1"];
    expect(printed([...args, "--format", "csv"])).toBe("epoch,phase,lr_0,lr_1\n0,0,0.5,0.25\n");
    expect(printed(args)).toContain("epoch  phase         lr of group 0  lr of group 1");
  });

  it("is the same in CSV as in JSON", () => {
    const args = [WARMUP_COSINE, "--all"];
    const [head, ...lines] = printed(["table", ...args, "--format", "csv"])
      .trim()
      .split("\n");
    expect(head).toBe("epoch,phase,lr");
    expect(lines).toEqual(rowsOf(args).map(({ epoch, phase, lr }) => `${epoch},${phase},${lr}`));
  });

  it("numbers a phase by its place in the sequence, even after one that has no epoch", () => {
    expect(rowsOf(["linear:0 > cosine:100"]).map(({ phase }) => phase)).toEqual([1, 1]);
  });
});
