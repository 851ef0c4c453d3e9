import { expect, it } from "vitest";
import { pagesOfSite, wrongWith } from "../../support/pages.ts";
import { Site } from "../../support/site.ts";

const site = new Site();
const LONGEST = 900_000;

it("loads every page with a title and a description, and without an error", {
  timeout: LONGEST,
}, async () => {
  const pages = pagesOfSite();
  expect(pages.length).toBeGreaterThan(150);
  expect(await wrongWith(site, pages)).toEqual([]);
});
