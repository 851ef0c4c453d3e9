import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DOCS, ROOT } from "./folders.ts";

/** Writes the page of versions and changes, made of the library's own list of them. */
export function writeChanges(): void {
  const text = readFileSync(join(ROOT, "packages", "torch-optim", "CHANGELOG.md"), "utf8");
  const description = "The versions of torch-optim and what each of them changed.";
  const page = `---\ndescription: ${description}\n---\n\n${text}`;
  writeFileSync(join(DOCS, "changes.md"), page);
}
