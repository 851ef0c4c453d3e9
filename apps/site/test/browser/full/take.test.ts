import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { parse_spec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { openStudio } from "../../support/studio.ts";
import { lrsOf } from "../../support/taken_code.ts";

const site = new Site();
const SPEC = "linear:20(start_factor=0.1) > cosine:50 > linear:30(start_factor=0.2, end_factor=0)";
const permissions = ["clipboard-read", "clipboard-write"];

/** What a button copies. */
async function copied(page: Page, name: string): Promise<string> {
  const panel = page.getByRole("region", { name: "Take away" });
  await panel.getByRole("button", { name, exact: true }).click();
  await expect.poll(() => panel.getByRole("status").innerText()).toMatch(/^Copied the /);
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What a button saves. */
async function saved(page: Page, name: string): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("region", { name: "Take away" }).getByRole("button", { name }).click();
  return readFileSync(await (await download).path());
}

describe("what is taken away", () => {
  it("is code that gives the same curve", async () => {
    const { page } = await openStudio(site, SPEC, { permissions });
    const code = await copied(page, "TypeScript");
    const lrs = await lrsOf(code, 0.1, 100);
    const { values } = simulate(parse_spec(SPEC), { epochs: 100, groups: [{ lr: 0.1 }] });
    expect(lrs).toEqual(values.lr[0]);
    const table = (await saved(page, "CSV")).toString().trimEnd().split("\n").slice(1);
    // The last bit of a cosine is the engine's own.
    const same = lrs.map((lr) => expect.closeTo(lr, 14));
    expect(table.map((row) => Number(row.split(",")[1]))).toEqual(same);
  });

  it("is a link that opens the same, and every other form", async () => {
    const { page } = await openStudio(site, SPEC, { permissions });
    expect(await copied(page, "Link")).toBe(page.url());
    expect(await copied(page, "Short form")).toBe(SPEC);
    expect(await copied(page, "Command line")).toBe(`npx torch-optim-cli plot "${SPEC}" --lr 0.1`);
    expect(await copied(page, "PyTorch")).toContain("SequentialLR(");
    expect(parse_spec(await copied(page, "JSON"))).toEqual(parse_spec(SPEC));
  });

  it("is a picture", async () => {
    const { page } = await openStudio(site, SPEC);
    const svg = (await saved(page, "SVG")).toString();
    expect(svg).toMatch(/^<svg [\s\S]*CosineAnnealingLR[\s\S]*<\/svg>\s*$/);
    const png = await saved(page, "PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(1400);
  });
});
