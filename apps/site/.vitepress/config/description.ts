import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageData } from "vitepress";
import { DOCS } from "../../scripts/folders.ts";

const LONGEST = 200;

/** What a page is about: its first paragraph, as text. */
export function descriptionOf({ relativePath }: PageData, fallback: string): string {
  const text = readFileSync(join(DOCS, relativePath), "utf8").replace(/^---\n.*?\n---\n/s, "");
  const paragraph = text
    .split(/\n{2,}/)
    .find((block) => /^[A-Z`*[]/.test(block) && !/^\[?Defined in/.test(block));
  if (paragraph === undefined) return fallback;
  const plain = paragraph
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*\\]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST).replace(/\s\S*$/, "")} …` : plain;
}
