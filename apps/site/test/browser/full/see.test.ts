import type { Page } from "playwright-core";
import { parse_spec, simulate } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { curve, expectLink, expectSchedule, openStudio } from "../../support/studio.ts";

const site = new Site();
const FIGURES = { name: "Figures" };

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const figures = (page: Page) => page.getByRole("region", FIGURES).locator("tbody tr");

describe("a curve is seen", () => {
  it("on linear and log axes, in steps, epochs and shares", async () => {
    const { page } = await openStudio(site, "linear:10 > exponential(gamma=0.9)");
    const linear = await curve(page);
    await button(page, "Log").click();
    await expect.poll(() => curve(page)).not.toBe(linear);
    await button(page, "Linear").click();
    await expect.poll(() => curve(page)).toBe(linear);
    const labels = () => page.locator(".schedule-chart svg text").allTextContents();
    await button(page, "Shares").click();
    await expect.poll(labels).toContain("100 %");
    await button(page, "Epochs").click();
    await page.getByLabel("Steps per epoch").fill("10");
    await page.getByLabel("Steps per epoch").press("Enter");
    await expect.poll(labels).toContain("epoch");
    await expectLink(page, ({ plan, view }) => plan.stepsPerEpoch === 10 && view.unit === "epochs");
  });

  it("nearer, and whole again", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const whole = await curve(page);
    await button(page, "Zoom in").click();
    await expect.poll(() => curve(page)).not.toBe(whole);
    await button(page, "Whole").click();
    await expect.poll(() => curve(page)).toBe(whole);
  });

  it("with its exact value under the cursor, by mouse and by keys", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const [values] = simulate(parse_spec("linear:10 > cosine:90"), {
      epochs: 100,
      groups: [{ lr: 0.1 }],
    }).values.lr;
    const cursor = page.getByRole("slider", { name: "Cursor over learning rate" });
    await cursor.focus();
    await cursor.press("Home");
    for (let i = 0; i < 12; i++) await cursor.press("ArrowRight");
    expect(await cursor.getAttribute("aria-valuetext")).toBe(`step 12, ${values[12]}`);
    const { x = 0, y = 0, width = 0 } = (await cursor.boundingBox()) ?? {};
    await page.mouse.move(x + (width * 50.5) / 100, y + 20);
    await expect
      .poll(() => page.locator(".below").first().innerText())
      .toContain(String(values[50]));
  });

  it("beside others that are pinned, with the figures that decide", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const pinned = await curve(page);
    await button(page, "Pin").click();
    await button(page, "A known system").click();
    await page.locator(".ready button", { hasText: "resnet-50" }).click();
    await expect.poll(() => page.locator(".studio path.line").count()).toBe(2);
    await expect.poll(() => figures(page).count()).toBe(2);
    await page.getByLabel("Name of the pin").fill("the old one");
    await page.getByLabel("Name of the pin").press("Enter");
    await expectLink(page, ({ pins }) => pins[0]?.name === "the old one");
    await button(page, "Use the old one").or(button(page, "Work on the old one")).click();
    await button(page, "Remove the old one").click();
    await expect.poll(() => curve(page)).toBe(pinned);
    await expectSchedule(page, "linear:10 > cosine:90");
    await expect
      .poll(() => figures(page).first().innerText())
      .toMatch(/0\.1\s+10\s+5\.18333\s+52\.0 %/);
  });

  it("with what it is before and at each boundary", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const row = page.getByRole("region", { name: "Boundaries" }).locator("tbody tr");
    expect((await row.innerText()).split(/\s+/)).toEqual([
      "10",
      "LinearLR",
      "→",
      "to",
      "CosineAnnealingLR",
      "0.0933333",
      "0.1",
    ]);
  });

  it("stretched to another number of steps", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await page.getByLabel("Stretch to how many steps").fill("5000");
    await button(page, "Stretch").click();
    await expectSchedule(page, "linear:500 > cosine:4500");
    const { page: endless } = await openStudio(site, "exponential(gamma=0.9)");
    await endless.getByLabel("Stretch to how many steps").fill("50");
    await button(endless, "Stretch").click();
    const alert = endless.locator(".see-toolbar [role=alert]");
    await expect.poll(() => alert.innerText()).toMatch(/length/);
  });

  it("with what PyTorch does instead, where that is something else", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await expect.poll(() => figures(page).count()).toBe(1);
    const { page: other } = await openStudio(site, "(linear:10 > cosine:40):50 > linear:50");
    const box = other.getByLabel("What PyTorch does instead");
    await box.waitFor();
    expect(await other.locator(".studio path.line").count()).toBe(2);
    expect(await other.locator(".instead p").first().innerText()).toMatch(/^PyTorch .+ Here /);
    await box.uncheck();
    await expect.poll(() => other.locator(".studio path.line").count()).toBe(1);
    expect(await page.getByLabel("What PyTorch does instead").count()).toBe(0);
  });

  it("under metrics that are drawn, typed or from a file", async () => {
    const { page } = await openStudio(site, "plateau(patience=2, factor=0.5)");
    const none = await curve(page);
    await page.getByRole("textbox", { name: "Metrics" }).fill("5 4 3 2 1 1 1 1 1 1");
    await page.getByRole("textbox", { name: "Metrics" }).press("Enter");
    await expect.poll(() => curve(page)).not.toBe(none);
    const typed = await curve(page);

    const pad = page.getByRole("img", { name: /^Pad to draw metrics on/ });
    await pad.scrollIntoViewIfNeeded();
    const { x = 0, y = 0, width = 0, height = 0 } = (await pad.boundingBox()) ?? {};
    await page.mouse.move(x + 5, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + width - 5, y + height - 10, { steps: 20 });
    await page.mouse.up();
    await expect.poll(() => curve(page)).not.toBe(typed);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => curve(page)).toBe(typed);

    await page.locator(".metrics input[type=file]").setInputFiles({
      name: "log.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("epoch,val_loss\n0,5\n1,4\n2,3\n3,2\n4,1\n5,1\n6,1\n7,1\n8,1\n9,1\n"),
    });
    await expect
      .poll(() => page.getByRole("textbox", { name: "Metrics" }).inputValue())
      .toBe("5 4 3 2 1 1 1 1 1 1");
    expect(await curve(page)).toBe(typed);
  });

  it("under the log of a run", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    const [values] = simulate(parse_spec("linear:10 > cosine:90"), {
      epochs: 100,
      groups: [{ lr: 0.1 }],
    }).values.lr;
    const load = async (lrs: readonly number[]) => {
      const rows = lrs.map((lr, step) => JSON.stringify({ step, lr, loss: 1 / (step + 1) }));
      await page.getByLabel(/^Lay the log of a run over it/).setInputFiles({
        name: "run.jsonl",
        mimeType: "application/json",
        buffer: Buffer.from(rows.join("\n")),
      });
    };
    const said = () => page.locator(".difference").innerText();
    await load(values);
    await expect.poll(said).toBe("The run followed the schedule at every step that it logged.");
    expect(await page.locator(".studio path.line").count()).toBe(2);
    await load(values.map((lr, step) => (step === 30 ? 2 * lr : lr)));
    await expect.poll(said).toContain("The largest difference is at step 30");
  });
});
