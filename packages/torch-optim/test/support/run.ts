import { spawnSync } from "node:child_process";
import { buildSync } from "esbuild";
import { PACKAGE } from "./compile.ts";

const REQUIRE =
  'import { createRequire as $create } from "node:module"; const require = $create(import.meta.url);';

/**
 * What a TypeScript program prints that runs in this folder, with the library's sources. Packages that
 * cannot be bundled are looked for from the folder.
 */
export function run(program: string, folder: string, external: string[] = []): string {
  const [{ text }] = buildSync({
    stdin: { contents: program, resolveDir: PACKAGE, loader: "ts" },
    bundle: true,
    external,
    write: false,
    platform: "node",
    format: "esm",
    conditions: ["@torch-optim/source"],
    mainFields: ["module", "main"],
    // For what asks for Node's own modules in the way of CommonJS.
    banner: { js: REQUIRE },
  }).outputFiles;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
    cwd: folder,
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
