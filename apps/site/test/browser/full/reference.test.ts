import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { expectSchedule } from "../../support/studio.ts";

const site = new Site();
const classPage = (name: string) => `/api/torch.optim.lr_scheduler/classes/${name}`;

/** Moves a slider to a value. */
async function slide(slider: Locator, value: number): Promise<void> {
  await slider.fill(String(value));
}

describe("the page of a scheduler", () => {
  it("has sliders that the curve and the code follow", async () => {
    const { page, errors } = await site.open(classPage("StepLR"));
    const live = page.getByRole("region", { name: "StepLR, live" });
    const path = live.locator("path.line").first();
    const before = await path.getAttribute("d");
    await slide(live.getByRole("slider", { name: "step_size" }), 7);
    await expect.poll(() => path.getAttribute("d")).not.toBe(before);
    expect(await live.locator(".code").innerText()).toContain("step_size: 7");
    expect(await live.locator(".formula").innerText()).toBe("lr(t) = 0.1 · 0.1^floor(t / 7)");
    await live.getByRole("slider", { name: /^Cursor/ }).press("End");
    expect(await live.locator(".formula").innerText()).toMatch(
      /^lr\((\d+)\) = 0\.1 · 0\.1\^floor\(\1 \/ 7\) = 1e-/,
    );
    expect(errors).toEqual([]);
  });

  it("of SequentialLR has the law, and three examples whose milestones move", async () => {
    const { page } = await site.open(classPage("SequentialLR"));
    await expect
      .poll(() => page.locator(".law").innerText())
      .toMatch(/the learning rate is exactly what child\s+i would give at epoch\s+t/);
    const lives = page.getByRole("region", { name: /^SequentialLR, live/ });
    expect(await lives.count()).toBe(3);
    const three = lives.nth(2);
    await slide(three.getByRole("slider", { name: "milestones[0]" }), 25);
    // What ended with the phase, or with the next, still does.
    await expect
      .poll(() => three.locator(".short code").innerText())
      .toBe("constant:25(factor=0.1) > cosine:55 > step(step_size=5, gamma=0.5)");
    expect(await three.locator(".code").innerText()).toContain("milestones: [25, 80]");
  });

  it("of SequentialLR lets one take hold of a milestone on the curve, and says the law in numbers", async () => {
    const { page } = await site.open(classPage("SequentialLR"));
    const live = page.getByRole("region", { name: "SequentialLR, live: A warm-up, then a cosine" });
    const handle = live.locator(".milestone-handle .reach");
    await handle.scrollIntoViewIfNeeded();
    const { x = 0, y = 0, width = 0 } = (await handle.boundingBox()) ?? {};
    await page.mouse.move(x + width / 2, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 150, y + 60, { steps: 5 });
    await page.mouse.up();
    await expect
      .poll(() => live.locator(".short code").innerText())
      .toMatch(/^linear:(3|4)\d > cosine:(5|6)\d$/);
    const cursor = live.getByRole("slider", { name: /^Cursor/ });
    await cursor.focus();
    await cursor.press("End");
    const milestone = await live.getByRole("slider", { name: "milestones[0]" }).inputValue();
    const local = 99 - Number(milestone);
    expect(await live.locator(".formula").innerText()).toContain(
      `lr(99) = lr of phase 1 at local epoch ${local} = CosineAnnealingLR alone at epoch ${local} = `,
    );
  });

  it("of ChainedScheduler shows what is multiplied beside the product", async () => {
    const { page } = await site.open(classPage("ChainedScheduler"));
    const live = page.getByRole("region", { name: /^ChainedScheduler, live/ });
    await expect.poll(() => live.locator(".below").innerText()).toMatch(/lr.*LinearLR alone/s);
    const cursor = live.getByRole("slider", { name: /^Cursor/ });
    await cursor.focus();
    await cursor.press("Home");
    for (let i = 0; i < 35; i++) await cursor.press("ArrowRight");
    const said = (await cursor.getAttribute("aria-valuetext")) ?? "";
    // They are multiplied in words as well.
    const [, product35] = (await live.locator(".formula").innerText()).split("lr(35) = ");
    expect(product35).toMatch(/^0\.1 · 1 · 0\.5 · 0\.7034 = 0\.03517$/);
    const value = (name: string) => Number(new RegExp(`${name} ([\\d.e-]+)`).exec(said)?.[1]);
    const product = ["LinearLR", "StepLR", "ExponentialLR"]
      .map((name) => value(`${name} alone`) / 0.1)
      .reduce((a, b) => a * b, 0.1);
    expect(value("lr")).toBeCloseTo(product, 12);
  });

  it("shows PyTorch's curve where that is something else, and says why", async () => {
    const { page } = await site.open(classPage("CyclicLR"));
    const beside = page.getByRole("region", { name: "CyclicLR, beside PyTorch's" });
    await expect
      .poll(() => beside.locator(".instead").innerText())
      .toMatch(/^PyTorch does something else\. PyTorch/);
    expect(await beside.locator("path.line").count()).toBe(2);
  });

  it("that takes a function has some to choose from", async () => {
    const { page, errors } = await site.open(classPage("LambdaLR"));
    const live = page.getByRole("region", { name: "LambdaLR, live" });
    await live.getByLabel("lr_lambda").selectOption("a wave");
    await slide(live.getByRole("slider", { name: "its length" }), 40);
    await expect
      .poll(() => live.locator(".code").innerText())
      .toContain("lr_lambda: (epoch) => (1 + Math.cos((2 * Math.PI * epoch) / 40)) / 2,");
    const beside = page.getByRole("region", { name: "LambdaLR, beside PyTorch's" });
    expect(await beside.locator("path.line").count()).toBe(2);
    expect(errors).toEqual([]);
  });

  it("that goes by metrics follows the loss that it is given", async () => {
    const { page } = await site.open(classPage("ReduceLROnPlateau"));
    const live = page.getByRole("region", { name: "ReduceLROnPlateau, live" });
    const path = live.locator("path.line").first();
    const before = await path.getAttribute("d");
    await slide(live.getByRole("slider", { name: "until epoch" }), 80);
    await expect.poll(() => path.getAttribute("d")).not.toBe(before);
  });
});

