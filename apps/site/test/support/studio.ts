import type { BrowserContextOptions, Page } from "playwright-core";
import { parse_spec } from "torch-optim/lr_scheduler";
import { expect } from "vitest";
import { decodeLink, encodeLink } from "../../src/link/link.ts";
import type { Plan } from "../../src/studio/plan.ts";
import type { Shared } from "../../src/studio/studio.ts";
import type { Opened, Site } from "./site.ts";

/** The studio with a schedule, given in the short form or as what a link holds. */
export async function openStudio(
  site: Site,
  given: string | Partial<Shared>,
  options?: BrowserContextOptions,
): Promise<Opened> {
  const plan: Plan = { spec: parse_spec("linear:10 > cosine:90"), lr: 0.1 };
  const own = typeof given === "string" ? { plan: { ...plan, spec: parse_spec(given) } } : given;
  const shared = { plan, view: { isLog: false, unit: "steps" as const }, pins: [], ...own };
  const opened = await site.open(`/studio#${encodeLink(shared)}`, options);
  await schedule(opened.page).waitFor();
  await expect.poll(() => curve(opened.page)).toMatch(/^M/);
  return opened;
}

/** Where the schedule stands in the short form. */
export function schedule(page: Page) {
  return page.getByRole("textbox", { name: "Schedule", exact: true });
}

/** The path of the first curve. */
export function curve(page: Page): Promise<string | null> {
  return page.locator(".studio path.line").first().getAttribute("d");
}

/** Waits until the schedule is written so in the short form. */
export async function expectSchedule(page: Page, wanted: string | RegExp): Promise<void> {
  const written = expect.poll(() => schedule(page).innerText());
  if (typeof wanted === "string") await written.toBe(wanted);
  else await written.toMatch(wanted);
}

/** What the address holds, once it does. */
export async function expectLink(page: Page, isWanted: (shared: Shared) => boolean): Promise<void> {
  await expect
    .poll(() => {
      const { hash } = new URL(page.url());
      return hash.length > 1 && isWanted(decodeLink(hash));
    })
    .toBe(true);
}
