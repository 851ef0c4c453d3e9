import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUILT } from "../../../scripts/folders.ts";
import { Site } from "../../support/site.ts";

const site = new Site();
const FILE = join(BUILT, "torch-curve.js");

/** A page that has nothing of the site but the element's one file. */
async function openPage(content: string) {
  const { page, errors } = await site.open("/404");
  const requests: string[] = [];
  await page.goto("about:blank");
  page.on("request", (request) => requests.push(request.url()));
  await page.setContent(`<!doctype html><title>A page</title>${content}`);
  const load = () => page.addScriptTag({ path: FILE, type: "module" });
  return { page, errors, requests, load };
}

describe("<torch-curve> on another page", () => {
  it("shows what stands in it until its script has run, and then the curve", async () => {
    const { page, errors, requests, load } = await openPage(
      '<torch-curve spec="linear:10 > cosine:90"><b>a picture</b></torch-curve>',
    );
    expect(await page.getByText("a picture").isVisible()).toBe(true);
    await load();
    const path = page.locator("torch-curve path.line");
    await expect.poll(() => path.getAttribute("d")).toMatch(/^M/);
    expect(await page.getByText("a picture").isVisible()).toBe(false);
    expect(await page.locator("torch-curve .phase-name").allTextContents()).toContain(
      "CosineAnnealingLR",
    );
    expect(requests).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("follows its attributes, and says what is wrong with them", async () => {
    const { page, load } = await openPage(
      '<torch-curve spec="linear:10 > cosine:90"></torch-curve>',
    );
    await load();
    const element = page.locator("torch-curve");
    const path = element.locator("path.line");
    const set = (name: string, value: string) =>
      element.evaluate((el, [name, value]) => el.setAttribute(name, value), [name, value]);
    const before = await path.getAttribute("d");
    await set("spec", "linear:40 > cosine:60");
    await expect.poll(() => path.getAttribute("d")).not.toBe(before);
    await set("spec", "cosin:60");
    await expect
      .poll(() => element.getByRole("alert").innerText())
      .toContain('spec: no scheduler is called "cosin"; did you mean "cosine"?');
    await set("spec", "cosine:60");
    await set("lr", "fast");
    await expect
      .poll(() => element.getByRole("alert").innerText())
      .toBe('lr: must be a number of at least 0, got "fast"');
  });

  it("has the colours of its variables, and else those of the page's scheme", async () => {
    const { page, load } = await openPage(`
      <torch-curve id="own" spec="cosine:90" style="--torch-curve-line0: rgb(1, 2, 3)"></torch-curve>
      <torch-curve id="light" spec="cosine:90"></torch-curve>
      <torch-curve id="dark" spec="cosine:90" style="color-scheme: dark"></torch-curve>`);
    await load();
    const colorOf = (id: string) =>
      page.locator(`#${id} path.line`).evaluate((path) => getComputedStyle(path).stroke);
    expect(await colorOf("own")).toBe("rgb(1, 2, 3)");
    expect(await colorOf("light")).not.toBe(await colorOf("dark"));
  });

  it("reads its values aloud under the arrow keys", async () => {
    const { page, load } = await openPage(
      '<torch-curve spec="step(step_size=3)" lr="1"></torch-curve>',
    );
    await load();
    const cursor = page.getByRole("slider", { name: /^Cursor/ });
    await cursor.focus();
    await cursor.press("Home");
    for (let i = 0; i < 4; i++) await cursor.press("ArrowRight");
    expect(await cursor.getAttribute("aria-valuetext")).toBe("epoch 4, 0.1");
  });
});
