import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { BUILT } from "../../scripts/folders.ts";
import { Site } from "../support/site.ts";

const site = new Site();
const PAGES = readdirSync(BUILT, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .map((file) => `/${file.replaceAll("\\", "/").replace(/(index)?\.html$/, "")}`);
/** Pages that are open at once: enough for the cores that tests have. */
const AT_ONCE = 3;

it("has a page for every class of the library", () => {
  for (const name of ["SequentialLR", "ChainedScheduler", "ReduceLROnPlateau", "Recipe"]) {
    expect(PAGES.filter((path) => path.endsWith(`/classes/${name}`))).toHaveLength(1);
  }
  for (const name of ["SGD", "AdamW", "LBFGS"]) {
    expect(PAGES.filter((path) => path.endsWith(`/classes/${name}`))).toHaveLength(1);
  }
});

it("loads every page with a title and a description, and without an error", async () => {
  const left = [...PAGES];
  const wrong: string[] = [];
  const visitAll = async () => {
    const { page, errors } = await site.open("/");
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      await site.go(page, path);
      wrong.push(...errors.splice(0).map((error) => `${path}: ${error}`));
      if ((await page.title()) === "") wrong.push(`${path}: has no title`);
      const description = page.locator('meta[name="description"]');
      if (!(await description.getAttribute("content"))) wrong.push(`${path}: has no description`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitAll));
  expect(wrong).toEqual([]);
});
