import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { parse_spec, type SchedulerSpec } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { Run } from "../../../../../examples/digits/src/train.ts";
import { encodeLink } from "../../../src/link/link.ts";
import type { Shared } from "../../../src/studio/studio.ts";
import { Site } from "../../support/site.ts";

const site = new Site();
const SCHEDULE = "linear:2 > cosine:4";
const OPTIONS = { epochs: 6, batchSize: 512, optimizer: "adamw", lr: 0.03, seed: 7 } as const;
const SHARED: Shared = {
  plan: { spec: parse_spec(SCHEDULE), lr: OPTIONS.lr },
  view: { isLog: false, unit: "steps" },
  pins: [{ name: "the old one", plan: { spec: parse_spec("step(step_size=2)"), lr: 0.01 } }],
};

/** The part of the studio where schedules are tried, in a page of its own. */
async function openTry(shared: Shared = SHARED) {
  const { page, errors } = await site.open(`/studio#${encodeLink(shared)}`);
  const panel = page.getByRole("region", { name: "Try it" });
  await panel.getByLabel("Computed on").selectOption("wasm");
  await panel.getByLabel("The schedule steps").selectOption("epoch");
  for (const [label, value] of [
    ["Epochs", OPTIONS.epochs],
    ["Batch size", OPTIONS.batchSize],
    ["Seed", OPTIONS.seed],
  ] as const) {
    await panel.getByLabel(label, { exact: true }).fill(String(value));
  }
  return { page, panel, errors };
}

const train = (panel: Locator) => panel.getByRole("button", { name: "Train" }).click();
const done = (panel: Locator) => panel.getByText(/^Done, on wasm\./).waitFor();

/** What is saved of a training: its schedules' names, and the numbers of each, row by row. */
async function saved(page: Page, panel: Locator): Promise<Map<string, number[][]>> {
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Save the numbers" }).click();
  const [head, ...lines] = readFileSync(await (await download).path(), "utf8")
    .trim()
    .split("\n");
  expect(head).toBe("schedule,step,epoch,lr,loss,accuracy");
  const numbers = new Map<string, number[][]>();
  for (const line of lines) {
    const [, name = "", rest = ""] = /^"(.*)",(.*)$/.exec(line) ?? [];
    numbers.set(name, [...(numbers.get(name) ?? []), rest.split(",").map(Number)]);
  }
  return numbers;
}

/**
 * Digits after the point. Further ones may differ: powers and cosines differ between engines in their
 * last bit, and those with relaxed SIMD, which Node.js 20 is not, may round a product and a sum at once.
 */
const DIGITS = { lr: 12, loss: 5 };

/** What npm start comes to with a schedule. */
function runInNode(schedule: string, lr: number): unknown[][] {
  const run = new Run({ ...OPTIONS, lr, schedule: parse_spec(schedule) as SchedulerSpec });
  while (!run.isDone) run.trainEpoch();
  return run.history.map(({ epoch, lr, loss, accuracy }) => [
    epoch,
    epoch,
    expect.closeTo(lr, DIGITS.lr),
    expect.closeTo(loss, DIGITS.loss),
    accuracy,
  ]);
}

