import type { AddressInfo } from "node:net";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { serve } from "vitepress";
import { afterAll, beforeAll } from "vitest";
import { CHROMIUM_ARGS, find_chromium } from "../../../../scripts/chromium.ts";
import { SITE } from "../../scripts/folders.ts";

/** A page of the built site, and what went wrong on it. */
export interface Opened {
  readonly page: Page;
  /** What the page said on its console as errors, threw, or could not load. */
  readonly errors: string[];
}

/** The built site in a browser, for all tests of a file. */
export class Site {
  #browser?: Browser;
  #server?: Awaited<ReturnType<typeof serve>>;

  constructor() {
    beforeAll(async () => {
      this.#server = await serve({ root: SITE, port: 0 });
      this.#browser = await chromium.launch({
        executablePath: await find_chromium(),
        args: CHROMIUM_ARGS,
      });
    });
    afterAll(async () => {
      await this.#browser?.close();
      await new Promise((done) => this.server.close(done));
    });
  }

  /** Opens a page, in a context of its own. */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
    if (!this.#browser) throw new Error("no test runs yet");
    // What the worker keeps is fetched for each context anew, and few tests are about it.
    const context = await this.#browser.newContext({ serviceWorkers: "block", ...options });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("requestfailed", (request) => {
      // What was fetched ahead for another page is given up when this one is left.
      const reason = request.failure()?.errorText;
      if (reason !== "net::ERR_ABORTED") errors.push(`${request.url()} could not be loaded`);
    });
    await this.go(page, path);
    return { page, errors };
  }

  /** Goes to another page of the site. */
  async go(page: Page, path: string): Promise<void> {
    await page.goto(this.address(path));
    // It is alive once Vue has taken it over.
    await page.waitForFunction(() => "__vue_app__" in (document.querySelector("#app") ?? {}));
  }

  address(path: string): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  get server() {
    const { server } = this.#server ?? {};
    if (!server) throw new Error("no test runs yet");
    return server;
  }
}
