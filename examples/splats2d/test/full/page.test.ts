import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM_ARGS, find_chromium } from "../../../../scripts/chromium.ts";
import { address_of, serve_page } from "../../../../scripts/serve_page.ts";

const STEPS = 120;
const executablePath = await find_chromium();

describe.runIf(executablePath)("the page", () => {
  let server: Awaited<ReturnType<typeof serve_page>>;
  let browser: Browser | undefined;
  const errors: string[] = [];

  beforeAll(async () => {
    server = await serve_page(join(import.meta.dirname, "../.."));
  });
  afterEach(() => browser?.close());
  afterAll(() => server.close());

  async function open(args: readonly string[]): Promise<Page> {
    browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...args] });
    const page = await browser.newPage();
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${address_of(server)}?size=48&steps=${STEPS}`);
    return page;
  }

  async function numberIn(page: Page, selector: string): Promise<number> {
    return Number(await page.locator(selector, { hasText: /\d/ }).innerText());
  }

  test("fits a picture, pauses and goes on, and starts again", async () => {
    const page = await open(["--enable-unsafe-webgpu"]);
    const first = await numberIn(page, "#psnr");
    await page.getByRole("button", { name: "Pause" }).click();
    // What was begun ends, and then nothing more comes.
    await page.waitForTimeout(300);
    const step = await numberIn(page, "#step");
    await page.waitForTimeout(300);
    expect(await numberIn(page, "#step")).toBe(step);
    expect(step).toBeLessThan(STEPS);

    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator("output", { hasText: `Fitted in ${STEPS} steps.` }).waitFor();
    expect(await numberIn(page, "#psnr")).toBeGreaterThan(first + 3);
    expect(await numberIn(page, "#splats")).toBeGreaterThan(48);
    for (const line of await page.locator("polyline").all()) {
      expect((await line.getAttribute("points"))?.split(" ")).toHaveLength(STEPS / 4 + 1);
    }

    await page.getByRole("button", { name: "Start again" }).click();
    await page.locator("output", { hasText: "Fitting" }).waitFor();
    await page.locator("output", { hasText: `Fitted in ${STEPS} steps.` }).waitFor();
    expect(errors).toEqual([]);
  });

  test("says so where there is no WebGPU", async () => {
    const page = await open([]);
    await page.locator("output", { hasText: "This browser has no WebGPU" }).waitFor();
    expect(errors).toEqual([]);
  });
});
