import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { Site } from "../support/site.ts";
import { curve, expectLink, expectSchedule, openStudio, schedule } from "../support/studio.ts";

const site = new Site();
const STUDIO = "/studio";

const code = (page: Page) =>
  page.locator(".editors [role=tabpanel]:visible .cm-content").innerText();

describe("the studio", () => {
  it("draws what is typed, in every view of it, and takes it back", async () => {
    const { page, errors } = await site.open(STUDIO);
    await expect.poll(() => curve(page)).toMatch(/^M/);
    const first = await curve(page);
    await schedule(page).fill("linear:20 > cosine:80");
    await expect.poll(() => curve(page)).not.toBe(first);
    await expect.poll(() => code(page)).toContain("milestones: [20]");
    await page.getByRole("tab", { name: "Python" }).click();
    await expect.poll(() => code(page)).toContain("milestones=[20]");

    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => curve(page)).toBe(first);
    await expectSchedule(page, "linear:10 > cosine:90");
    await page.getByRole("button", { name: "Redo" }).click();
    await expectSchedule(page, "linear:20 > cosine:80");
    expect(errors).toEqual([]);
  });

  it("has boundaries that are dragged", async () => {
    const { page, errors } = await openStudio(site, "linear:10 > cosine:90");
    const before = await curve(page);
    const boundary = page.getByRole("slider", { name: /^Boundary between LinearLR/ });
    await boundary.scrollIntoViewIfNeeded();
    const { x = 0, y = 0 } = (await boundary.boundingBox()) ?? {};
    await page.mouse.move(x + 6, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 206, y + 10, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => curve(page)).not.toBe(before);
    await expectSchedule(page, /^linear:[23]\d > cosine:[67]\d$/);
    expect(errors).toEqual([]);
  });

  it("keeps a mistake as it was typed, says it in words, and goes on showing what was sound", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const sound = await curve(page);
    await schedule(page).fill("linear:10 > cosin:90");
    await expect
      .poll(() => page.getByRole("alert").allInnerTexts())
      .toContain('no scheduler is called "cosin"; did you mean "cosine"?');
    expect(await curve(page)).toBe(sound);
    await expectSchedule(page, "linear:10 > cosin:90");
  });

  it("has the whole schedule in its address", async () => {
    const { page } = await site.open(STUDIO);
    await schedule(page).fill("step(step_size=30, gamma=0.5)");
    await page.getByLabel("Base lr").fill("0.25");
    await page.getByLabel("Base lr").press("Enter");
    await expectLink(page, ({ plan }) => plan.lr === 0.25);
    const { page: other } = await site.open(STUDIO + new URL(page.url()).hash);
    await expectSchedule(other, "step(step_size=30, gamma=0.5)");
    expect(await other.getByLabel("Base lr").inputValue()).toBe("0.25");
    expect(await curve(other)).toBe(await curve(page));
  });

  it.each([
    "#%E0%A4%A",
    "#<script>alert(1)</script>",
    `#${"A".repeat(3000)}`,
    "#eJwDAAAAAAE",
  ])("says what is wrong with the link %$, and shows a schedule still", async (fragment) => {
    const { page, errors } = await site.open(STUDIO + fragment);
    await expect
      .poll(() => page.getByRole("alert").allInnerTexts())
      .toContainEqual(expect.stringMatching(/^The link .+\./));
    expect(await curve(page)).toMatch(/^M/);
    expect(errors).toEqual([]);
  });

  it("says what is wrong with the schedule of a link, and where", async () => {
    const { page, errors } = await openStudio(site, {
      plan: { spec: { type: "StepLR", step_size: -1 }, lr: 0.1 },
    });
    await expect
      .poll(() => page.getByRole("alert").allInnerTexts())
      .toContain(
        "The link's schedule has a mistake: step_size: must be a whole number of at least 1, got -1.",
      );
    await page.getByLabel("step_size").fill("20");
    await expectSchedule(page, "step(step_size=20)");
    expect(errors).toEqual([]);
  });
});
