import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatIn } from "./checkpoint.ts";
import { takeFolder } from "./lock.ts";
import { Refusal } from "./refusal.ts";
import { removePartials } from "./write_whole.ts";

const RUNS = "runs";
/** As many digits as a number has that counts exactly; longer names are not ours. */
const NUMBERED = /^digits-(\d{3,15})$/;

/** Makes the folder of a new run, and takes it: the one that was named, or the next under runs/. */
export function newFolder(named: string | undefined): string {
  const folder = named ?? nextFolder();
  makeFolder(folder);
  take(folder);
  if (holdsRun(folder)) {
    throw new Refusal(`${folder} already holds a run; add --resume, or name another folder`);
  }
  return folder;
}

/** Takes the folder of the run to resume: the one that was named, or the newest under runs/. */
export function oldFolder(named: string | undefined): string {
  const folder = named ?? numbers().map(numbered).findLast(holdsRun);
  if (folder === undefined) throw new Refusal(`there is no run under ${RUNS}/ to resume`);
  if (!holdsRun(folder)) throw new Refusal(`${folder} holds no run to resume`);
  take(folder);
  return folder;
}

function take(folder: string): void {
  takeFolder(folder);
  removePartials(folder);
}

function holdsRun(folder: string): boolean {
  return formatIn(folder) !== undefined;
}

function nextFolder(): string {
  makeFolder(RUNS);
  for (let n = (numbers().at(-1) ?? 0) + 1; ; n++) {
    try {
      mkdirSync(numbered(n));
      return numbered(n);
    } catch (error) {
      // A run that starts at the same moment may have taken the number.
      if (!existsSync(numbered(n))) throw error;
    }
  }
}

/**
 * Makes a folder and those above it. (Node.js itself, asked to do so below /proc, where nothing can
 * be made and nothing says so, tries for ever.)
 */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (!existsSync(above)) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** The numbers of the folders under runs/, in rising order. */
function numbers(): number[] {
  if (!existsSync(RUNS)) return [];
  return readdirSync(RUNS)
    .map((name) => Number(NUMBERED.exec(name)?.[1] ?? 0))
    .filter((n) => n > 0)
    .sort((a, b) => a - b);
}

function numbered(n: number): string {
  return join(RUNS, `digits-${String(n).padStart(3, "0")}`);
}
