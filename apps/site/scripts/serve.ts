// Serves the site while it is being written; a change is shown at once.
import { createServer } from "vitepress";
import { SITE } from "./folders.ts";

const server = await createServer(SITE);
await server.listen();
server.printUrls();
