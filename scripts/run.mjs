// Runs a command of the workspace, after installing what package-lock.json asks for and compiling the
// optimizers' kernels, as far as that has not been done yet. It needs nothing but Node.js, so that a
// fresh clone can start with it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".installed-lock");
const library = join(root, "packages", "torch-optim");
const mutex = join(root, ".installing");
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

/** Takes the mutex, a file with this process's id; false if a process that still runs has it. */
function acquire() {
  try {
    writeFileSync(mutex, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    process.kill(Number(readFileSync(mutex, "utf8")), 0);
  } catch (error) {
    // It was killed, and has left its mutex behind.
    if (error.code === "ESRCH") rmSync(mutex, { force: true });
  }
  return false;
}

function is_installed() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lock;
}

function install() {
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

function is_compiled() {
  const compiled = join(library, "src", "optim", "compiled_kernels");
  const sources = Math.max(changed("compiler"), changed("src", "optim", "kernels"));
  return existsSync(compiled) && statSync(compiled).mtimeMs >= sources;
}

function compile() {
  const compiler = join(library, "compiler", "build.ts");
  run(process.execPath, ["--import", "tsx", compiler], { cwd: root });
}

if (!is_installed() || !is_compiled()) {
  // Of several commands at once, one does it, and the others wait.
  while (!acquire()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  if (!is_installed()) install();
  if (!is_compiled()) compile();
  rmSync(mutex);
}

// Ctrl-C reaches the command too: it says what happens, and this waits for it.
process.on("SIGINT", () => {});

const [command, ...args] = process.argv.slice(2);
// In the workspace, torch-optim is its sources: nothing needs to be built first.
const conditions = "--conditions=@torch-optim/source";
run(command === "node" ? process.execPath : join(root, "node_modules", ".bin", command), args, {
  env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${conditions}`.trim() },
});
