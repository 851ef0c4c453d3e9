import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, printed, torchOptim } from "./support/cli.ts";

const RECIPE = "lr[xyz] = linear:10 > cosine:90; weight_decay = ramp:100(end_factor=3)";

describe("a recipe", () => {
  it("is plotted with a plot for each option, and a line for each group", () => {
    const chart = printed(["plot", RECIPE]);
    expect(chart.match(/└[─┬]/g)).toHaveLength(2);
    expect(chart).toContain("\nweight_decay\n");
    expect(chart).toContain("\na xyz\nb group 1\n");
    expect(chart).toContain("0 LinearLR 0–9   1 CosineAnnealingLR 10–99");
  });

  it("is drawn with a panel for each option", () => {
    const folder = folderWith({});
    const file = join(folder, "recipe.svg");
    printed(["plot", RECIPE, "--svg", file]);
    const svg = readFileSync(file, "utf8");
    expect(svg).toContain(">learning rate<");
    expect(svg).toContain(">weight decay<");
  });

  it("is tabulated with a column for each option of each group", () => {
    expect(
      printed([
        "table",
        "lr = exp(gamma=0.5); weight_decay = exp(gamma=0.1)",
        "-e",
        "3",
        "-a",
        "-f",
        "csv",
      ]),
    ).toBe("epoch,phase,lr,weight_decay\n0,0,1,1\n1,0,0.5,0.1\n2,0,0.25,0.010000000000000002\n");
    const [head] = printed(["table", RECIPE]).split("\n");
    expect(head).toMatch(/lr of xyz +lr of group 1 +weight_decay of xyz +weight_decay of group 1/);
    const rows = JSON.parse(printed(["table", RECIPE, "-f", "json"]));
    expect(rows.at(-1)).toMatchObject({ epoch: 99, lr: [expect.any(Number), 1] });
    expect(rows[0].weight_decay).toEqual([1, 1]);
  });

  it("takes the groups that it is meant for, from the line or from a file", () => {
    const groups = JSON.stringify([
      { lr: 0.5, weight_decay: 0 },
      { name: "xyz", lr: 8, weight_decay: 2 },
    ]);
    const first = (argument: string) =>
      JSON.parse(
        printed([
          "table",
          "lr[xyz] = exp(gamma=0.5); weight_decay = linear:4",
          "-g",
          argument,
          "-f",
          "json",
        ]),
      )[0];
    expect(first(groups)).toMatchObject({ lr: [0.5, 8], weight_decay: [0, 2 / 3] });
    const folder = folderWith({ "groups.json": groups });
    expect(first(join(folder, "groups.json"))).toMatchObject({ lr: [0.5, 8] });
    for (const wrong of ["[]", "5", '[{"lr":"x"}]', "{"]) {
      const { stderr, status } = torchOptim(["table", RECIPE, "--groups", wrong]);
      expect(status).toBe(1);
      expect(stderr).toContain("--groups must be a JSON list of objects with numbers, got ");
    }
    const { stderr } = torchOptim(["table", RECIPE, "-g", '[{"lr":1,"weight_decay":1}]']);
    expect(stderr).toContain(
      'schedules[0].groups: must be groups that the optimizer has, got ["xyz"]',
    );
  });

  it("is checked and converted", () => {
    expect(printed(["check", RECIPE])).toBe(`${RECIPE}: ok\n`);
    expect(JSON.parse(printed(["convert", RECIPE, "--to", "json"])).type).toBe("Recipe");
    expect(printed(["convert", RECIPE, "--to", "typescript"])).toContain("new Recipe(optimizer, ");
    expect(printed(["convert", RECIPE, "--to", "python"])).toContain(
      "from torch_optim import from_spec",
    );
  });
});
