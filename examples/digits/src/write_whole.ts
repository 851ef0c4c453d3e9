import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What this module calls a file that is not yet whole. */
const PARTIAL = /\.[0-9a-f]{16}\.partial$/;

/** Writes a file beside its place and moves it there when it is on the disk. */
export function writeWhole(path: string, text: string): void {
  // Nobody else's name, and new: a file or a link that stands there is neither followed nor taken.
  const beside = `${path}.${randomBytes(8).toString("hex")}.partial`;
  const file = openSync(beside, "wx");
  try {
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Removes what processes that were killed have left half-written in a folder. */
export function removePartials(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (PARTIAL.test(name)) rmSync(join(folder, name), { force: true });
  }
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // Folders cannot be opened there.
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
