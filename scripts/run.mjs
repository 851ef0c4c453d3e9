// Runs a command of the workspace, after installing what package-lock.json asks for if that has
// not been done yet. It needs nothing but Node.js, so that a fresh clone can start with it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".installed-lock");
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

// Ctrl-C reaches the command too: it says what happens, and this waits for it.
process.on("SIGINT", () => {});

const [command, ...args] = process.argv.slice(2);
// In the workspace, torch-optim is its sources: nothing needs to be built first.
const conditions = "--conditions=@torch-optim/source";
run(command === "node" ? process.execPath : join(root, "node_modules", ".bin", command), args, {
  env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${conditions}`.trim() },
});
