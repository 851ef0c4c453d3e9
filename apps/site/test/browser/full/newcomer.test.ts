import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { openStudio } from "../../support/studio.ts";
import { lrsOf } from "../../support/taken_code.ts";

const site = new Site();
const DIGITS = 14;
const button = (page: Page | Locator, name: string) =>
  page.getByRole("button", { name, exact: true });

it("a person who has never seen the project builds a schedule with the mouse, watches it train against the old one, and leaves with its code", async () => {
  // The old schedule is the one that everybody has.
  const { page, errors } = await openStudio(site, "step(step_size=30)", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await button(page, "Pin").click();
  await page.getByLabel("Name of the pin").fill("the old one");
  await page.getByLabel("Name of the pin").press("Enter");

  // Warm-up, cosine and cool-down, with the mouse alone.
  await button(page, "Cosine").click();
  await page.getByRole("button", { name: /^StepLR, steps/ }).click();
  await page.getByLabel("Where to add it").selectOption("before");
  await button(page, "Warm-up").click();
  await page.getByRole("button", { name: /^StepLR, steps/ }).click();
  await button(page, "Delete").click();
  await page.getByRole("button", { name: /^CosineAnnealingLR, steps/ }).click();
  await page.getByLabel("Where to add it").selectOption("after");
  await button(page, "Cool-down").click();
  const end = page.getByRole("slider", { name: /^Boundary between LinearLR and Cosine/ });
  await end.scrollIntoViewIfNeeded();
  const { x = 0, y = 0, width = 0 } = (await end.boundingBox()) ?? {};
  await page.mouse.move(x + width / 2, y + 12);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 90, y + 12, { steps: 6 });
  await page.mouse.up();
  const names = page.locator(".compose-panel .head .name");
  expect(await names.allInnerTexts()).toEqual(["SequentialLR", "linear", "cosine", "linear"]);

  // It trains beside the old one.
  const panel = page.getByRole("region", { name: "Try it" });
  await panel.getByLabel("Against").selectOption("the old one (pinned)");
  await panel.getByLabel("Computed on").selectOption("wasm");
  await panel.getByLabel("Epochs", { exact: true }).fill("8");
  await panel.getByLabel("Batch size", { exact: true }).fill("512");
  await button(panel, "Train").click();
  await panel.getByText(/^Done, on wasm\./).waitFor();
  expect(await panel.innerText()).toContain("the old one");

  // The code that is taken away gives the curve that was seen.
  const take = page.getByRole("region", { name: "Take away" });
  await button(take, "TypeScript").click();
  await expect.poll(() => take.getByRole("status").innerText()).toBe("Copied the TypeScript.");
  const code = await page.evaluate(() => navigator.clipboard.readText());
  const download = page.waitForEvent("download");
  await button(take, "CSV").click();
  const seen = (await (await download).createReadStream().then(textOf)).trimEnd().split("\n");
  const values = seen.slice(1).map((row) => Number(row.split(",")[1]));
  expect(values.length).toBeGreaterThan(20);
  // The last bit of a cosine is the engine's own.
  const same = values.map((value) => expect.closeTo(value, DIGITS));
  expect(await lrsOf(code, 0.1, values.length)).toEqual(same);
  expect(errors).toEqual([]);
});

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
