import { join } from "node:path";

/** The repository, the site's own folder in it, its pages as Markdown, and its build. */
export const ROOT = join(import.meta.dirname, "..", "..", "..");
export const SITE = join(ROOT, "apps", "site");
export const DOCS = join(ROOT, "docs");
export const BUILT = join(SITE, ".vitepress", "dist");
