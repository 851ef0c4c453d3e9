// Builds the site: static files that need no server of their own.
import { build } from "vitepress";
import { SITE } from "./folders.ts";

await build(SITE);
