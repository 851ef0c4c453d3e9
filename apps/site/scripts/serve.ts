// Serves the site while it is being written; a change of a page or of the site's sources is shown at once.
import { createServer } from "vitepress";
import { writeChanges } from "./changes.ts";
import { SITE } from "./folders.ts";
import { writeReference } from "./reference/write_reference.ts";

writeChanges();
await writeReference();
const server = await createServer(SITE);
await server.listen();
server.printUrls();
