import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import manifest from "../../package.json";

const folder = fileURLToPath(new URL("../..", import.meta.url));

/** Where the tests find the command, built from its sources: it starts faster than those do. */
export const BUILT = `${folder}node_modules/.torch-optim-test/main.js`;

/** Runs once before all tests. */
export async function setup(): Promise<void> {
  await build({
    entryPoints: [`${folder}src/main.ts`],
    outdir: dirname(BUILT),
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    conditions: ["@torch-optim/source"],
    external: Object.keys(manifest.dependencies).filter((name) => name !== "torch-optim"),
  });
}
