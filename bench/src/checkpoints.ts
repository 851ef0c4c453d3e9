import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { CHROMIUM_ARGS, find_chromium } from "../../scripts/chromium.ts";
import type { FileTimes } from "./checkpoints/files.ts";
import { runAlone } from "./child.ts";
import { median, ratio } from "./measure.ts";
import { duration, table, times } from "./report.ts";

const FOLDER = join(import.meta.dirname, "checkpoints");
/** How many times a copy each may take. */
const BARS = { "Node.js": 2, Chromium: 4 };

/** What writing and reading checkpoints takes beside copying their bytes. */
export async function* checkpoints(): AsyncGenerator<string> {
  const places: [keyof typeof BARS, FileTimes][] = [
    ["Node.js", runAlone<FileTimes>(join(FOLDER, "files_use.ts"))],
  ];
  const in_page = await inChromium();
  if (in_page) places.push(["Chromium", in_page]);
  const rows = places.flatMap(([place, { copy, ...sides }]) => [
    [place, "`bytes.slice()`", duration(median(copy)), "", ""],
    ...Object.entries(sides).map(([name, own]) => {
      const share = ratio(own, copy);
      const is_bar = /^(save|load)_(pt|safetensors)/.test(name);
      const bar = is_bar ? `${share <= BARS[place] ? "" : "missed: "}${times(BARS[place])}` : "";
      return [place, `\`${name}\``, duration(median(own)), times(share), bar];
    }),
  ]);
  yield `## Checkpoints

16 million float32 parameters with the state of their AdamW, a file of 192 MB, written to and read from
bytes in memory with torch-optim-checkpoint, beside a copy of those bytes in the same run. Every number of a \`.pt\` file
goes into a checksum, which Node.js computes in C++ and a browser in JavaScript. Reading gives arrays of their
own. The last two lines are the optimizer's part of it, two thirds of the bytes: \`load_state_dict\` looks at every number.

${table([["in", "call", "time", "÷ copy", "at most"], ...rows])}`;
}

/** The same in a page; nothing where there is no Chrome. */
async function inChromium(): Promise<FileTimes | undefined> {
  const executablePath = await find_chromium();
  if (!executablePath) return undefined;
  const [{ text }] = (
    await build({
      entryPoints: [join(FOLDER, "files.ts")],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "files",
      conditions: ["@torch-optim/source"],
    })
  ).outputFiles;
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: text });
    return await page.evaluate<FileTimes>("files.measureFiles()");
  } finally {
    await browser.close();
  }
}
