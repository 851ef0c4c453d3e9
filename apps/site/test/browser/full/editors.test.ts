import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { curve, expectLink, expectSchedule, openStudio, schedule } from "../../support/studio.ts";

const site = new Site();

const tab = (page: Page, name: string) => page.getByRole("tab", { name }).click();
const editor = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

/** Waits until an editor has such a text. */
async function expectText(page: Page, name: string, part: string): Promise<void> {
  await expect.poll(() => editor(page, name).innerText()).toContain(part);
}

describe("the forms of a schedule", () => {
  it.each([
    ["TypeScript", "T_max: 90", "T_max: 45", "linear:10 > cosine(T_max=45)"],
    ["Python", "T_max=90", "T_max=45", "linear:10 > cosine(T_max=45)"],
    ["JSON", '"T_max": 90', '"T_max": 45', "linear:10 > cosine(T_max=45)"],
  ])("are edited as %s, and all others follow", async (name, before, after, _short) => {
    const { page, errors } = await openStudio(site, "linear:10 > cosine:90");
    const drawn = await curve(page);
    await tab(page, name);
    await expectText(page, name, before);
    const text = await editor(page, name).innerText();
    await editor(page, name).fill(text.replace(before, after));
    await expect.poll(() => curve(page)).not.toBe(drawn);
    await expectSchedule(page, "linear:10 > cosine:45");
    await expectLink(page, ({ plan }) => JSON.stringify(plan.spec).includes('"T_max":45'));
    await expect
      .poll(() => page.locator(".compose-panel .head .length").allInnerTexts())
      .toEqual(["55", "10", "45"]);
    for (const [other, part] of [
      ["TypeScript", "T_max: 45"],
      ["Python", "T_max=45"],
      ["JSON", '"T_max": 45'],
    ]) {
      await tab(page, other);
      await expectText(page, other, part);
    }
    expect(errors).toEqual([]);
  });

  it.each([
    ["TypeScript", "T_max: 90", "T_max: -90", "T_max: must be"],
    ["Python", "T_max=90", "T_max=-90", "T_max: must be"],
    ["JSON", '"T_max": 90', '"T_max": -90', "T_max: must be"],
  ])("show mistakes in %s where they are, in words, and lose nothing", async (name, before, after, message) => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const drawn = await curve(page);
    await tab(page, name);
    await expectText(page, name, before);
    const text = await editor(page, name).innerText();
    await editor(page, name).fill(text.replace(before, after));
    const panel = page.getByRole("tabpanel").filter({ visible: true });
    await expect.poll(() => panel.getByRole("alert").innerText()).toContain(message);
    await expect.poll(() => panel.locator(".cm-lintRange-error").allInnerTexts()).not.toEqual([]);
    expect(await curve(page)).toBe(drawn);
    await expectSchedule(page, "linear:10 > cosine:90");

    // Looked at from elsewhere, what was typed is still there.
    await tab(page, name === "JSON" ? "Python" : "JSON");
    await tab(page, name);
    expect(await editor(page, name).innerText()).toContain(after);
  });

  it("are completed from what is known of schedulers", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await schedule(page).press("End");
    await schedule(page).pressSequentially(" > exp");
    const choices = page.locator(".cm-tooltip-autocomplete li");
    await expect
      .poll(() => choices.allInnerTexts())
      .toContainEqual(expect.stringContaining("exponential"));
  });

  it("are chosen by keys, and copied", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByRole("tab", { name: "TypeScript" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { name: "Python" }).getAttribute("aria-selected")).toBe(
      "true",
    );
    await expectText(page, "Python", "T_max=90");
    const panel = page.getByRole("region", { name: "Code" });
    await panel.getByRole("button", { name: "Copy" }).click();
    await expect.poll(() => panel.getByRole("status").innerText()).toBe("Copied the Python.");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("CosineAnnealingLR(optimizer, T_max=90)");
  });

  it("take typing back, then what was done before elsewhere", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await page.getByLabel("Base lr").fill("0.5");
    await page.getByLabel("Base lr").press("Enter");
    await schedule(page).press("End");
    await schedule(page).press("Backspace");
    await expectSchedule(page, "linear:10 > cosine:9");
    await schedule(page).press("Control+z");
    await expectSchedule(page, "linear:10 > cosine:90");
    await schedule(page).press("Control+z");
    await schedule(page).press("Control+z");
    await expect.poll(() => page.getByLabel("Base lr").inputValue()).toBe("0.1");
  });
});
