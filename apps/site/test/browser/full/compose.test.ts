import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { curve, expectLink, expectSchedule, openStudio } from "../../support/studio.ts";

const site = new Site();

const head = (page: Page, name: string) => page.getByRole("button", { name, exact: false });
const blockNames = (page: Page) => page.locator(".compose-panel .head .name").allInnerTexts();

async function open(spec: string): Promise<Page> {
  const { page } = await openStudio(site, spec);
  return page;
}

/** Presses a place, goes along the axis and lets go. */
async function drag(page: Page, handle: Locator, by: number): Promise<void> {
  await handle.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await handle.boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + by / 2, y + height / 2, { steps: 4 });
  await page.mouse.move(x + width / 2 + by, y + height / 2, { steps: 4 });
  await page.mouse.up();
}

/** How wide an epoch of a schedule of 100 is on the track. */
async function epochWidth(page: Page): Promise<number> {
  const box = await page.locator(".track-row").first().boundingBox();
  return (box?.width ?? 0) / 100;
}

describe("the blocks of a schedule", () => {
  it("have boundaries that are dragged on the track, curve and text with them", async () => {
    const page = await open("linear:10 > cosine:90");
    const before = await curve(page);
    const boundary = page.getByRole("slider", { name: /^Boundary between LinearLR/ });
    await drag(page, boundary, 20 * (await epochWidth(page)));
    await expectSchedule(page, "linear:30 > cosine:70");
    expect(await curve(page)).not.toBe(before);

    // A drag is one thing to take back.
    await page.getByRole("button", { name: "Undo" }).click();
    await expectSchedule(page, "linear:10 > cosine:90");
    expect(await curve(page)).toBe(before);
    await page.getByRole("button", { name: "Redo" }).click();
    await expectSchedule(page, "linear:30 > cosine:70");
  });

  it("have boundaries that are dragged on the curve itself, and Escape calls that off", async () => {
    const page = await open("linear:10 > cosine:90");
    const handle = page.locator(".chart-handle .reach").first();
    await drag(page, handle, 15 * (await epochWidth(page)));
    await expectSchedule(page, "linear:25 > cosine:75");

    const box = await handle.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 7, (box?.y ?? 0) + 40);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 107, (box?.y ?? 0) + 40, { steps: 3 });
    await expectSchedule(page, /^(?!linear:25)/);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await expectSchedule(page, "linear:25 > cosine:75");
  });

  it("are put in another order by dragging, each with its length", async () => {
    const page = await open("linear:20 > constant:30 > cosine:50");
    await drag(page, head(page, "LinearLR, steps 0 to 20"), 30 * (await epochWidth(page)));
    await expectSchedule(page, "constant:30 > linear:20 > cosine:50");
  });

  it("are chosen, moved, copied, halved and taken away by keys", async () => {
    const page = await open("linear:20 > cosine:80");
    await head(page, "CosineAnnealingLR, steps").click();
    await page.keyboard.press("Alt+ArrowLeft");
    await expectSchedule(page, "cosine:80 > linear:20");
    await page.keyboard.press("Alt+ArrowRight");
    await page.keyboard.press("d");
    await expectSchedule(page, "linear:20 > cosine:80 > cosine:80");
    await page.keyboard.press("Delete");
    await expectSchedule(page, "linear:20 > cosine:80");
    const whole = await curve(page);
    await page.keyboard.press("s");
    expect(await blockNames(page)).toEqual(["SequentialLR", "linear", "cosine", "cosine"]);
    expect(await curve(page)).toBe(whole);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("]");
    await page.keyboard.press("}");
    await expectSchedule(page, /^linear:31 > /);
    for (let i = 0; i < 4; i++) await page.keyboard.press("Control+z");
    await expectSchedule(page, /^(?!linear:31 > )/);
  });

  it("are nested in sequences and chains, and taken apart again", async () => {
    const page = await open("linear:20 > constant:30 > cosine:50");
    const before = await curve(page);
    await head(page, "LinearLR, steps").click();
    await page.getByRole("button", { name: "Join with next" }).click();
    expect(await blockNames(page)).toEqual([
      "SequentialLR",
      "SequentialLR",
      "linear",
      "constant",
      "cosine",
    ]);
    expect(await curve(page)).toBe(before);
    await page.getByRole("button", { name: "Take apart" }).click();
    expect(await blockNames(page)).toEqual(["SequentialLR", "linear", "constant", "cosine"]);
    await page.getByRole("button", { name: "Into a chain" }).click();
    await page.getByLabel("Add another scheduler").selectOption("ExponentialLR");
    await expectSchedule(page, /^\(?linear:20 \+ exponential\(/);
  });

  it("are added with the mouse: a warm-up, a cosine and a cool-down", async () => {
    const page = await open("constant(factor=1, total_iters=60)");
    await page.getByRole("button", { name: "Cosine", exact: true }).click();
    await page.getByRole("button", { name: "Cool-down" }).click();
    await page.getByLabel("Where to add it").selectOption("before");
    await head(page, "ConstantLR, steps").click();
    await page.getByRole("button", { name: "Warm-up" }).click();
    expect(await blockNames(page)).toEqual([
      "SequentialLR",
      "linear",
      "constant",
      "cosine",
      "linear",
    ]);
  });

  it("have options that are typed, with their mistakes where they are", async () => {
    const page = await open("linear:20 > cosine:80");
    const before = await curve(page);
    await head(page, "LinearLR, steps").click();
    const factor = page.getByLabel("start_factor");
    await factor.fill("0.5");
    expect(await curve(page)).not.toBe(before);
    await expectSchedule(page, /start_factor=0\.5/);
    await factor.fill("-1");
    const inspector = page.locator(".inspector");
    await expect.poll(() => inspector.locator(".mistake").innerText()).toContain("start_factor");
    expect(await head(page, "LinearLR, steps 0 to 20, 1 mistake").count()).toBe(1);
    await factor.fill("0.25");
    await expect.poll(() => inspector.locator(".mistake").count()).toBe(0);
    await page.getByLabel("scheduler", { exact: true }).selectOption("ConstantLR");
    await expectSchedule(page, /^constant/);
  });

  it("stand on a track for each option of a recipe", async () => {
    const page = await open("linear:20 > cosine:80");
    await page.getByRole("button", { name: "Schedule further options" }).click();
    await page.getByRole("button", { name: "Add a schedule" }).click();
    expect(await page.locator(".track-row").count()).toBe(2);
    expect(await page.locator(".studio .schedule-chart").count()).toBe(2);
    await page.getByLabel("Moves").nth(1).fill("momentum");
    await page.getByLabel("Moves").nth(1).press("Enter");
    await page.getByLabel("Groups").nth(1).fill("bias, norm");
    await page.getByLabel("Groups").nth(1).press("Enter");
    const moved = '"option":"momentum","groups":["bias","norm"]';
    await expectLink(page, ({ plan }) => JSON.stringify(plan.spec).includes(moved));
  });

  it("lie under their stretch of the curve, zoomed or not, wide and narrow", async () => {
    for (const width of [1280, 390]) {
      const viewport = { width, height: 900 };
      const { page } = await openStudio(site, "linear:40 > cosine:60", { viewport });
      const place = async (locator: Locator) => {
        const box = await locator.boundingBox();
        return box ? box.x + box.width / 2 : Number.NaN;
      };
      const onCurve = page.locator(".chart-handle .reach").first();
      const onTrack = page.getByRole("slider", { name: /^Boundary between/ });
      await expect
        .poll(async () => (await place(onCurve)) - (await place(onTrack)))
        .toBeCloseTo(0, 0);
      await page.getByRole("button", { name: "Zoom in" }).first().click();
      await expect
        .poll(async () => (await place(onCurve)) - (await place(onTrack)))
        .toBeCloseTo(0, 0);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over).toBe(0);
    }
  });
});
