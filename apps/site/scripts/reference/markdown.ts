/** A table of Markdown; a column in which no row has anything is left out. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = heads.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: readonly string[]) =>
    `| ${cells.filter((_, column) => kept[column]).join(" | ")} |`;
  const lines = rows.map((row) => line(row.map(cell)));
  return [line(heads), line(heads.map(() => "---")), ...lines].join("\n");
}

/** A text as it may stand in a cell: in one line, its bars escaped. */
function cell(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/(?<!\\)\|/g, "\\|");
}

/** A code block of TypeScript. */
export function code(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``;
}
