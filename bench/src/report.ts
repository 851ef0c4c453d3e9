import { markdownTable } from "markdown-table";

/** A table whose first row is its head; columns that begin with a number stand right. */
export function table(rows: readonly (readonly string[])[]): string {
  return markdownTable(rows, { align: rows[1].map((cell) => (/^-?\d/.test(cell) ? "r" : "l")) });
}

const UNITS = [
  ["s", 1],
  ["ms", 1e-3],
  ["µs", 1e-6],
  ["ns", 1e-9],
] as const;

export function duration(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS[UNITS.length - 1];
  return `${figures(seconds / size)} ${unit}`;
}

export function times(ratio: number): string {
  return `${figures(ratio)} ×`;
}

/** Three significant figures, in full. */
export function figures(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
