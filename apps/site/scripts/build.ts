// Builds the site: static files that need no server of their own.
import { build } from "vitepress";
import { writeChanges } from "./changes.ts";
import { SITE } from "./folders.ts";
import { writeReference } from "./reference/write_reference.ts";

writeChanges();
await writeReference();
await build(SITE);
