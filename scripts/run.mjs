// Runs a command of the workspace, after installing what package-lock.json asks for and compiling the
// optimizers' kernels, as far as that has not been done yet. With `--for=` and a package of the workspace
// it installs what that one needs, a twentieth of everything, unless all is there. It needs nothing but
// Node.js, so that a fresh clone can start with it. Whoever signals npm alone reaches it because `npm start` runs it by
// exec, without a shell between; for the cmd of Windows, which has no such word, there is exec.cmd.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".installed-lock");
const library = join(root, "packages", "torch-optim");
const mutex = join(root, ".installing");
const lock = readFileSync(join(root, "package-lock.json"), "utf8");

/** The package of the workspace that is enough for the command, if one is named. */
const [, one_package] = /^--for=(.*)$/.exec(process.argv[2]) ?? [];
const command_line = process.argv.slice(one_package ? 3 : 2);

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** How often it is looked whether somebody still waits for this process, in milliseconds. */
const LOOK = 200;
const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME = 100;
/** How often a pipe, in which nothing can move, is told that it goes on. */
const LINE = 10_000;

/**
 * Runs a command to its end, and passes on what is to end it. Resolves to its exit code, which after a
 * signal is the shells' 128 and the signal's number.
 */
function run(command, args, { passed_on = SIGNALS, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: "inherit",
      shell: process.platform === "win32",
      ...options,
    });
    const pass_on = (signal) => child.kill(signal);
    for (const signal of passed_on) process.on(signal, pass_on);
    const { ppid } = process;
    const watch = setInterval(() => {
      if (process.ppid !== ppid) child.kill("SIGTERM");
    }, LOOK);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearInterval(watch);
      for (const one of passed_on) process.off(one, pass_on);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Takes the mutex, a file with this process's id; false if a process that still runs has it. */
function acquire() {
  try {
    writeFileSync(mutex, String(process.pid), { flag: "wx" });
    process.once("exit", () => rmSync(mutex, { force: true }));
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

/** Says what is being done until it is: in a terminal something moves, in a pipe a line comes now and then. */
async function while_saying(what, work) {
  const began = Date.now();
  const { isTTY, columns } = process.stderr;
  const show = () => {
    const frames = Math.floor((Date.now() - began) / FRAME);
    const line = `${what} … ${Math.floor((frames * FRAME) / 1000)} s`;
    if (!isTTY) return console.error(line);
    const moving = `${FRAMES[frames % FRAMES.length]} ${line}`;
    process.stderr.write(`\r${moving.slice(0, (columns || 80) - 1)}`);
  };
  show();
  const timer = setInterval(show, isTTY ? FRAME : LINE);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isTTY) process.stderr.write("\r\x1b[K");
  }
}

/** What is written into the stamp once everything is installed, or what a package needs. */
const ALL = lock;
const needed = one_package ? `${one_package}\n${lock}` : ALL;

function is_installed() {
  return existsSync(stamp) && [ALL, needed].includes(readFileSync(stamp, "utf8"));
}

async function install() {
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--no-progress"];
  // The library is the one whose kernels are compiled.
  const workspaces = one_package ? [one_package, "torch-optim"] : [];
  args.push(...workspaces.map((name) => `--workspace=${name}`));
  await preparation("npm", args, ["ignore", "ignore", "inherit"]);
  writeFileSync(stamp, needed);
}

/** What the compiler of the kernels writes. */
const compiled = [
  join(library, "src", "optim", "compiled_kernels"),
  join(library, "src", "webgpu", "shaders"),
  join(root, "packages", "tfjs", "src", "programs"),
  join(root, "packages", "tfjs", "src", "shaders"),
  join(root, "packages", "jax", "src", "programs"),
];

/** When a folder or a file in it was last changed. */
function changed(...folder) {
  const path = join(library, ...folder);
  const files = readdirSync(path).map((file) => join(path, file));
  return Math.max(...[path, ...files].map((each) => statSync(each).mtimeMs));
}

function is_compiled() {
  const sources = Math.max(changed("compiler"), changed("src", "optim", "kernels"));
  return compiled.every((folder) => existsSync(folder) && statSync(folder).mtimeMs >= sources);
}

async function compile() {
  const compiler = join(library, "compiler", "build.ts");
  await preparation(process.execPath, ["--import", "tsx", compiler], "inherit");
}

/** Runs a command without which the rest makes no sense. */
async function preparation(command, args, stdio) {
  const code = await run(command, args, { cwd: root, stdio });
  if (code !== 0) process.exit(code);
}

async function prepare() {
  if (is_installed() && is_compiled()) return;
  // Of several commands at once, one does it, and the others wait.
  if (!acquire()) {
    await while_saying("Waiting for another command that installs", async () => {
      while (!acquire()) await sleep(LOOK);
    });
  }
  if (!is_installed()) await while_saying("Installing the workspace's packages", install);
  if (!is_compiled()) await while_saying("Compiling the optimizers' kernels", compile);
  rmSync(mutex, { force: true });
}

await prepare();

const [command, ...args] = command_line;
const is_program = command === "node";
// Ctrl-C in a terminal reaches the command too: it says what happens, and this waits for it. A program
// of ours may well hear it twice, so to that one it is passed on, from whoever signals npm alone.
process.on("SIGINT", () => {});
process.exitCode = await run(
  is_program ? process.execPath : join(root, "node_modules", ".bin", command),
  args,
  {
    passed_on: is_program ? SIGNALS : SIGNALS.slice(1),
    // By this channel a program of ours knows when this process has been killed.
    stdio: is_program ? ["inherit", "inherit", "inherit", "ipc"] : "inherit",
    // In the workspace, torch-optim is its sources: nothing needs to be built first.
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --conditions=@torch-optim/source`.trim(),
    },
  },
);
