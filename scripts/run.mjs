// Runs a command of the workspace, after installing what package-lock.json asks for and compiling the
// optimizers' kernels, as far as that has not been done yet. It needs nothing but Node.js, so that a
// fresh clone can start with it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".installed-lock");
const library = join(root, "packages", "torch-optim");
const lock = readFileSync(join(root, "package-lock.json"), "utf8");

function run(command, args, options = {}) {
  const windows = process.platform === "win32";
  const { status, error } = spawnSync(command, args, {
    stdio: "inherit",
    shell: windows,
    ...options,
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("Installing the workspace's packages …");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(stamp, lock);
}

/** When a folder or a file in it was last changed. */
function changed(...folder) {
  const path = join(library, ...folder);
  const files = readdirSync(path).map((file) => join(path, file));
  return Math.max(...[path, ...files].map((each) => statSync(each).mtimeMs));
}

const compiled = join(library, "src", "optim", "simd");
const sources = Math.max(changed("compiler"), changed("src", "optim", "kernels"));
if (!existsSync(compiled) || statSync(compiled).mtimeMs < sources) {
  const compiler = join(library, "compiler", "build.ts");
  run(process.execPath, ["--import", "tsx", compiler], { cwd: root });
}

// Ctrl-C reaches the command too: it says what happens, and this waits for it.
process.on("SIGINT", () => {});

const [command, ...args] = process.argv.slice(2);
// In the workspace, torch-optim is its sources: nothing needs to be built first.
const conditions = "--conditions=@torch-optim/source";
run(command === "node" ? process.execPath : join(root, "node_modules", ".bin", command), args, {
  env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${conditions}`.trim() },
});
