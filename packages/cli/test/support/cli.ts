import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILT } from "./build.ts";

/** How Node.js runs the command. */
export const COMMAND = [process.execPath, BUILT] as const;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs `torch-optim` as a process of its own, with nothing but pipes around it. */
export function torchOptim(
  args: readonly string[],
  { input = "", env = {}, cwd }: Surroundings = {},
): Outcome {
  const [node, ...rest] = COMMAND;
  return spawnSync(node, [...rest, ...args], {
    input,
    cwd,
    env: { ...bareEnv(), ...env },
    encoding: "utf8",
  });
}

/** The environment without what would change widths and colours. */
export function bareEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME };
}

/** What a command prints that succeeds and complains of nothing. */
export function printed(args: readonly string[], surroundings?: Surroundings): string {
  const { status, stdout, stderr } = torchOptim(args, surroundings);
  if (status !== 0 || stderr !== "") throw new Error(`exit code ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** A new folder with these files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "torch-optim-cli-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
