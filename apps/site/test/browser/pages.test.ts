import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT } from "../../scripts/folders.ts";
import { Site } from "../support/site.ts";

const site = new Site();
const pages = readdirSync(BUILT, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .map((file) => `/${file.replaceAll("\\", "/").replace(/(index)?\.html$/, "")}`);

describe("every page of the site", () => {
  it.each(pages)("%s loads without an error", async (path) => {
    const { page, errors } = await site.open(path);
    expect(await page.title()).not.toBe("");
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
