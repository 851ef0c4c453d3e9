import { describe, expect, it } from "vitest";
import { Site } from "../../support/site.ts";
import { expectSchedule } from "../../support/studio.ts";

const site = new Site();

describe("the start page", () => {
  it("has a curve that is moved, and every form of its schedule follows", async () => {
    const { page, errors } = await site.open("/");
    await page.waitForLoadState("networkidle");
    const path = page.locator(".home-curve path.line");
    await expect.poll(() => path.getAttribute("d")).toMatch(/^M/);
    const before = await path.getAttribute("d");
    await page.getByRole("slider", { name: "Epochs of warm-up" }).fill("25");
    await expect.poll(() => path.getAttribute("d")).not.toBe(before);
    const code = page.locator(".home-code");
    await expect
      .poll(() => code.innerText())
      .toContain("new torch.optim.LinearLR(optimizer, { total_iters: 25 })");
    const forms = await code.innerText();
    expect(forms).toContain("milestones: [25]");
    expect(forms).toContain("linear:25 > cosine:75");
    expect(forms).toContain('npx torch-optim-cli plot "linear:25 > cosine:75"');
    expect(forms).toContain("LinearLR(optimizer, total_iters=25)");

    await page.getByRole("link", { name: "Open it in the studio" }).click();
    await expectSchedule(page, "linear:25 > cosine:75");
    expect(errors).toEqual([]);
  });

  it("lets one take hold of the milestone, and no further than it can go", async () => {
    const { page } = await site.open("/");
    const handle = page.locator(".home-curve .milestone-handle .reach");
    await handle.waitFor();
    const { x = 0, y = 0, width = 0 } = (await handle.boundingBox()) ?? {};
    await page.mouse.move(x + width / 2, y + 50);
    await page.mouse.down();
    await page.mouse.move(x - 400, y + 50, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.locator(".home-curve output").innerText()).toBe("1");
  });

  it("shows PyTorch's curve beside ours, and why it is another", async () => {
    const { page, errors } = await site.open("/");
    const beside = page.locator(".home-instead");
    await beside.getByRole("radio", { name: "Warm restarts that decay" }).check();
    await expect
      .poll(() => beside.innerText())
      .toContain("Here the factors of all members multiply.");
    const [ours, theirs] = await beside
      .locator("path.line")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
    expect(ours).not.toBe(theirs);
    expect(errors).toEqual([]);
  });

  it("has its code where no script runs", async () => {
    const { page } = await site.open("/404");
    const html = await page.evaluate(async () => (await fetch("/")).text());
    expect(html.replace(/<[^>]*>/g, "")).toContain(
      "const scheduler = new torch.optim.SequentialLR",
    );
  });

  it("has one command, which is copied", async () => {
    const { page } = await site.open("/", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await expect.poll(() => page.locator(".command").innerText()).toContain("Copied the command.");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      "npm install torch-optim",
    );
  });
});
