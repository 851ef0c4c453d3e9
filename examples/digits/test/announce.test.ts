import { execFileSync } from "node:child_process";
import * as torch from "torch-optim";
import { parse_spec } from "torch-optim/lr_scheduler";
import { describe, expect, test } from "vitest";
import { announce, sayHowToGoOn } from "../src/announce.ts";
import type { RunOptions } from "../src/options.ts";
import { makeSchedule } from "../src/schedule.ts";

/** What is announced of a run that has done no epoch yet. */
function runWith(options: Partial<RunOptions>) {
  const all: RunOptions = {
    epochs: 100,
    batchSize: 128,
    optimizer: "adamw",
    lr: 0.03,
    seed: 0,
    schedule: null,
    ...options,
  };
  const optimizer = new torch.optim.SGD([new torch.Parameter([0])], { lr: all.lr });
  return {
    options: all,
    schedule: makeSchedule(optimizer, all),
    history: [],
    isDone: false,
  };
}

/** The words of a line of shell. */
function wordsOf(line: string): string[] {
  return execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
}

describe("what is announced", () => {
  test("counts a single epoch as one", () => {
    const run = runWith({ epochs: 1 });
    expect(announce(run, "runs/a", false)).toContain(" with adamw for 1 epoch in runs/a.\n");
    expect(announce({ ...run, isDone: true }, "runs/a", true)).toBe(
      "The run in runs/a is finished: its 1 epoch is done.",
    );
  });

  test.skipIf(process.platform === "win32")(
    "has a command that plots the schedule of the run",
    () => {
      const schedule = parse_spec("linear:6 > (step(step_size=9) + exponential(gamma=0.9))");
      for (const options of [{}, { schedule, lr: 0.5, epochs: 20 }]) {
        const run = runWith(options);
        const [, , line = ""] = announce(run, "runs/a", false).split("\n");
        const [npm, word, script, dashes, plot, spec, ...rest] = wordsOf(line);
        expect([npm, word, script, dashes, plot]).toEqual([
          "npm",
          "run",
          "torch-optim",
          "--",
          "plot",
        ]);
        expect(rest).toEqual([
          "--lr",
          String(run.options.lr),
          "--epochs",
          String(run.options.epochs),
        ]);
        const { scheduler } = run.schedule;
        expect(parse_spec(spec)).toEqual(torch.optim.to_spec(scheduler));
      }
    },
  );

  test
    .skipIf(process.platform === "win32")
    .each(["runs/digits-001", 'it\'s a "folder"; $(touch x) `y` \\ *', "-folder", "two\nlines"])(
    "quotes the folder %j for the shell",
    (folder) => {
      const [, how = ""] = sayHowToGoOn(runWith({}), folder).split("To go on:\nnpm start -- ");
      expect(wordsOf(how).slice(0, 2)).toEqual(["--resume", "--out"]);
      expect(
        wordsOf(how)
          .slice(2)
          .join("\n")
          .replace(/^\.\/-/, "-"),
      ).toBe(folder);
    },
  );
});
