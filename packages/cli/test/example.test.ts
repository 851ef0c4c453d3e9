import {
  check_spec,
  PRESETS,
  parse_spec,
  type SchedulerSpec,
  simulate,
} from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { printed, torchOptim } from "./support/cli.ts";

const names = printed(["example"])
  .trimEnd()
  .split("\n\n")[0]
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

  it.each(Object.entries(PRESETS))("%s is a preset, listed with its source", (name, preset) => {
    const spec = JSON.parse(printed(["example", name]));
    expect(spec).toEqual(parse_spec(preset.spec));
    expect(printed(["list", "--presets"])).toContain(
      `${name}\n  ${preset.about}\n  ${preset.source}\n`,
    );
  });

  it("can be piped into another command", () => {
    const input = printed(["example", "warmup-cosine"]);
    expect(printed(["check", "-"], { input })).toBe("standard input: ok\n");
  });

  it("says which was likely meant if the name is another, and never all of them", () => {
    expect(torchOptim(["example", "warmup-cosin"])).toMatchObject({
      status: 2,
      stdout: "",
      stderr: 'no example is called "warmup-cosin"; did you mean "warmup-cosine"?\n',
    });
    expect(torchOptim(["example", "nonsense"])).toMatchObject({
      status: 2,
      stderr: 'no example is called "nonsense"; `torch-optim example` has them all\n',
    });
  });
});
