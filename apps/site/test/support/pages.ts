import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BUILT } from "../../scripts/folders.ts";
import type { Site } from "./site.ts";

/** Pages that are open at once: enough for the cores that tests have. */
const AT_ONCE = 3;

/** The addresses of all pages of the built site. */
export function pagesOfSite(): string[] {
  return readdirSync(BUILT, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .map((file) => `/${file.replaceAll("\\", "/").replace(/(index)?\.html$/, "")}`);
}

/** Everything that is wrong with pages when they are opened: errors, and what every page must have. */
export async function wrongWith(site: Site, paths: readonly string[]): Promise<string[]> {
  const left = [...paths];
  const wrong: string[] = [];
  const visitAll = async () => {
    const { page, errors } = await site.open("/");
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      await site.go(page, path);
      wrong.push(...errors.splice(0).map((error) => `${path}: ${error}`));
      if ((await page.title()) === "") wrong.push(`${path}: has no title`);
      const description = page.locator('meta[name="description"]');
      if (!(await description.getAttribute("content"))) wrong.push(`${path}: has no description`);
      const preview = await page.locator('meta[property="og:image"]').getAttribute("content");
      if (!existsSync(join(BUILT, preview ?? ""))) wrong.push(`${path}: has no preview ${preview}`);
    }
    await page.context().close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitAll));
  return wrong;
}
