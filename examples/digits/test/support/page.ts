import { chromium } from "playwright-core";
import { CHROMIUM_ARGS, find_chromium } from "../../../../scripts/chromium.ts";
import { address_of, serve_page } from "../../../../scripts/serve_page.ts";

/** What the page of an example has said once its training is over. */
export interface TrainedPage {
  readonly said: string;
  /** Its rows: epoch, lr, and the share of images recognised. */
  readonly rows: string[][];
  readonly errors: string[];
}

/** Lets the page in a folder train to its end in a browser. */
export async function trainInPage(folder: string): Promise<TrainedPage> {
  const server = await serve_page(folder);
  const browser = await chromium.launch({
    executablePath: await find_chromium(),
    args: CHROMIUM_ARGS,
  });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(address_of(server));
    const output = page.locator("output", { hasText: /Trained|stopped/ });
    await output.waitFor({ timeout: 100_000 });
    const rows = await page.locator("tbody tr").all();
    return {
      said: await output.innerText(),
      rows: await Promise.all(rows.map((row) => row.locator("td").allInnerTexts())),
      errors,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}
