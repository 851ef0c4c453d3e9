import type { MarkdownRenderer } from "vitepress";
import { INKS, type Ink, lineInk } from "../../../../packages/cli/src/picture/palette.ts";

type Core = Parameters<MarkdownRenderer["core"]["ruler"]["push"]>[1];
type Tokens = Parameters<Core>[0]["tokens"];

/** What tables measure that are drawn, by the heading above them. */
const DRAWN: Readonly<Record<string, string>> = {
  "A step": "Time of a step: shorter is faster.",
  "Epochs far away": "Time: the same, however far the epoch is.",
  Steps: "Parameters a second: longer is faster.",
  "The family": "Parameters a second: longer is faster.",
  "Without compiled kernels": "Time for a parameter: shorter is faster.",
  "The handwritten digits": "Time: shorter is faster.",
  Checkpoints: "Time: shorter is faster.",
  "Steps on the GPU": "Time of a step: shorter is faster.",
  "TensorFlow.js on the GPU": "Time: shorter is faster.",
  "The command line": "CPU time: shorter is faster. A stroke is what it may be at most.",
  "The studio": "Time of a frame: shorter is faster.",
};
/** Columns that say what a row is about, however many of them there are. */
const LABELS = new Set([
  "call",
  "command",
  "digits",
  "drag",
  "groups",
  "in",
  "optimizer",
  "parameters",
  "phases",
  "work",
]);
/** Labels that are numbers, and mean nothing without what they count. */
const COUNTED = new Set(["groups", "phases"]);
const GOAL = "at most";
/** The colours of those that are measured, as in the pictures of curves; all others are grey. */
const SIDES = [/^torch-optim/, /^PyTorch/, /^deepbox/];
const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 };
const QUANTITY = /^([\d,]+(?:\.\d+)?)(?: (ns|µs|ms|s))?$/;

/** A row of a table as bars: what it is about, what was measured on each side, and what it may be. */
interface Row {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly goal?: number;
}

interface Bar {
  readonly name: string;
  readonly shown: string;
  readonly value: number;
}

/** Draws the tables of the benchmarks as bars, above them; who does not see them has the tables. */
export function drawBenchmarks(md: MarkdownRenderer): void {
  md.core.ruler.push("benchmark_charts", ({ tokens, env, Token }) => {
    if (env.relativePath !== "benchmarks.md") return;
    let heading = "";
    for (let i = 0; i < tokens.length; i++) {
      if (tokens[i].type === "heading_open") heading = tokens[i + 1].content;
      const about = tokens[i].type === "table_open" ? DRAWN[heading] : undefined;
      if (about === undefined) continue;
      const chart = new Token("html_block", "", 0);
      chart.content = toHtml(rowsOf(cellsOf(tokens.slice(i))), about);
      tokens.splice(i, 0, chart);
      i += 1;
    }
  });
}

/** The cells of the table with which tokens begin, its head first. */
function cellsOf(tokens: Tokens): string[][] {
  const rows: string[][] = [];
  for (const [i, { type }] of tokens.entries()) {
    if (type === "table_close") break;
    if (type === "tr_open") rows.push([]);
    if (type === "th_open" || type === "td_open") rows.at(-1)?.push(tokens[i + 1].content);
  }
  return rows;
}

function rowsOf([head, ...rows]: string[][]): Row[] {
  return rows.map((cells) => {
    const named = cells.map((cell, column) => ({ cell, name: head[column] }));
    const bars = named.flatMap(({ cell, name }): Bar[] => {
      const value = LABELS.has(name) || name === GOAL ? undefined : quantity(cell);
      return value === undefined ? [] : [{ name, shown: cell, value }];
    });
    const goal = named.find(({ name }) => name === GOAL);
    const labels = named.filter(({ name }) => LABELS.has(name)).map(labelOf);
    return { label: labels.join(", "), bars, goal: goal && quantity(goal.cell) };
  });
}

function labelOf({ cell, name }: { cell: string; name: string }): string {
  if (!COUNTED.has(name)) return cell;
  return `${cell} ${cell === "1" ? name.replace(/s$/, "") : name}`;
}

/** A time in seconds, or a plain number. */
function quantity(cell: string): number | undefined {
  const [, number, unit = "s"] = QUANTITY.exec(cell) ?? [];
  return number === undefined ? undefined : Number(number.replaceAll(",", "")) * UNITS[unit];
}

function toHtml(rows: readonly Row[], about: string): string {
  const drawn = rows.filter(({ bars }) => bars.length > 0);
  const isOfSides = drawn.some(({ bars }) => bars.length > 1);
  const all = Math.max(...drawn.flatMap(extentOf));
  const figures = drawn.map((row) => {
    // Rows with several sides are about these, each row for itself.
    const most = isOfSides ? Math.max(...extentOf(row)) : all;
    const lines = row.bars.map((bar) => {
      const name = isOfSides ? `<span class="name">${escaped(bar.name)}</span>` : "";
      return `<div class="bar">${name}${lineOf(bar, row, most)}<span class="shown">${escaped(bar.shown)}</span></div>`;
    });
    return `<div class="row"><div class="label">${escaped(row.label)}</div>${lines.join("")}</div>`;
  });
  const kind = isOfSides ? "of-sides" : "of-one";
  return `<div class="benchmark-chart ${kind}" aria-hidden="true"><div class="about">${about}</div>${figures.join("")}</div>\n`;
}

/** What must have room in a row. */
function extentOf({ bars, goal = 0 }: Row): number[] {
  return [...bars.map(({ value }) => value), goal];
}

function lineOf({ name, value }: Bar, { goal, bars }: Row, most: number): string {
  const width = ((100 * value) / most).toFixed(2);
  const at = goal === undefined ? undefined : ((100 * goal) / most).toFixed(2);
  const stroke =
    at === undefined ? "" : `<b style="left:${at}%;background:${inScheme(INKS.axis)}"></b>`;
  const color = colorOf(name, bars);
  return `<span class="line"><i style="width:${width}%;background:${color}"></i>${stroke}</span>`;
}

/** By who was measured; where all bars are ours, they are alike. */
function colorOf(name: string, bars: readonly Bar[]): string {
  const sideOf = (name: string) => SIDES.findIndex((side) => side.test(name));
  if (bars.every((bar) => sideOf(bar.name) < 0)) return inScheme(lineInk(0));
  return inScheme(sideOf(name) < 0 ? INKS.faint : lineInk(sideOf(name)));
}

function inScheme({ light, dark }: Ink): string {
  return `light-dark(${light},${dark})`;
}

function escaped(text: string): string {
  return text
    .replaceAll("`", "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("{", "&#123;");
}
