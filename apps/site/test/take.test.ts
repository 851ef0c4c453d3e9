import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse_spec, type Spec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { COMMAND } from "../../../packages/cli/test/support/cli.ts";
import { metricsOf } from "../src/chart/course.ts";
import type { Plan } from "../src/studio/plan.ts";
import { commandLine, METRICS_FILE } from "../src/take/command_line.ts";
import { tableOf } from "../src/take/table_of_plan.ts";
import { TooLong } from "../src/take/too_long.ts";

const PLAN: Plan = { spec: parse_spec("linear:10 > cosine:90"), lr: 0.1 };

describe("the command line of a plan", () => {
  it("is what a person would type", () => {
    expect(commandLine(PLAN)).toBe('npx torch-optim-cli plot "linear:10 > cosine:90" --lr 0.1');
  });

  const named: Spec = {
    type: "Recipe",
    schedules: [
      { groups: ["it's", '"$HOME"', "`id`"], schedule: { type: "StepLR", step_size: 3 } },
    ],
  };
  it.each<[string, Plan]>([
    [
      "a total and shares",
      {
        spec: JSON.parse('{"type":"RampLR","total_iters":"50%","end_factor":0.5}'),
        lr: 0.1,
        total: 20,
      },
    ],
    [
      "metrics",
      { spec: parse_spec("plateau(patience=1)"), lr: 0.1, total: 8, metrics: [1, 2, 3, 1] },
    ],
    ["signs that shells read", { spec: named, lr: 1, total: 9 }],
  ])("goes through a shell, with %s", (_what, plan) => {
    const folder = mkdtempSync(join(tmpdir(), "torch-optim-take-"));
    writeFileSync(join(folder, METRICS_FILE), (metricsOf(plan) ?? []).join("\n"));
    const table = commandLine(plan).replace(
      "npx torch-optim-cli plot",
      `${COMMAND.map((word) => JSON.stringify(word)).join(" ")} table`,
    );
    const { status, stderr, stdout } = spawnSync("sh", ["-c", `${table}`], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("epoch");
  });
});

describe("the table of a plan", () => {
  it("has the exact value of every step", () => {
    const [lr] = simulate(PLAN.spec, { epochs: 100, groups: [{ lr: 0.1 }] }).values.lr;
    const [head, ...rows] = tableOf(PLAN).trimEnd().split("\n");
    expect(head).toBe("step,lr");
    expect(rows.map((row) => row.split(",").map(Number))).toEqual(lr.map((value, i) => [i, value]));
  });

  it("has a column for each option of each group", () => {
    const spec = parse_spec(
      "lr = linear:2 > cosine:3; momentum[bias,norm] = ramp:5(end_factor=0.5)",
    );
    const [head, first] = tableOf({ spec, lr: 1 }).split("\n");
    expect(head.split(",").length).toBeGreaterThan(2);
    expect(first.split(",")).toHaveLength(head.split(",").length);
  });

  it("is refused where it would be endless", () => {
    expect(() => tableOf({ ...PLAN, total: 5_000_000 })).toThrow(TooLong);
  });
});
