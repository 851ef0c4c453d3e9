import { LinkChecker } from "linkinator";
import { expect, it } from "vitest";
import { Site } from "../../support/site.ts";

const site = new Site();
const LONGEST = 900_000;

it("has no link that leads nowhere", { timeout: LONGEST }, async () => {
  const { links } = await new LinkChecker().check({
    path: site.address("/"),
    recurse: true,
    cleanUrls: true,
    concurrency: 8,
    linksToSkip: ["^https?://(?!localhost|127\\.0\\.0\\.1)"],
  });
  expect(links.filter(({ state }) => state === "OK").length).toBeGreaterThan(150);
  expect(
    links.filter(({ state }) => state === "BROKEN").map(({ url, parent }) => ({ url, parent })),
  ).toEqual([]);
});
