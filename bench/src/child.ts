import { execFileSync } from "node:child_process";

/** Runs a program of this folder in a Node.js of its own and gives what it prints as JSON. */
export function runAlone<Result>(
  program: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Result {
  const command = [...process.execArgv, ...flags, program, ...args];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8" }));
}