describe("a try in the browser", () => {
  it("gives the numbers that npm start gives, under both schedules", async () => {
    const { page, panel, errors } = await openTry();
    await panel.getByLabel("Against").selectOption("the old one (pinned)");
    await train(panel);
    await done(panel);
    const numbers = await saved(page, panel);
    expect([...numbers.keys()]).toEqual(["the plan", "the old one"]);
    expect(numbers.get("the plan")).toEqual(runInNode(SCHEDULE, OPTIONS.lr));
    expect(numbers.get("the old one")).toEqual(runInNode("step(step_size=2)", 0.01));
    expect(errors).toEqual([]);

    await train(panel);
    await done(panel);
    expect(await saved(page, panel)).toEqual(numbers);
    await panel.getByLabel("Seed").fill("8");
    await train(panel);
    await done(panel);
    expect(await saved(page, panel)).not.toEqual(numbers);
    await page.context().close();
  });

  it("shows lr, loss and accuracy of both, and says how well each did", async () => {
    const { page, panel } = await openTry();
    await train(panel);
    await done(panel);
    for (const figure of ["learning rate", "training loss", "accuracy"]) {
      const chart = panel.getByRole("img", { name: `The ${figure} so far` });
      expect(await chart.locator("path.line").count()).toBe(2);
      for (const path of await chart.locator("path.line").all()) {
        expect(await path.getAttribute("d")).toMatch(/^M/);
      }
    }
    const accuracy = runInNode(SCHEDULE, OPTIONS.lr).at(-1)?.[4];
    const percent = `${(100 * Number(accuracy)).toFixed(1)} %`;
    await panel
      .getByRole("row", { name: /^the plan/ })
      .getByText(percent)
      .first()
      .waitFor();
    expect(await panel.getByText(/^Done/).textContent()).toContain(`the plan ${percent}`);
    await page.context().close();
  });

  it("pauses, goes on with the same numbers, and stops", async () => {
    const { page, panel } = await openTry();
    await panel.getByLabel("Epochs", { exact: true }).fill("500");
    await panel.getByLabel("Stretch").uncheck();
    await train(panel);
    await panel.getByRole("button", { name: "Pause" }).click();
    await panel.getByText(/^Paused\./).waitFor();
    await panel.getByRole("button", { name: "Go on" }).click();
    await panel.getByText(/^Training on wasm\./).waitFor();
    // It goes on: the accuracy of the sixth epoch is there.
    await panel.getByText(/Epoch ([7-9]|\d\d+) of 500/).waitFor();
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel.getByText(/^Stopped\./).waitFor();
    const rows = (await saved(page, panel)).get("the plan") ?? [];
    expect(rows.length).toBeLessThan(500);
    expect(rows.slice(0, 6)).toEqual(runInNode(SCHEDULE, OPTIONS.lr));
    await page.context().close();
  });

  it("says that a training diverged, and goes on with the other", async () => {
    const { page, panel } = await openTry({ ...SHARED, plan: { ...SHARED.plan, lr: 1e30 } });
    await panel.getByLabel("Against").selectOption("the old one (pinned)");
    await train(panel);
    await done(panel);
    await panel.getByText(/^the plan: It diverged in epoch 1, .* the loss became NaN\./).waitFor();
    expect(await panel.getByText(/^Done/).textContent()).toContain("the old one");
    await page.context().close();
  });

  it("trains a recipe, and says which group has which parameters", async () => {
    const spec = parse_spec("lr[bias] = cosine:6; lr[rest] = linear:6; weight_decay = cosine:6");
    const { page, panel } = await openTry({ ...SHARED, plan: { spec, lr: 1 } });
    await panel.getByText("bias: hidden biases and output biases").waitFor();
    await panel.getByRole("spinbutton", { name: "Learning rate" }).fill("0.03");
    await train(panel);
    await done(panel);
    const [first] = (await saved(page, panel)).get("the plan") ?? [];
    expect(first.slice(0, 3)).toEqual([0, 0, 0.03]);
    await page.context().close();
  });
});

describe("a range test in the browser", () => {
  it("marks the steepest descent, and sets the lr of the plan", async () => {
    const { page, panel, errors } = await openTry();
    await panel.getByRole("button", { name: "Run a range test" }).click();
    const said = panel.getByText(/^The loss falls most steeply at a learning rate of /);
    const lr = (await said.textContent())?.match(/rate of ([\d.e-]+)\.( |$)/)?.[1] ?? "";
    expect(Number(lr)).toBeGreaterThan(1e-4);
    expect(Number(lr)).toBeLessThan(1);

    // The mark stands where the axis has this lr, within what rounding it leaves open.
    const chart = panel.getByRole("img", { name: /^The loss while the learning rate rises/ });
    const at = async (locator: Locator) => Number(await locator.getAttribute("x"));
    const [low, high] = [
      await at(chart.getByText("0.001", { exact: true })),
      await at(chart.getByText("1", { exact: true }).last()),
    ];
    const mark = Number(await chart.locator(".mark circle").getAttribute("cx"));
    const shown = 10 ** (-3 + (3 * (mark - low)) / (high - low));
    expect(shown / Number(lr)).toBeCloseTo(1, 1);

    await panel.getByRole("button", { name: `Use ${lr}` }).click();
    await panel.getByText(`The learning rate is ${lr} now.`).waitFor();
    expect(await panel.getByRole("spinbutton", { name: "Learning rate" }).inputValue()).toBe(lr);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe("the try's part of the page", () => {
  it.each([1280, 390])("at %i pixels holds all that it shows", async (width) => {
    const { page, errors } = await site.open("/studio", { viewport: { width, height: 900 } });
    const panel = page.getByRole("region", { name: "Try it" });
    await panel.getByLabel("Computed on").selectOption("wasm");
    await panel.getByLabel("Epochs", { exact: true }).fill("2");
    await train(panel);
    await done(panel);
    const { right, widest } = await panel.evaluate((element) => {
      const inside = [...element.querySelectorAll("*")].map((each) => each.getBoundingClientRect());
      const shown = inside.filter(({ width, height }) => width > 1 && height > 1);
      const { right } = element.getBoundingClientRect();
      return { right, widest: Math.max(...shown.map((box) => box.right)) };
    });
    expect(widest).toBeLessThanOrEqual(right + 1);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
