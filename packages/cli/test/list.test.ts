import { spawnSync } from "node:child_process";
import * as lr_scheduler from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { bareEnv, COMMAND, printed, torchOptim } from "./support/cli.ts";

const CLASSES = Object.entries(lr_scheduler)
  .filter(
    ([, value]) =>
      typeof value === "function" &&
      value.prototype instanceof lr_scheduler.LRScheduler &&
      value !== lr_scheduler.CompositeScheduler,
  )
  .map(([name]) => name);

/** What is said of each scheduler, by its name. */
const entries = new Map(
  printed(["list"])
    .trimEnd()
    .split("\n\n")
    .map((entry) => [/^\w+/.exec(entry)?.[0], entry]),
);

describe("list", () => {
  it("has every scheduler of the library, with a sentence", () => {
    expect([...entries.keys()].sort()).toEqual(CLASSES.sort());
    for (const entry of entries.values()) expect(entry.split("\n")[1]).toMatch(/^ {2}[A-Z].*\.$/);
  });

  it("has the options with what they may be, and their defaults", () => {
    expect(entries.get("StepLR")?.split("\n").slice(2)).toEqual([
      "  step_size  a whole number of at least 1; required",
      "  gamma      a finite number of at least 0; default 0.1",
    ]);
  });

  it("has the names of the short form", () => {
    expect(entries.get("CosineAnnealingLR")).toMatch(/^CosineAnnealingLR {2}cosine$/m);
  });

  it("says which schedulers no spec can hold", () => {
    expect(entries.get("LambdaLR")).toMatch(
      /^LambdaLR {2}takes a function, so no spec can hold it$/m,
    );
  });

  it("shows only those that are asked for, by either of their names", () => {
    for (const name of ["StepLR", "step"]) {
      expect(printed(["list", name])).toBe(`${entries.get("StepLR")}\n`);
    }
    const both = [entries.get("CosineAnnealingLR"), entries.get("StepLR")].join("\n\n");
    expect(printed(["list", "step", "CosineAnnealingLR"])).toBe(`${both}\n`);
    expect(printed(["list", "cosine", "step", "StepLR"])).toBe(`${both}\n`);
  });

  it("says which was likely meant if a name is another", () => {
    expect(torchOptim(["list", "StepRL"])).toMatchObject({
      status: 2,
      stdout: "",
      stderr: 'no scheduler is called "StepRL"; did you mean "StepLR"?\n',
    });
    expect(torchOptim(["list", "x"]).stderr).toBe(
      'no scheduler is called "x"; `torch-optim list` has them all\n',
    );
  });

  it.runIf(process.platform === "linux")(
    "fills a terminal's lines, and none beyond its end",
    () => {
      for (const columns of [66, 67, 68, 69, 70]) {
        const command = COMMAND.map((part) => `'${part}'`).join(" ");
        const line = `stty cols ${columns}; ${command} list OneCycleLR`;
        const { stdout } = spawnSync("script", ["-qec", line, "/dev/null"], {
          encoding: "utf8",
          env: { ...bareEnv(), TERM: "dumb", NO_COLOR: "1" },
        });
        const lines = stdout.trimEnd().split("\r\n");
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
        // A line ends where its next word has no room.
        for (const [i, line] of lines.entries()) {
          const [, next] = /^ {10,}(\S+)/.exec(lines[i + 1] ?? "") ?? [];
          if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(columns);
        }
      }
    },
  );
});
