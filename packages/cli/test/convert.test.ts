import { from_spec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { folderWith, printed, torchOptim } from "./support/cli.ts";

const SHORT = "linear:10 > cosine:90";
const SPEC = {
  type: "SequentialLR",
  schedulers: [
    { type: "LinearLR", total_iters: 10 },
    { type: "CosineAnnealingLR", T_max: 90 },
  ],
  milestones: [10],
} as const;

describe("convert", () => {
  it("writes the short form as JSON that says the same", () => {
    expect(JSON.parse(printed(["convert", SHORT, "--to", "json"]))).toEqual(SPEC);
  });

  it("writes JSON that it reads back", () => {
    const json = printed(["convert", SHORT, "--to", "json"]);
    const folder = folderWith({ "schedule.json": json });
    expect(printed(["convert", "schedule.json", "--to", "json"], { cwd: folder })).toBe(json);
    expect(printed(["convert", "-", "--to", "json"], { input: json })).toBe(json);
  });

  it("writes code for PyTorch", () => {
    const code = printed(["convert", SHORT, "--to", "python"]);
    expect(code).toMatch(/^from torch\.optim\.lr_scheduler import .*SequentialLR$/m);
    expect(code).toMatch(/^scheduler = SequentialLR\(/m);
  });

  it("writes code for torch-optim that builds the same schedule", async () => {
    const code = printed(["convert", SHORT, "--to", "typescript"]);
    const body = code.replace(
      /^import (.*) from "torch-optim\/lr_scheduler";$/m,
      "const $1 = library;",
    );
    const library = await import("torch-optim/lr_scheduler");
    const build = new Function("library", "optimizer", `${body}; return scheduler;`);
    const scheduler = build(library, { param_groups: [{ lr: 1 }] });
    const expected = from_spec({ param_groups: [{ lr: 1 }] }, SPEC);
    expect(simulate(scheduler, { epochs: 100 })).toEqual(simulate(expected, { epochs: 100 }));
  });

  it("wants to be told what to write", () => {
    const { status, stderr } = torchOptim(["convert", SHORT]);
    expect(status).toBe(2);
    expect(stderr).toContain("--to <language>");
  });
});
