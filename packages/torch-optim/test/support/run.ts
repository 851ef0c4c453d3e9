import { spawnSync } from "node:child_process";
import { buildSync } from "esbuild";
import { PACKAGE } from "./compile.ts";

/** What a TypeScript program prints that runs in this folder, with the library's sources. */
export function run(program: string, folder: string): string {
  const [{ text }] = buildSync({
    stdin: { contents: program, resolveDir: PACKAGE, loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    conditions: ["@torch-optim/source"],
  }).outputFiles;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
    cwd: folder,
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
