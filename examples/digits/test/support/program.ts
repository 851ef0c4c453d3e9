import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const CRASH = join(import.meta.dirname, "crash.ts");
const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

/** How a call of the program ended. */
export interface Outcome {
  /** The exit code, or the signal. */
  readonly end: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Interference {
  /** Sees every piece of the output as it comes. */
  readonly onOutput?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** The step of writing files at which the program is killed, counted from 1; see crash.ts. */
  readonly crashAt?: number;
}

/** Calls the program as `npm start` does, its output piped. */
export function run(args: readonly string[], { onOutput, crashAt }: Interference = {}) {
  const crash = crashAt === undefined ? [] : ["--import", CRASH];
  const child = spawn(
    process.execPath,
    ["--conditions=@torch-optim/source", "--import", "tsx", ...crash, MAIN, ...args],
    { env: { ...process.env, CRASH_AT: String(crashAt) }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => {
    output.stdout += data;
    onOutput?.((signal) => child.kill(signal));
  });
  child.stderr.on("data", (data) => {
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
