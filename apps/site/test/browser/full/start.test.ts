import { from_spec, parse_spec } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { curve, expectSchedule, openStudio } from "../../support/studio.ts";

const site = new Site();

describe("a plan begins", () => {
  it("with the schedule of a known system, every one of them, and that can be taken back", async () => {
    const { page, errors } = await openStudio(site, "linear:10 > cosine:90");
    const first = await curve(page);
    await page.getByRole("button", { name: "A known system" }).click();
    const cards = page.locator(".ready button");
    const names = await cards.locator(".name").allInnerTexts();
    expect(names.length).toBeGreaterThan(10);
    for (const [i, name] of names.entries()) {
      await cards.nth(i).click();
      await expect.poll(() => page.locator(".start .source").innerText()).toContain(`${name}: `);
      await expect.poll(() => curve(page)).toMatch(/^M[\d.,]+/);
    }
    for (const _ of names) await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => curve(page)).toBe(first);
    expect(errors).toEqual([]);
  });

  it("with a schedule of the gallery", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await page.getByRole("button", { name: "The gallery" }).click();
    await page.locator(".ready button", { hasText: "MultiStepLR" }).click();
    await expectSchedule(page, /^multistep\(/);
  });

  it("with a PyTorch snippet, whose mistakes are shown where they are", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await page.getByRole("button", { name: "A PyTorch snippet" }).click();
    const field = page.getByLabel(/Python with a schedule/);
    const snippet = `
optimizer = torch.optim.SGD(model.parameters(), lr=0.4)
warmup = LinearLR(optimizer, start_factor=0.1, total_iters=5)
cosine = CosineAnnealingLR(optimizer, T_max=EPOCHS - 5)
scheduler = SequentialLR(optimizer, [warmup, cosine], milestones=[5])`;
    await field.fill(snippet);
    await page.getByRole("button", { name: "Use it" }).click();
    const alert = page.locator(".snippet [role=alert]");
    await expect.poll(() => alert.innerText()).toMatch(/^line 4, column 45: EPOCHS is not known/);
    await expectSchedule(page, "linear:10 > cosine:90");

    await field.fill(`EPOCHS = 60${snippet}`);
    await page.getByRole("button", { name: "Use it" }).click();
    await expectSchedule(page, "linear:5(start_factor=0.1) > cosine:55");
    expect(await page.getByLabel("Base lr").inputValue()).toBe("0.4");
    expect(await alert.count()).toBe(0);
  });

  it("where a run stands, whose state is opened", async () => {
    const { page } = await openStudio(site, "linear:10 > cosine:90");
    await page.getByRole("button", { name: "A run's state" }).click();
    const scheduler = from_spec(
      { param_groups: [{ lr: 0.1 }] },
      parse_spec("linear:10 > cosine:90"),
    );
    for (let epoch = 0; epoch < 42; epoch++) scheduler.step();
    const open = (text: string) =>
      page.getByLabel(/A scheduler's state/).setInputFiles({
        name: "run.json",
        mimeType: "application/json",
        buffer: Buffer.from(text),
      });
    await open(JSON.stringify({ scheduler: scheduler.state_dict() }));
    const mark = page.getByRole("img", { name: "run.json stands at epoch 42" });
    await mark.waitFor();
    await expect
      .poll(() => page.locator(".state [role=status]").innerText())
      .not.toContain("not of this plan");

    await open('{"scheduler":{"last_epoch":7}}');
    await expect
      .poll(() => page.locator(".state [role=status]").innerText())
      .toContain("It is not of this plan");
    await open("no JSON");
    await expect
      .poll(() => page.locator(".state [role=alert]").innerText())
      .toBe("The file is no JSON.");
    expect(await mark.count()).toBe(0);
  });
});
