import * as lr_scheduler from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { printed } from "./support/cli.ts";

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
  });
});
