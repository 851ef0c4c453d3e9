import { styleText } from "node:util";

/** A table with two spaces between its columns and a bold head; leading numbers to the right. */
export function alignColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((title, i) =>
    rows.reduce((width, row) => Math.max(width, row[i].length), title.length),
  );
  const align = (text: string, i: number) =>
    i === 0 && /^\d+$/.test(text) ? text.padStart(widths[i]) : text.padEnd(widths[i]);
  const toLine = (row: readonly string[]) => row.map(align).join("  ").trimEnd();
  return [styleText("bold", toLine(head)), ...rows.map(toLine)].join("\n");
}
