import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { CATALOGUE } from "../../../../packages/torch-optim/src/optim/lr_scheduler/catalogue.ts";
import { DOCS } from "../../scripts/folders.ts";

type Item = DefaultTheme.SidebarItem;

/** The sections of the reference, and which pages stand in each; the first that takes a page has it. */
const SECTIONS: readonly [name: string, has: (name: string, link: string) => boolean][] = [
  ["Schedulers", (name) => Object.hasOwn(CATALOGUE, name) || name === "Recipe"],
  ["Optimizers", (_, link) => /^\/api\/optim\/classes\//.test(link)],
  ["Functions", (_, link) => link.includes("/functions/") && !link.includes("/namespaces/")],
  ["To build upon", (_, link) => link.includes("/classes/") || link.includes("/namespaces/")],
  ["Options", (name) => name.endsWith("Options")],
  ["Types", () => true],
];

/** The pages of the reference by what they are about, once it has been written. */
export function referenceSidebar(): Item[] {
  const file = join(DOCS, "api", "typedoc-sidebar.json");
  const pages = existsSync(file) ? leaves(JSON.parse(readFileSync(file, "utf8"))) : [];
  const sections = SECTIONS.map(([text]): Item & { items: Item[] } => ({ text, items: [] }));
  for (const page of pages) {
    const { text = "", link = "" } = page;
    const section = SECTIONS.findIndex(([, has]) => has(text, link));
    sections[section].items.push(page);
  }
  return sections;
}

function leaves(items: readonly Item[]): Item[] {
  return items.flatMap((item) => (item.items ? leaves(item.items) : [item]));
}
