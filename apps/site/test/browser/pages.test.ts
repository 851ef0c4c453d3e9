import { expect, it } from "vitest";
import { pagesOfSite, wrongWith } from "../support/pages.ts";
import { Site } from "../support/site.ts";

const site = new Site();
const PAGES = pagesOfSite();
const CLASSES = ["SequentialLR", "ChainedScheduler", "ReduceLROnPlateau", "SGD", "AdamW", "LBFGS"];

const pageOf = (name: string) => PAGES.filter((path) => path.endsWith(`/classes/${name}`));

it("has one page for each class of the library", () => {
  for (const name of CLASSES) expect(pageOf(name)).toHaveLength(1);
});

it("loads every page but those of the reference, and some of them, without an error", async () => {
  const guides = PAGES.filter((path) => !path.startsWith("/api/"));
  expect(guides.length).toBeGreaterThan(15);
  const classes = CLASSES.slice(0, 4).flatMap(pageOf);
  expect(await wrongWith(site, [...guides, ...classes])).toEqual([]);
});
