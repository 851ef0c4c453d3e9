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

// `full` has all others.
it("loads the first page, a guide, the benchmarks and some classes without an error", async () => {
  const some = ["/", "/phases", "/benchmarks", ...CLASSES.slice(0, 3).flatMap(pageOf)];
  expect(PAGES).toEqual(expect.arrayContaining(some));
  expect(await wrongWith(site, some)).toEqual([]);
});
