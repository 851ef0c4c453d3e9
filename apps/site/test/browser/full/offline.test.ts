import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { pagesOfSite } from "../../support/pages.ts";
import { Site } from "../../support/site.ts";

const site = new Site();
const classPage = pagesOfSite().find((path) => path.endsWith("/classes/StepLR")) ?? "";
const otherPage = pagesOfSite().find((path) => path.endsWith("/classes/SGD")) ?? "";

/** A page that was opened once, whose network is then cut. */
async function openedAndCut(path: string) {
  const { page, errors } = await site.open(path, { serviceWorkers: "allow" });
  await page.evaluate(async () => {
    const { serviceWorker } = navigator;
    await serviceWorker.ready;
    if (serviceWorker.controller) return;
    await new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
  });
  await isKept(page, path);
  await page.context().setOffline(true);
  return { page, errors };
}

/** Waits until the page itself is kept, which is the last that the first visit does. */
async function isKept(page: Page, path: string): Promise<void> {
  const address = site.address(path);
  await page.waitForFunction(async (url) => (await caches.match(url)) !== undefined, address);
}

describe("without a network, after a first visit", () => {
  it("opens the studio and the guides", async () => {
    const { page, errors } = await openedAndCut("/");
    await site.go(page, "/studio");
    await page.locator(".studio path.line").first().waitFor({ state: "attached" });
    await site.go(page, "/phases");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("Phases");
    await page.getByRole("link", { name: "Recipes" }).first().click();
    await page.waitForURL("**/recipes");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("opens the page that was visited, its curve alive", async () => {
    const { page } = await openedAndCut(classPage);
    await page.reload();
    await page.getByRole("slider").first().waitFor();
    expect(await page.title()).toContain("StepLR");
    await page.context().close();
  });

  it("says so of a page that was never opened", async () => {
    const { page } = await openedAndCut("/");
    await page.goto(site.address(otherPage));
    expect(await page.getByRole("heading").innerText()).toBe("There is no network");
    await page.getByRole("link", { name: "the studio" }).click();
    await page.waitForURL("**/studio");
    await page.context().close();
  });
});
