import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file beside its place and moves it there when it is on the disk. */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.partial`;
  const file = openSync(beside, "w");
  try {
    writeFileSync(file, text);
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
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
