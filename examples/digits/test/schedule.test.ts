import { execSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { run, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const OPTIONS = ["--epochs", "6", "--batch-size", "512", "--lr", "0.01"];

const SPEC = {
  type: "SequentialLR",
  schedulers: [
    { type: "ConstantLR", factor: 0.5, total_iters: 2 },
    { type: "StepLR", step_size: 2, gamma: 0.1 },
  ],
  milestones: [2],
};
const LRS = [0.005, 0.005, 0.01, 0.01, 0.001, 0.001];
const PHASES = ["ConstantLR", "ConstantLR", "StepLR", "StepLR", "StepLR", "StepLR"];

const FILE = join(FOLDER, "schedule.json");
writeFileSync(FILE, JSON.stringify(SPEC));

describe("a run with --schedule", () => {
  test.each([
    ["a file", FILE],
    ["the short form", "constant:2(factor=0.5) > step(step_size=2, gamma=0.1)"],
  ])("from %s has its lr and its phases", async (what, spec) => {
    const folder = join(FOLDER, what);
    const { end, stderr } = await run([...OPTIONS, "--schedule", spec, "--out", folder]);
    expect({ end, stderr }).toEqual({ end: 0, stderr: "" });
    const rows = csvParse(readFileSync(join(folder, "history.csv"), "utf8"));
    for (const [epoch, row] of rows.entries()) {
      expect(Number(row.lr)).toBeCloseTo(LRS[epoch], 12);
      expect(row.phase).toBe(PHASES[epoch]);
    }
  });

  test("gives a plateau the training loss", async () => {
    const folder = join(FOLDER, "plateau");
    const spec = "linear:2 > plateau(patience=0, threshold=1, threshold_mode=abs)";
    const { end, stdout } = await run([...OPTIONS, "--schedule", spec, "--out", folder]);
    expect(end).toBe(0);
    const rows = csvParse(readFileSync(join(folder, "history.csv"), "utf8"));
    expect(Number(rows[2].lr)).toBeCloseTo(0.01, 12);
    // The loss falls by less than 1 an epoch by then, so the plateau reduces the lr.
    expect(Number(rows[5].lr)).toBeLessThan(0.01);
    // The line that it prints draws it afterwards.
    const [line] = /^tail .*/m.exec(stdout) ?? [];
    const chart = execSync(line?.replace("npm run", "npm run --silent") ?? "false", {
      cwd: join(import.meta.dirname, "../../.."),
      encoding: "utf8",
    });
    expect(chart).toContain("0 LinearLR 0–1   1 ReduceLROnPlateau 2–5");
  });

  test("goes on with it, and refuses another one", async () => {
    const folder = join(FOLDER, "a file");
    expect((await run(["--resume", "--out", folder])).end).toBe(0);
    const { end, stderr } = await run(["--resume", "--out", folder, "--schedule", "cosine:6"]);
    expect(end).toBe(1);
    expect(stderr).toContain('began with --schedule {"type":"SequentialLR"');
  });
});
