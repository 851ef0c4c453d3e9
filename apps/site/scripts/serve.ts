// Serves the site while it is being written; a change of a page or of the site's sources is shown at once.
import { createServer } from "vitepress";
import { SITE } from "./folders.ts";
import { writePages } from "./pages.ts";

await writePages();
const server = await createServer(SITE);
await server.listen();
server.printUrls();
