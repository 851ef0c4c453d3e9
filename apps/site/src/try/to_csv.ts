import type { Row } from "./messages.ts";

const COLUMNS = ["step", "epoch", "lr", "loss", "accuracy"] as const;

/** What came of every step under each schedule, as CSV with every number in full. */
export function toCsv(
  schedules: readonly { readonly name: string; readonly rows: readonly Row[] }[],
): string {
  const lines = schedules.flatMap(({ name, rows }) =>
    rows.map((row) => [quoted(name), ...COLUMNS.map((column) => row[column] ?? "")].join()),
  );
  return `${["schedule", ...COLUMNS].join()}\n${lines.map((line) => `${line}\n`).join("")}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
