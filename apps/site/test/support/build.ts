import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BUILT } from "../../scripts/folders.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
/** What the site is made of. */
const SOURCES = [
  "apps/site/.vitepress/config",
  "apps/site/.vitepress/config.ts",
  "apps/site/.vitepress/theme",
  "apps/site/public",
  "apps/site/scripts",
  "apps/site/src",
  "docs",
  "examples/digits/src",
  "packages/cli/src",
  "packages/torch-optim/CHANGELOG.md",
  "packages/torch-optim/src",
];

/** What the build itself, or the compiler of the kernels, makes of them. */
const MADE = new Set(["api", "changes.md", "compiled_kernels"]);

/** Runs once before all tests: builds the site, unless nothing has changed since it was built. */
export function setup(): void {
  const last = `${BUILT}/service-worker.js`;
  const newest = Math.max(...SOURCES.map((source) => lastChange(join(root, source))));
  if (existsSync(last) && statSync(last).mtimeMs > newest) return;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "apps/site/scripts/build.ts"],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the site could not be built\n${stdout}\n${stderr}`);
}

/** When something in a file or folder was last changed; what is made of the others is left out. */
function lastChange(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).filter((name) => !MADE.has(name));
  return Math.max(...inside.map((name) => lastChange(join(path, name))));
}
