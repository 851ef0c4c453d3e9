import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const CRASH = join(import.meta.dirname, "crash.ts");
const TSX = import.meta.resolve("tsx");
const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

/** How a call of the program ended. */
export interface Outcome {
  /** The exit code, or the signal. */
  readonly end: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Interference {
  /** Sees all of the output so far whenever more comes. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
  /** The step of writing files at which the program is killed, counted from 1; see crash.ts. */
  readonly crashAt?: number;
  readonly cwd?: string;
}

/** Calls the program, its output piped. */
export function run(
  args: readonly string[],
  { onOutput, crashAt, cwd }: Interference = {},
): Promise<Outcome> {
  const crash = crashAt === undefined ? [] : ["--import", CRASH];
  const child = spawn(
    process.execPath,
    ["--conditions=@torch-optim/source", "--import", TSX, ...crash, MAIN, ...args],
    {
      env: { ...process.env, CRASH_AT: String(crashAt) },
      stdio: ["ignore", "pipe", "pipe"],
      cwd,
    },
  );
  return outcomeOf(child, onOutput);
}

/** The words of `npm start`, and those that npm runs. */
export const NPM_START = ["npm", "start", "--silent", "--"];
export const SCRIPT = [process.execPath, "scripts/run.mjs", "node", "--import", "tsx", MAIN];

/** Calls the program by other words, in a process group of its own. */
export function runBy(
  [command, ...words]: readonly string[],
  args: readonly string[],
  onOutput: Interference["onOutput"],
): Promise<Outcome> {
  const child = spawn(command, [...words, ...args], {
    cwd: join(import.meta.dirname, "../../../.."),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outcomeOf(child, onOutput);
}

/** What a process says, until the last one that could say something has ended. */
function outcomeOf(child: ChildProcess, onOutput: Interference["onOutput"]): Promise<Outcome> {
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (data) => {
    output.stdout += data;
    onOutput?.(output.stdout, child);
  });
  child.stderr?.on("data", (data) => {
    output.stderr += data;
  });
  return new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ end: signal ?? code, ...output }));
  });
}

/** A folder for the tests of a file, gone after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "digits-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The files of a folder, what is in them, and when that was written. */
export function filesOf(folder: string) {
  return readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { name, content: readFileSync(path, "utf8"), written: statSync(path).mtimeMs };
  });
}
