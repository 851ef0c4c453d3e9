import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Epoch } from "./history.ts";
import type { RunOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

export const CHECKPOINT = "checkpoint.json";

/** All that a run needs to go on. The data's order follows from the seed and the epochs done. */
export interface Checkpoint {
  readonly options: RunOptions;
  readonly epochsDone: number;
  readonly parameters: readonly (readonly number[])[];
  readonly optimizer: object;
  readonly scheduler: object;
  readonly history: readonly Epoch[];
}

/** Writes a checkpoint so that a crash at any moment leaves the last good one. */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const text = JSON.stringify(checkpoint);
  writeWhole(join(folder, CHECKPOINT), `{"sha256":"${digest(text)}","checkpoint":${text}}\n`);
}

/** Writes a file beside its place and moves it there when it is on the disk. */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.partial`;
  const file = openSync(beside, "w");
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncFolder(dirname(path));
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // Folders cannot be opened there.
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

export function loadCheckpoint(folder: string): Checkpoint {
  const path = join(folder, CHECKPOINT);
  const damaged = new Refusal(`${path} is damaged; nothing was changed`);
  let file: { sha256?: unknown; checkpoint?: Checkpoint } | null;
  try {
    file = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw damaged;
  }
  if (!file?.checkpoint || file.sha256 !== digest(JSON.stringify(file.checkpoint))) throw damaged;
  return file.checkpoint;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
