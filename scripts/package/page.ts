import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM_ARGS, find_chromium } from "../chromium.ts";
import { type Project, ROOT } from "./project.ts";

const SITE = "http://torch-optim.test";

/** What the example of a page prints in a browser that finds nothing but the project's files. */
export async function open_page(project: Project): Promise<string> {
  const executablePath = await find_chromium();
  if (!executablePath) return "SKIPPED: no Chrome was found";
  const example = join(ROOT, "examples", "browser", "index.html");
  project.write("index.html", readFileSync(example, "utf8"));
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    await page.route(`${SITE}/**`, (route) => {
      const path = join(project.folder, new URL(route.request().url()).pathname);
      return existsSync(path) ? route.fulfill({ path }) : route.abort();
    });
    const failed = new Promise<never>((_, reject) => page.on("pageerror", reject));
    await page.goto(`${SITE}/index.html`);
    const output = page.locator("output:not(:empty)");
    return (await Promise.race([output.textContent({ timeout: 10_000 }), failed])) ?? "";
  } finally {
    await browser.close();
  }
}
