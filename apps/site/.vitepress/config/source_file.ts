import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCS } from "../../scripts/folders.ts";

const LINE_OF_SOURCE = /\/blob\/main\/([^)\s]+)#L/;

/** The file of the repository that a page is made of, if it is one. */
export function sourceFileOf(page: string): string | undefined {
  if (page === "changes.md") return "packages/torch-optim/CHANGELOG.md";
  if (!page.startsWith("api/")) return `docs/${page}`;
  const [, source] = LINE_OF_SOURCE.exec(readFileSync(join(DOCS, page), "utf8")) ?? [];
  return source;
}
