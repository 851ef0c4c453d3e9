import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { filesOf, type Outcome, run, temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const OPTIONS = ["--epochs", "20", "--batch-size", "512", "--seed", "3"];
const WHOLE = join(FOLDER, "whole");

/** Steps of writing a checkpoint, as crash.ts counts them. */
const HALF_WRITTEN = 2;
const NOT_YET_MOVED = 5;
const JUST_MOVED = 6;
const ALL_STEPS = 8;

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(filesOf(folder).map(({ name, content }) => [name, content]));
}

/** Calls the program and sends it a signal as soon as it has said this. */
function interrupt(args: readonly string[], signal: NodeJS.Signals, when: RegExp) {
  return run(args, {
    onOutput: (stdout, child) => {
      if (when.test(stdout)) child.kill(signal);
    },
  });
}

beforeAll(async () => {
  expect((await run([...OPTIONS, "--out", WHOLE])).end).toBe(0);
});

describe("a run", () => {
  test("that was killed at any moment ends, to the last bit, as one that was not", async () => {
    const folder = join(FOLDER, "killed");
    const resume = ["--resume", "--out", folder];
    const begun = await run([...OPTIONS, "--out", folder], { crashAt: ALL_STEPS + HALF_WRITTEN });
    expect(begun.end).toBe("SIGKILL");
    expect(Object.keys(contents(folder))).toEqual([
      "checkpoint.json",
      expect.stringMatching(/^checkpoint\.json\.[0-9a-f]{16}\.partial$/),
      expect.stringMatching(/^lock\./),
    ]);
    for (const crashAt of [NOT_YET_MOVED, JUST_MOVED]) {
      expect((await run(resume, { crashAt })).end).toBe("SIGKILL");
    }
    await interrupt(resume, "SIGKILL", /^epoch/m);
    expect((await run(resume)).end).toBe(0);
    expect(contents(folder)).toEqual(contents(WHOLE));
  });

  test("that was interrupted stops quietly, says how to go on, and goes on", async () => {
    const folder = join(FOLDER, "it's interrupted");
    const args = [...OPTIONS, "--out", folder];
    const { end, stdout, stderr } = await interrupt(args, "SIGINT", /^Training/);
    expect({ end, stderr }).toEqual({ end: 130, stderr: "" });
    expect(stdout).toMatch(/\nStopped after epoch \d+ of 20\. To go on:\n/);
    const [, word = ""] = /npm start -- --resume --out (.*)\n/.exec(stdout) ?? [];
    expect(execFileSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" })).toBe(folder);
    expect((await run(["--resume", "--out", folder])).end).toBe(0);
    expect(contents(folder)).toEqual(contents(WHOLE));
  });

  test("is refused to a second process while a first one is at work", async () => {
    const args = ["--epochs", "5000", "--batch-size", "512", "--out", join(FOLDER, "twice")];
    let second: Promise<Outcome> | undefined;
    const first = await run(args, {
      onOutput: (stdout, child) => {
        if (!/^epoch/m.test(stdout)) return;
        second ??= run(["--resume", ...args]).finally(() => child.kill("SIGTERM"));
      },
    });
    expect(first).toMatchObject({ end: 143, stderr: "" });
    expect(await second).toMatchObject({
      end: 1,
      stdout: "",
      stderr: expect.stringMatching(
        / is in use: process \d+ trains in it; wait for it, or end it\n$/,
      ),
    });
  });

  test("that is finished is reported again, and what was lost of its report is written", async () => {
    const before = contents(WHOLE);
    rmSync(join(WHOLE, "history.csv"));
    const { end, stdout } = await run(["--resume", "--out", WHOLE]);
    expect(end).toBe(0);
    expect(stdout).toContain(`The run in ${WHOLE} is finished: all of its 20 epochs are done.`);
    expect(stdout).toMatch(/Held-out accuracy: \d+\.\d %/);
    expect(contents(WHOLE)).toEqual(before);
  });

  test.each([
    ["--epochs", "20", "40"],
    ["--optimizer", "adamw", "sgd"],
  ])("is refused with another %s, and nothing is changed", async (flag, own, other) => {
    const before = filesOf(WHOLE);
    const { end, stderr } = await run(["--resume", "--out", WHOLE, flag, other]);
    expect(end).toBe(1);
    expect(stderr).toContain(
      `the run in ${WHOLE} began with ${flag} ${own} and cannot go on with ${other}`,
    );
    expect(filesOf(WHOLE)).toEqual(before);
  });

  test("does not begin in a folder that holds another one", async () => {
    const before = filesOf(WHOLE);
    const { end, stderr } = await run([...OPTIONS, "--out", WHOLE]);
    expect(end).toBe(1);
    expect(stderr).toBe(`${WHOLE} already holds a run; add --resume, or name another folder\n`);
    expect(filesOf(WHOLE)).toEqual(before);
  });

  test("is not resumed where there is none", async () => {
    const folder = join(FOLDER, "none");
    const { end, stderr } = await run(["--resume", "--out", folder]);
    expect({ end, stderr }).toEqual({ end: 1, stderr: `${folder} holds no run to resume\n` });
  });
});
