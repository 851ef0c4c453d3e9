import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { Site } from "../support/site.ts";

const site = new Site();
const STUDIO = "/studio";

const curve = (page: Page) => page.locator(".studio path.line").first().getAttribute("d");
const schedule = (page: Page) => page.getByLabel("Schedule", { exact: true });
const code = (page: Page) => page.locator(".studio pre code").innerText();

describe("the studio", () => {
  it("draws what is typed, in every view of it, and takes it back", async () => {
    const { page, errors } = await site.open(STUDIO);
    const first = await curve(page);
    await schedule(page).fill("linear:20 > cosine:80");
    await expect.poll(() => curve(page)).not.toBe(first);
    expect(await code(page)).toContain("milestones: [20]");
    await page.getByText("Python", { exact: true }).click();
    expect(await code(page)).toContain("milestones=[20]");

    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => curve(page)).toBe(first);
    expect(await schedule(page).inputValue()).toBe("linear:10 > cosine:90");
    await page.getByRole("button", { name: "Redo" }).click();
    expect(await schedule(page).inputValue()).toBe("linear:20 > cosine:80");
    expect(errors).toEqual([]);
  });

  it("keeps a mistake as it was typed, says it in words, and goes on showing what was sound", async () => {
    const { page } = await site.open(STUDIO);
    const sound = await curve(page);
    await schedule(page).fill("linear:10 > cosin:90");
    await expect
      .poll(() => page.getByRole("alert").innerText())
      .toContain('no scheduler is called "cosin"; did you mean "cosine"?');
    expect(await curve(page)).toBe(sound);
    expect(await schedule(page).inputValue()).toBe("linear:10 > cosin:90");
  });

  it("has the whole schedule in its address", async () => {
    const { page } = await site.open(STUDIO);
    await schedule(page).fill("step(step_size=30, gamma=0.5)");
    await page.getByLabel("Base lr").fill("0.25");
    await page.getByLabel("Base lr").press("Enter");
    await expect.poll(() => new URL(page.url()).hash.length).toBeGreaterThan(10);
    const { page: other } = await site.open(STUDIO + new URL(page.url()).hash);
    expect(await schedule(other).inputValue()).toBe("step(step_size=30, gamma=0.5)");
    expect(await other.getByLabel("Base lr").inputValue()).toBe("0.25");
    expect(await curve(other)).toBe(await curve(page));
  });

  it.each([
    "#%E0%A4%A",
    "#<script>alert(1)</script>",
    `#${"A".repeat(3000)}`,
    "#eJwDAAAAAAE",
  ])("says what is wrong with the link %s, and shows a schedule still", async (fragment) => {
    const { page, errors } = await site.open(STUDIO + fragment);
    await expect.poll(() => page.getByRole("alert").innerText()).toMatch(/^The link .+\./);
    expect(await curve(page)).toMatch(/^M/);
    expect(errors).toEqual([]);
  });

  it("begins with the schedule of a known system, every one of them", async () => {
    const { page, errors } = await site.open(STUDIO);
    await page.getByLabel("Start from").waitFor();
    const names = await page.locator(".studio select option:not([value=''])").allInnerTexts();
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      await page.getByLabel("Start from").selectOption(name);
      await expect.poll(() => curve(page)).toMatch(/^M[\d.,]+/);
    }
    expect(errors).toEqual([]);
  });
});
