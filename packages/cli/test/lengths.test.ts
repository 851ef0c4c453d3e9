import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, printed, torchOptim } from "./support/cli.ts";

const SHARES = "linear:5% > cosine:95%";

describe("lengths", () => {
  it("are resolved by --total and --steps-per-epoch, in every command that takes a spec", () => {
    const rows = JSON.parse(printed(["table", SHARES, "--total", "200", "-f", "json"]));
    expect(rows.map(({ epoch }: { epoch: number }) => epoch)).toEqual([0, 9, 10, 199]);
    expect(printed(["plot", "linear:2ep > cosine:8ep", "--steps-per-epoch", "50"])).toContain(
      "0 LinearLR 0–99   1 CosineAnnealingLR 100–499",
    );
    expect(printed(["check", SHARES, "--total", "20"])).toBe(`${SHARES}: ok\n`);
    const file = join(folderWith({ "a.yaml": "type: CosineAnnealingLR\nT_max: 50%\n" }), "a.yaml");
    expect(printed(["convert", file, "--to", "json", "--total", "30"])).toContain('"T_max": 15');
  });

  it("say which option is missing", () => {
    const { stdout, status } = torchOptim(["check", SHARES, "linear:2ep"]);
    expect(status).toBe(1);
    expect(stdout).toContain("schedulers[1].T_max: needs --total, got none");
    expect(stdout).toContain("total_iters: needs --steps-per-epoch, got none");
  });

  it("of a spec without shares are stretched by convert", () => {
    const to = (spec: string, ...args: string[]) =>
      JSON.parse(printed(["convert", spec, "--to", "json", ...args]));
    expect(to("linear:10 > cosine:90", "--total", "5000")).toMatchObject({
      milestones: [500],
      schedulers: [{ total_iters: 500 }, { T_max: 4500 }],
    });
    expect(to(SHARES, "--total", "5000")).toMatchObject({ milestones: [250] });
    expect(
      JSON.parse(printed(["convert", "-", "--to", "json", "--total", "8"], { input: "cosine:4" })),
    ).toMatchObject({ T_max: 8 });
    const { stderr, status } = torchOptim([
      "convert",
      "step(step_size=3)",
      "--to",
      "json",
      "--total",
      "9",
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain("has no length, so it cannot be stretched");
  });
});