it("a class lists its options with their types and defaults", async () => {
  const { page } = await site.open(classPage("StepLR"));
  const table = page.locator(".vp-doc table", { hasText: "step_size" }).first();
  await table.waitFor();
  const names = await table.locator("tbody tr td:first-child").allInnerTexts();
  expect(names.map((name) => name.replace(/\W+$/, ""))).toEqual([
    "step_size",
    "gamma",
    "last_epoch",
  ]);
  expect(await page.locator(".vp-doc").innerText()).not.toContain("__");
});

it("the search finds a class by its name, with no server behind it", async () => {
  const { page, errors } = await site.open("/");
  await page.getByRole("button", { name: "Search" }).first().click();
  await page.getByPlaceholder("Search").fill("CosineAnnealingWarmRestarts");
  const first = page.locator(".VPLocalSearchBox .result").first();
  await first.waitFor();
  await first.click();
  await page.waitForURL(/CosineAnnealingWarmRestarts/);
  expect(errors).toEqual([]);
});

it("the guides have their curves alive, by an element that any page can have", async () => {
  const { page, errors } = await site.open("/phases");
  const curves = page.locator("torch-curve");
  await expect.poll(() => curves.locator("path.line").count()).toBe(4);
  await curves.first().evaluate((element) => element.setAttribute("spec", "cosin:10"));
  await expect
    .poll(() => curves.first().getByRole("alert").innerText())
    .toContain('no scheduler is called "cosin"; did you mean "cosine"?');
  expect(errors).toEqual([]);
});

describe("the gallery", () => {
  it.each([
    ["/gallery", "StepLR", /^step\(/],
    ["/presets", "nanogpt", /^linear:2000\(/],
  ])("%s opens its schedules in the studio", async (path, id, written) => {
    const { page, errors } = await site.open(path);
    const link = page.locator(`h2:has-text("${id}"), h3:has-text("${id}")`).first();
    await link.locator("xpath=following::a[text()='Open in the studio'][1]").click();
    await expectSchedule(page, written);
    expect(errors).toEqual([]);
  });
});

it.each([
  ["/gallery", "OneCycleLR", 0.1],
  ["/presets", "nanogpt", 1],
])("%s has a living curve in the place of every picture", async (path, name, highest) => {
  const { page, errors } = await site.open(path);
  const curves = page.locator(".vp-doc torch-curve");
  await curves.last().locator("path.line").first().waitFor({ state: "attached" });
  const links = await page.getByRole("link", { name: "Open in the studio" }).count();
  const pictures = page.locator('.vp-doc img[src*="svg"]:visible');
  expect((await curves.count()) + (await pictures.count())).toBe(links);
  const heading = page.locator(`h2:has-text("${name}"), h3:has-text("${name}")`).first();
  const curve = heading.locator("xpath=following::torch-curve[1]");
  const cursor = curve.getByRole("slider", { name: /^Cursor/ });
  await cursor.focus();
  const steps = Number(await cursor.getAttribute("aria-valuemax"));
  const values: number[] = [];
  await cursor.press("Home");
  for (let i = 0; i < 40; i++) {
    await cursor.press("ArrowRight");
    values.push(Number(((await cursor.getAttribute("aria-valuetext")) ?? "").split(", ")[1]));
  }
  expect(steps).toBeGreaterThan(40);
  expect(Math.max(...values)).toBeCloseTo(highest, 2);
  expect(errors).toEqual([]);
});

it("the benchmarks are drawn: the longest bar of a row is as long as it can be, the others in proportion", async () => {
  const { page } = await site.open("/benchmarks");
  const row = page.locator(".benchmark-chart .row", { hasText: /^64 groups/ }).first();
  const widths = await row.locator("i").evaluateAll((bars) => bars.map((bar) => bar.clientWidth));
  const values = (await row.locator(".shown").allInnerTexts()).map((shown) => {
    const [number, unit] = shown.split(" ");
    return Number(number) * (unit === "ns" ? 1 : 1000);
  });
  expect(widths).toHaveLength(4);
  const longest = Math.max(...widths);
  for (const [i, value] of values.entries()) {
    expect(widths[i] / longest).toBeCloseTo(value / Math.max(...values), 1);
  }
});
