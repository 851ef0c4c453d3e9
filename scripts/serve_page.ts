import { createServer, defaultClientConditions, type ViteDevServer } from "vite";

/** Serves a folder of the workspace that has an `index.html`, on this machine alone; `port` 0 is any. */
export async function serve_page(root: string, port = 0): Promise<ViteDevServer> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@torch-optim/source", ...defaultClientConditions] },
    server: { host: "127.0.0.1", port },
  });
  return server.listen();
}

/** The address of its page. */
export function address_of({ resolvedUrls }: ViteDevServer): string {
  return resolvedUrls?.local[0] ?? "";
}
