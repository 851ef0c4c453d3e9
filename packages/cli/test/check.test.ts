import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, printed, torchOptim } from "./support/cli.ts";

const GOOD = JSON.stringify({ type: "StepLR", step_size: 30 });
const BAD = JSON.stringify({
  type: "SequentialLR",
  milestones: [10],
  schedulers: [
    { type: "LinearLR", start_factor: 2 },
    { type: "CosineAnnealingLR", T_max: "90" },
  ],
});

describe("check", () => {
  it("says that good specs are good", () => {
    const folder = folderWith({ "good.json": GOOD });
    expect(printed(["check", "good.json", "linear:10 > cosine:90"], { cwd: folder })).toBe(
      "good.json: ok\nlinear:10 > cosine:90: ok\n",
    );
    expect(printed(["check", "-"], { input: GOOD })).toBe("standard input: ok\n");
  });

  it("says every error with its file and its path, and goes on with the next file", () => {
    const folder = folderWith({ "bad.json": BAD, "good.json": GOOD });
    const { status, stdout } = torchOptim(["check", "bad.json", "good.json"], { cwd: folder });
    expect(status).toBe(1);
    expect(stdout).toBe(
      [
        "bad.json: schedulers[0].start_factor: must be a finite number of at least 0 and of at most 1, got 2",
        'bad.json: schedulers[1].T_max: must be a whole number of at least 1, got "90"',
        "good.json: ok",
        "",
      ].join("\n"),
    );
  });

  it("points at the character where a short form goes wrong", () => {
    const { status, stdout } = torchOptim(["check", "linear:10 > cosin:90"]);
    expect(status).toBe(1);
    const [sentence, text, caret] = stdout.split("\n");
    expect(sentence).toContain('did you mean "cosine"?');
    expect(caret.indexOf("^")).toBe(text.indexOf("cosin"));
  });

  it("points at the character where a file is no JSON", () => {
    const folder = folderWith({ "bad.json": '{\n  "type": "StepLR",\n  "step_size" 30\n}\n' });
    const { status, stdout } = torchOptim(["check", "bad.json"], { cwd: folder });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^bad\.json: /);
    const lines = stdout.split("\n");
    const caret = lines.findIndex((line) => /^ *\^$/.test(line));
    expect(lines[caret - 1].slice(lines[caret].indexOf("^"))).toBe("30");
  });

  it("reads YAML too, and says where it is none", () => {
    const folder = folderWith({
      "good.yaml":
        "type: SequentialLR\nmilestones: [5]\nschedulers:\n  - {type: LinearLR}\n  - {type: CosineAnnealingLR, T_max: 9}\n",
      "short.yml": "linear:5 > cosine:9\n",
      "bad.yaml": "type: StepLR\nstep_size: -1\n",
      "none.yaml": "type: StepLR\nstep_size 30\n",
      "bomb.yaml": `a: &a [${Array(9).fill("x")}]\nb: &b [${Array(9).fill("*a")}]\nc: &c [${Array(9).fill("*b")}]\nd: &d [${Array(9).fill("*c")}]\ne: [${Array(9).fill("*d")}]\n`,
    });
    const files = ["good.yaml", "short.yml", "bad.yaml", "none.yaml", "bomb.yaml"];
    const { status, stdout } = torchOptim(["check", ...files], { cwd: folder });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^good\.yaml: ok\nshort\.yml: ok\n/);
    expect(stdout).toContain("bad.yaml: step_size: must be a whole number of at least 1, got -1\n");
    expect(stdout).toMatch(
      /^none\.yaml: .* at line 2, column 1:\n\ntype: StepLR\nstep_size 30\n\^/m,
    );
    expect(stdout).toMatch(/^bomb\.yaml: Excessive alias count/m);
  });

  it.skipIf(process.platform === "win32")(
    "refuses what is endless, huge or no file, at once",
    () => {
      const folder = folderWith({ "bytes.json": "" });
      writeFileSync(join(folder, "bytes.json"), Uint8Array.of(0x7b, 0xff, 0xfe));
      writeFileSync(join(folder, "huge.json"), "");
      truncateSync(join(folder, "huge.json"), 10e9);
      execFileSync("mkfifo", [join(folder, "fifo")]);
      const files = ["/dev/zero", "fifo", "huge.json", "bytes.json"];
      expect(torchOptim(["check", ...files], { cwd: folder })).toMatchObject({
        status: 1,
        stdout: [
          "/dev/zero: is no file but a pipe or a device",
          "fifo: is no file but a pipe or a device",
          "huge.json: is longer than 4 MB, the most that is read",
          "bytes.json: is no text in UTF-8",
          "",
        ].join("\n"),
      });
      const endless = torchOptim(["check", "-"], { input: "x".repeat(4_000_001) });
      expect(endless.stdout).toBe("standard input: is longer than 4 MB, the most that is read\n");
    },
  );

  it("reads what Windows writes", () => {
    const folder = folderWith({ "bom.json": `\ufeff${GOOD}` });
    writeFileSync(join(folder, "utf16.json"), Buffer.from(`\ufeff${GOOD}`, "utf16le"));
    expect(printed(["check", "bom.json", "utf16.json"], { cwd: folder })).toBe(
      "bom.json: ok\nutf16.json: ok\n",
    );
  });

  it.skipIf(process.platform === "win32")("gives a terminal nothing to obey", () => {
    const names = { good: "\u001b[2J.json", bad: "\u009b31m\u202e.json" };
    const folder = folderWith({ [names.good]: GOOD, [names.bad]: '{"type": "\u001b]0;x\u0007"}' });
    const { stdout } = torchOptim(["check", names.good, names.bad], { cwd: folder });
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(stdout).toMatch(/^\\u001b\[2J\.json: ok\n\\u009b31m\\u202e\.json: this string has/);
  });

  it("says that a file is missing, whatever its name, or a folder", () => {
    const folder = folderWith();
    const missing = ["missing.json", "a b.yaml", "a/b", "esc\u001b[31m.txt"];
    const { status, stdout } = torchOptim(["check", ...missing, folder, "schedule"]);
    expect(status).toBe(1);
    expect(stdout.split("\n").slice(0, 6)).toEqual([
      "missing.json: there is no such file or folder",
      "a b.yaml: there is no such file or folder",
      "a/b: there is no such file or folder",
      "esc\\u001b[31m.txt: there is no such file or folder",
      `${folder}: is a folder`,
      'no scheduler or file is called "schedule"; `torch-optim list` has them all',
    ]);
  });
});
