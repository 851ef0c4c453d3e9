import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { CATALOGUE } from "../../../../packages/torch-optim/src/optim/lr_scheduler/catalogue.ts";
import { DOCS } from "../../scripts/folders.ts";

type Item = DefaultTheme.SidebarItem;

const OF_TRANSFORMERS = /Schedule$|ScheduleWith|^GreedyLR$/;
const UTILITIES = new Set(["Parameter", "Recipe", "get_scheduler", "phase_at", "select"]);

/**
 * The sections of the reference, the page of the module that each is from, and which pages stand in it;
 * the first that takes a page has it.
 */
const SECTIONS: readonly [
  name: string,
  module: string,
  has: (name: string, link: string) => boolean,
][] = [
  [
    "Schedulers",
    "torch.optim.lr_scheduler/",
    (name) => Object.hasOwn(CATALOGUE, name) && !OF_TRANSFORMERS.test(name),
  ],
  [
    "Schedules of transformers",
    "torch.optim.lr_scheduler/",
    (name) => Object.hasOwn(CATALOGUE, name),
  ],
  [
    "Optimizers",
    "torch.optim/",
    (name, link) => link.includes("/torch.optim/classes/") && !/Optimizer$/.test(name),
  ],
  [
    "Utilities",
    "torch/",
    (name, link) => UTILITIES.has(name) || /\/torch\.(nn|optim\.swa).*\/(f|c)/.test(link),
  ],
  [
    "Specs",
    "torch.optim.lr_scheduler/",
    (name, link) => /\.lr_scheduler\/(f|v)/.test(link) || /^Spec.*Error$/.test(name),
  ],
  ["To build upon", "torch.optim/", (_, link) => /\/(classes|functions|namespaces)\//.test(link)],
  ["Options", "", (name) => name.endsWith("Options")],
  ["Types", "", () => true],
];
/** How many of the sections are open at first. */
const OPEN = 1;

/** The pages of the reference by what they are about, once it has been written. */
export function referenceSidebar(): Item[] {
  const file = join(DOCS, "api", "typedoc-sidebar.json");
  const pages = existsSync(file) ? leaves(JSON.parse(readFileSync(file, "utf8"))) : [];
  const sections = SECTIONS.map(([text, module]): Item & { items: Item[] } => ({
    text,
    link: `/api/${module}`,
    items: [],
  }));
  for (const { text = "", link = "" } of pages) {
    const section = SECTIONS.findIndex(([, , has]) => has(text, link));
    const [, namespace] = /\/namespaces\/(\w+)\//.exec(link) ?? [];
    const name = namespace ? `${namespace}.${text}` : text;
    sections[section].items.push({ text: breakable(name), link });
  }
  for (const { items } of sections) {
    items.sort((a, b) => `${a.text}`.localeCompare(`${b.text}`, "en"));
  }
  return sections.map((section, i) => ({ ...section, collapsed: i >= OPEN }));
}

/** A name as HTML that breaks between its words where it must. */
function breakable(name: string): string {
  return name.replace(/(?<=[a-z_])(?=[A-Z])|(?<=[._])(?=\w)/g, "<wbr>");
}

function leaves(items: readonly Item[]): Item[] {
  return items.flatMap((item) => (item.items ? leaves(item.items) : [item]));
}
