import AxeBuilder from "@axe-core/playwright";
import { describe, expect, it } from "vitest";
import { pagesOfSite } from "../../support/pages.ts";
import { Site } from "../../support/site.ts";

const site = new Site();
const classPage = pagesOfSite().find((path) => path.endsWith("/classes/SequentialLR")) ?? "";
/** One page of each template. */
const TEMPLATES = ["/", "/phases", "/gallery", "/benchmarks", "/studio", "/404", classPage];

/** Rules that are switched off, each for one place and with its reason. */
const EXCEPTIONS = [
  // The theme's search button holds what looks like a second one, and is one to nobody.
  { rule: "nested-interactive", selector: ".VPNavBarSearch" },
];

describe.each(TEMPLATES)("%s", (path) => {
  it.each([
    { colorScheme: "light", width: 1280 },
    { colorScheme: "dark", width: 1280 },
    { colorScheme: "light", width: 390 },
    { colorScheme: "dark", width: 390 },
  ] as const)("can be used by everyone, $colorScheme, $width px wide", async ({
    colorScheme,
    width,
  }) => {
    const { page } = await site.open(path, { colorScheme, viewport: { width, height: 900 } });
    await page.waitForLoadState("networkidle");
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
    );
    expect(found.filter((each) => !isExcepted(each))).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await page.context().close();
  });
});

function isExcepted(found: string): boolean {
  return EXCEPTIONS.some(({ rule, selector }) => found.startsWith(`${rule} ${selector}`));
}
