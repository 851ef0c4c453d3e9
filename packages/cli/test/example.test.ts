import { check_spec, type SchedulerSpec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { printed, torchOptim } from "./support/cli.ts";

const names = printed(["example"])
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line) => line.split(" ")[0]);

describe("example", () => {
  it.each(names)("%s is a sound spec of 100 epochs", (name) => {
    const spec: SchedulerSpec = JSON.parse(printed(["example", name]));
    expect(check_spec(spec)).toEqual([]);
    const { lrs } = simulate(spec, { epochs: 100, metrics: () => 1 });
    expect(Math.max(...lrs[0])).toBeGreaterThan(Math.min(...lrs[0]));
  });

  it("can be piped into another command", () => {
    const input = printed(["example", "warmup-cosine"]);
    expect(printed(["check", "-"], { input })).toBe("standard input: ok\n");
  });

  it("says which there are if the name is another", () => {
    const { status, stderr } = torchOptim(["example", "warmup"]);
    expect(status).toBe(2);
    for (const name of names) expect(stderr).toContain(name);
  });
});
