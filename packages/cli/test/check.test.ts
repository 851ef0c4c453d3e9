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

  it("reads files that begin with a byte order mark", () => {
    const folder = folderWith({
      "a.json": `\uFEFF${GOOD}`,
      "b.txt": "\uFEFFlinear:10 > cosine:90\n",
    });
    expect(printed(["check", "a.json", "b.txt"], { cwd: folder })).toBe("a.json: ok\nb.txt: ok\n");
  });

  it.skipIf(process.platform === "win32")("gives a terminal nothing to obey", () => {
    const names = { good: "\u001b[2J.json", bad: "\u009b31m\u202e.json" };
    const folder = folderWith({ [names.good]: GOOD, [names.bad]: '{"type": "\u001b]0;x\u0007"}' });
    const { stdout } = torchOptim(["check", names.good, names.bad], { cwd: folder });
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(stdout).toMatch(/^\\u001b\[2J\.json: ok\n\\u009b31m\\u202e\.json: this string has/);
  });

  it("says that a file is missing, or a folder", () => {
    const folder = folderWith();
    const outcome = torchOptim(["check", "missing.json", folder]);
    expect(outcome).toMatchObject({
      status: 1,
      stdout: `missing.json: there is no such file or folder\n${folder}: is a folder\n`,
    });
  });
});
