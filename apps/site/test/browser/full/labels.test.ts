import { describe, expect, it } from "vitest";
import { pagesOfSite } from "../../support/pages.ts";
import { Site } from "../../support/site.ts";

const site = new Site();
const CLASSES = ["SequentialLR", "ChainedScheduler", "SWALR", "WSDSchedule"];
const PAGES = [
  "/",
  "/gallery",
  "/presets",
  "/torch-curve",
  ...pagesOfSite().filter((path) => CLASSES.some((name) => path.endsWith(`/classes/${name}`))),
];
/** Letters have room around them in their box: by so many pixels boxes may meet where letters do not. */
const AIR = 2;

describe.each(PAGES)("the curves of %s", (path) => {
  it.each([1280, 390])("have labels that do not lie on one another, %i px wide", async (width) => {
    const { page } = await site.open(path, { viewport: { width, height: 900 } });
    await page.waitForLoadState("networkidle");
    const charts = page.locator(".schedule-chart > svg");
    expect(await charts.count()).toBeGreaterThan(0);
    const meeting = await charts.evaluateAll(
      (all, air) =>
        all.flatMap((chart) => {
          const labels = [...chart.querySelectorAll("text")].filter((label) => label.textContent);
          const boxes = labels.map((label) => label.getBoundingClientRect());
          return labels.flatMap((label, i) =>
            labels.slice(i + 1).flatMap((other, k) => {
              const [a, b] = [boxes[i], boxes[i + 1 + k]];
              const isApart =
                a.right <= b.left + air ||
                b.right <= a.left + air ||
                a.bottom <= b.top + air ||
                b.bottom <= a.top + air;
              return isApart ? [] : [`${label.textContent} and ${other.textContent}`];
            }),
          );
        }),
      AIR,
    );
    expect(meeting).toEqual([]);
    await page.context().close();
  });
});
