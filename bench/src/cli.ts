import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./machine.ts";
import { inTurns, median, type Side } from "./measure.ts";
import { duration, table } from "./report.ts";

const PROGRAM = join(ROOT, "packages", "cli", "dist", "main.js");
const SPEC = "linear:10 > cosine:90";
const ROUNDS = 15;
/** What each may take, in seconds. */
const PICTURE = 0.3;
const ELSE = 0.15;

const COMMANDS: readonly (readonly [bar: number, args: readonly string[]])[] = [
  [ELSE, ["--help"]],
  [ELSE, ["check", SPEC]],
  [ELSE, ["table", SPEC]],
  [ELSE, ["convert", SPEC, "--to", "python"]],
  [ELSE, ["list"]],
  [ELSE, ["example", "warmup-cosine"]],
  [ELSE, ["complete", "--", "plot", ""]],
  [ELSE, ["plot", SPEC]],
  [PICTURE, ["plot", SPEC, "--svg", "a.svg"]],
  [PICTURE, ["plot", SPEC, "--png", "a.png"]],
];

/** What a call of the command line takes, built as it is published. */
export async function* cli(): AsyncGenerator<string> {
  execFileSync("npm", ["run", "--silent", "build:packages"], { cwd: ROOT, stdio: "ignore" });
  const folder = mkdtempSync(join(tmpdir(), "torch-optim-bench-"));
  const nothing = "node, doing nothing";
  const sides: Record<string, Side> = Object.fromEntries(
    COMMANDS.map(([, args]) => [args.join(" "), () => cpuSecondsOf([PROGRAM, ...args], folder)]),
  );
  sides[nothing] = () => cpuSecondsOf(["--eval", "0"], folder);
  const times = await inTurns(sides, ROUNDS, 1);
  rmSync(folder, { recursive: true });
  const row = (name: string, bar?: number) => {
    const seconds = median(times[name]);
    const verdict = bar === undefined ? "" : `${seconds <= bar ? "" : "missed: "}${duration(bar)}`;
    return [bar === undefined ? name : `\`torch-optim ${name}\``, duration(seconds), verdict];
  };
  yield `## The command line

The CPU time of a call, from the start of its process to the end, Node.js's own included.

${table([
  ["command", "CPU time", "at most"],
  row(nothing),
  ...COMMANDS.map(([bar, args]) => row(args.join(" "), bar)),
])}`;
}

/** The CPU time of a whole process, which only the shell that waits for it knows. */
function cpuSecondsOf(args: readonly string[], cwd: string): number {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" > /dev/null';
  const { status, stderr } = spawnSync(
    "bash",
    ["--norc", "-c", script, "_", process.execPath, ...args],
    {
      cwd,
      env: { PATH: process.env.PATH },
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    },
  );
  const [user, system] = stderr.trim().split(" ").map(Number);
  if (status !== 0 || Number.isNaN(user + system)) throw new Error(`${args.join(" ")}: ${stderr}`);
  return user + system;
}
