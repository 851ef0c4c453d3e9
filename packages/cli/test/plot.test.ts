import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dotsByColumn } from "./support/braille.ts";
import { folderWith, printed, torchOptim } from "./support/cli.ts";

const WARMUP_COSINE = "linear:10 > cosine:90";

function axisOf(chart: string): string {
  return chart.split("\n").find((line) => line.includes("└")) ?? "";
}

describe("plot", () => {
  it("is 80 columns wide in a pipe, and as wide as COLUMNS says", () => {
    expect(axisOf(printed(["plot", WARMUP_COSINE]))).toHaveLength(80);
    for (const columns of [60, 120, 200]) {
      const chart = printed(["plot", WARMUP_COSINE], { env: { COLUMNS: `${columns}` } });
      expect(axisOf(chart)).toHaveLength(columns);
      for (const line of chart.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it("draws the curve where it is: a straight line runs from the upper left to the lower right", () => {
    const chart = printed(["plot", "polynomial:100", "--epochs", "101"]);
    const columns = dotsByColumn(chart).filter((dots) => dots.length > 0);
    const height = Math.max(...columns.flat()) - Math.min(...columns.flat());
    for (const [column, dots] of columns.entries()) {
      const expected = Math.min(...columns.flat()) + (column / (columns.length - 1)) * height;
      for (const dot of dots) expect(Math.abs(dot - expected)).toBeLessThanOrEqual(1.5);
    }
  });

  it("names the phases with their epochs and marks the milestones", () => {
    const chart = printed(["plot", `${WARMUP_COSINE} > constant(factor=0.5)`, "--epochs", "150"]);
    expect(chart).toContain("0 LinearLR 0–9   1 CosineAnnealingLR 10–99   2 ConstantLR 100–149");
    const [names, ...lines] = chart.split("\n");
    const rules = lines.find((line) => line.split("┊").length === 3) ?? "";
    expect(rules.indexOf("┊")).toBe(names.indexOf("1 CosineAnnealingLR"));
    expect(rules.lastIndexOf("┊")).toBe(names.indexOf("2 ConstantLR"));
  });

  it("has round numbers on both axes", () => {
    const chart = printed(["plot", WARMUP_COSINE, "--epochs", "300", "--lr", "3e-4"]);
    expect(chart).toMatch(/^ *3e-4 ┤/m);
    expect(chart).toMatch(/^ *0 ┤/m);
    expect(chart).toMatch(/^ +0( +\d+0){4,} +300$/m);
  });

  it("has every decade on a logarithmic axis, in one format", () => {
    const chart = printed(["plot", "exponential(gamma=0.9)", "--log"]);
    for (const power of ["1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6"]) {
      expect(chart).toMatch(new RegExp(`^ *${power} ┤`, "m"));
    }
  });

  it("shows an lr of 0 at the foot of a logarithmic axis, even below a single other one", () => {
    const chart = printed(["plot", "exponential(gamma=0)", "--log"]);
    expect(chart).toMatch(/^ *0\.1 ┤⡇$/m);
    expect(chart).toMatch(/^ *0\.01 ┤.*⣀{20}/m);
  });

  it("counts many epochs in thousands, from 0 on", () => {
    const chart = printed(["plot", "cosine:20000", "--epochs", "20000"]);
    expect(chart).toMatch(/^ +0 +2k +4k +6k .* 18k +20k$/m);
  });

  it("lays several schedules over each other and tells them apart by letters", () => {
    const chart = printed(["plot", WARMUP_COSINE, "step(step_size=30)", "constant(factor=1)"]);
    expect(chart).toContain(`a ${WARMUP_COSINE}\nb step(step_size=30)\nc constant(factor=1)`);
    const [plot] = chart.split("└");
    for (const letter of "abc") expect(plot).toMatch(new RegExp(`^.*[│┤┊].*${letter}`, "m"));
  });

  it("draws a line for every parameter group", () => {
    const chart = printed(["plot", "cosine:100", "--lr", "0.1,0.05"]);
    expect(chart).toContain("a cosine:100, group 0\nb cosine:100, group 1");
  });

  it("draws a million epochs, their extremes included", () => {
    const spec = "constant:500000(factor=0.5) > linear:1(start_factor=0.25) > constant(factor=0.5)";
    const chart = printed(["plot", spec, "--epochs", "1000000"]);
    const dots = dotsByColumn(chart).flat();
    expect(Math.max(...dots) - Math.min(...dots)).toBeGreaterThanOrEqual(8);
  });

  it("feeds a plateau phase with metrics, a number a line or a JSON list", () => {
    const folder = folderWith({
      "lines.txt": "1\n".repeat(30),
      "list.json": `[${Array(30).fill(1)}]`,
      "windows.json": `\uFEFF[${Array(30).fill(1)}]\r\n`,
    });
    const args = ["plot", "linear:5 > plateau(patience=3)", "--epochs", "30", "--metrics"];
    const chart = printed([...args, "lines.txt"], { cwd: folder });
    expect(chart).toContain("1 ReduceLROnPlateau 5–29");
    for (const list of ["list.json", "windows.json"]) {
      expect(printed([...args, list], { cwd: folder })).toBe(chart);
    }
  });

  it("says that a plateau phase needs metrics, and enough of them", () => {
    const missing = torchOptim(["plot", "plateau"]);
    expect(missing).toMatchObject({ status: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^plateau: --metrics must be given.*\n$/);
    const few = torchOptim(["plot", "plateau", "--metrics", "-"], { input: "1\n2\n" });
    expect(few.stderr).toMatch(/^plateau: the metric of epoch 2 must be a number.*\n$/);
    const wrong = torchOptim(["plot", "plateau", "--metrics", "-"], { input: "1\nhigh\n" });
    const none = torchOptim(["plot", "plateau", "--metrics", "-"], { input: "\n" });
    expect(none).toMatchObject({ status: 1, stderr: "standard input: has no metric in it\n" });
    expect(wrong).toMatchObject({
      status: 1,
      stderr: "standard input: metric 2 is not a number\n",
    });
  });

  it("says when a schedule ends before the epochs do", () => {
    const { status, stderr } = torchOptim(["plot", "onecycle:50(max_lr=1)", "--epochs", "100"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^onecycle:50\(max_lr=1\): OneCycleLR: .*total_steps is 50\n$/);
  });

  it("calls schedules, axis and picture as it is told, in lines of no more than its width", () => {
    const args = ["cosine:9", "step(step_size=9)", "--label", "ours", "--label", "theirs"];
    const more = ["--x-label", "step", "--title", "Two that differ ".repeat(4), "--width", "44"];
    const chart = printed(["plot", ...args, ...more, "--height", "9"]);
    expect(chart).toMatch(/^Two that differ Two that differ/);
    expect(chart).toMatch(/^ +step$/m);
    expect(chart).toContain("a ours\nb theirs");
    expect(Math.max(...chart.split("\n").map(({ length }) => length))).toBe(44);
  });

  it.each([
    ["Infinity", 80],
    ["1e9", 1000],
    ["-3", 80],
    ["2.5", 80],
    ["7", 30],
  ])("is wide within reason if COLUMNS is %s", (COLUMNS, columns) => {
    expect(axisOf(printed(["plot", "cosine:9"], { env: { COLUMNS } }))).toHaveLength(columns);
  });

  it("shows names whole, and what steers terminals as escapes", () => {
    const name = `${"long ".repeat(30)}\u001b[31m.json`;
    const folder = folderWith({ [name]: '{"type":"StepLR","step_size":3}' });
    const legend = printed(["plot", name, "cosine:9"], { cwd: folder }).split("\na ")[1];
    const [shown] = legend.split("\nb ");
    expect(shown.replaceAll("\n  ", " ")).toBe(`${"long ".repeat(30)}\\u001b[31m.json`);
  });

  it("says that an lr becomes infinite", () => {
    const outcome = torchOptim(["plot", "exponential(gamma=10)", "--epochs", "400"]);
    expect(outcome).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^exponential\(gamma=10\): .* must be a finite number, got Infinity\n$/,
      ),
    });
  });
});

describe("plot --svg, --png", () => {
  it("draws titled axes, the phases' names and shades, and the curve", () => {
    const folder = folderWith();
    const args = ["plot", WARMUP_COSINE, "--title", "Run 7", "--x-label", "step", "--svg", "a.svg"];
    expect(printed(args, { cwd: folder })).toBe("");
    const svg = readFileSync(join(folder, "a.svg"), "utf8");
    for (const text of ["step", "learning rate", "LinearLR", "CosineAnnealingLR", "Run 7"]) {
      expect(svg).toContain(`>${text}</text>`);
    }
    expect(svg.match(/class="phase"/g)).toHaveLength(2);
    expect(svg.match(/class="line0"/g)).toHaveLength(1);
  });

  it("draws a legend for several schedules, by the names they are given", () => {
    const folder = folderWith();
    const args = [WARMUP_COSINE, "cosine:100", "--label", "ours", "--svg", "a.svg"];
    printed(["plot", ...args], { cwd: folder });
    const svg = readFileSync(join(folder, "a.svg"), "utf8");
    expect(svg).toContain(">ours</text>");
    expect(svg).toContain(">cosine:100</text>");
  });

  it("writes a PNG of three times the SVG's size", () => {
    const folder = folderWith();
    const args = ["--svg", "a.svg", "--png", "a.png", "--width", "500", "--height", "250"];
    printed(["plot", WARMUP_COSINE, ...args], { cwd: folder });
    const png = readFileSync(join(folder, "a.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1500, 750]);
  });

  it("says why a picture cannot be written", () => {
    const outcome = torchOptim(["plot", WARMUP_COSINE, "--svg", "nowhere/a.svg"]);
    expect(outcome).toMatchObject({
      status: 1,
      stderr: "nowhere/a.svg: there is no such file or folder\n",
    });
  });

  it("never takes the place of what it draws, by whatever name", () => {
    const spec = '{"type":"StepLR","step_size":3}';
    const folder = folderWith({ "a.json": spec, "losses.txt": "1\n" });
    symlinkSync("a.json", join(folder, "b.svg"));
    for (const file of ["a.json", "./a.json", "b.svg", "losses.txt"]) {
      const args = ["plot", "a.json", "--metrics", "losses.txt", "--svg", file];
      expect(torchOptim(args, { cwd: folder })).toMatchObject({
        status: 1,
        stderr: `--svg ${file} would overwrite what is drawn\n`,
      });
    }
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe(spec);
    expect(readFileSync(join(folder, "losses.txt"), "utf8")).toBe("1\n");
  });
});
