// Builds the site: static files that need no server of their own.
import { readdirSync } from "node:fs";
import { build } from "vitepress";
import { writeElement } from "./element.ts";
import { DOCS, SITE } from "./folders.ts";
import { writeServiceWorker } from "./offline.ts";
import { writePages } from "./pages.ts";
import { writePreviews } from "./previews.ts";

await writePages();
await build(SITE);
await writeElement();
writePreviews(readdirSync(DOCS, { recursive: true, encoding: "utf8" }));
writeServiceWorker();
