import type { MarkdownRenderer } from "vitepress";

type Core = Parameters<MarkdownRenderer["core"]["ruler"]["push"]>[1];
type Tokens = Parameters<Core>[0]["tokens"];

/** What tables measure that are drawn, by the heading above them. */
const DRAWN: Readonly<Record<string, string>> = {
  "A step": "Time of a step: shorter is faster.",
  Steps: "Parameters a second: longer is faster.",
  "The family": "Parameters a second: longer is faster.",
  "Without compiled kernels": "Time for a parameter: shorter is faster.",
  "The handwritten digits": "Time: shorter is faster.",
  "The command line": "CPU time: shorter is faster.",
};
/** Columns that say what a row is about, however many of them there are. */
const LABELS = new Set(["groups", "optimizer", "parameters", "digits", "command"]);
const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 };
const QUANTITY = /^([\d,]+(?:\.\d+)?)(?: (ns|µs|ms|s))?$/;

/** A row of a table as bars: what it is about, and what was measured on each side. */
interface Row {
  readonly label: string;
  readonly bars: readonly Bar[];
}

interface Bar {
  readonly side: number;
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
    const bars: Bar[] = [];
    const labels: string[] = [];
    let side = 0;
    for (const [column, cell] of cells.entries()) {
      const name = head[column];
      const value = quantity(cell);
      if (LABELS.has(name))
        labels.push(name === "groups" ? `${cell} ${cell === "1" ? "group" : name}` : cell);
      else if (value !== undefined && name !== "at most")
        bars.push({ side: side++, name, shown: cell, value });
    }
    return { label: labels.join(", "), bars };
  });
}

/** A time in seconds, or a plain number. */
function quantity(cell: string): number | undefined {
  const [, number, unit = "s"] = QUANTITY.exec(cell) ?? [];
  return number === undefined ? undefined : Number(number.replaceAll(",", "")) * UNITS[unit];
}

function toHtml(rows: readonly Row[], about: string): string {
  const drawn = rows.filter(({ bars }) => bars.length > 0);
  const longest = Math.max(...drawn.map(({ bars }) => bars.length));
  const all = drawn.flatMap(({ bars }) => bars.map(({ value }) => value));
  const figures = drawn.map(({ label, bars }) => {
    // Rows with several sides are about these, each row for itself.
    const most = Math.max(...(longest > 1 ? bars.map(({ value }) => value) : all));
    const lines = bars.map(
      ({ side, name, shown, value }) =>
        `<div class="bar side-${side}"><span class="name">${escaped(name)}</span>` +
        `<span class="line"><i style="width:${((100 * value) / most).toFixed(2)}%"></i></span>` +
        `<span class="shown">${escaped(shown)}</span></div>`,
    );
    return `<div class="row"><div class="label">${escaped(label)}</div>${lines.join("")}</div>`;
  });
  return `<div class="benchmark-chart" aria-hidden="true"><div class="about">${about}</div>${figures.join("")}</div>\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll("`", "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("{", "&#123;");
}
