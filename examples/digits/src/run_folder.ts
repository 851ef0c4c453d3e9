import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkpointPath } from "./checkpoint.ts";
import { Refusal } from "./refusal.ts";

const RUNS = "runs";

/** Makes the folder of a new run: the one that was named, or the next one under runs/. */
export function newFolder(named: string | undefined): string {
  if (named === undefined) return nextFolder();
  if (holdsRun(named)) {
    throw new Refusal(`${named} already holds a run; add --resume, or name another folder`);
  }
  mkdirSync(named, { recursive: true });
  return named;
}

/** The folder of the run to resume: the one that was named, or the newest one under runs/. */
export function oldFolder(named: string | undefined): string {
  const folder = named ?? numbers().map(numbered).findLast(holdsRun);
  if (folder === undefined) throw new Refusal(`there is no run under ${RUNS}/ to resume`);
  if (!holdsRun(folder)) throw new Refusal(`${folder} holds no run to resume`);
  return folder;
}

function holdsRun(folder: string): boolean {
  return existsSync(checkpointPath(folder));
}

function nextFolder(): string {
  mkdirSync(RUNS, { recursive: true });
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

/** The numbers of the folders under runs/, in rising order. */
function numbers(): number[] {
  if (!existsSync(RUNS)) return [];
  return readdirSync(RUNS)
    .map((name) => Number(/^digits-(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((n) => n > 0)
    .sort((a, b) => a - b);
}

function numbered(n: number): string {
  return join(RUNS, `digits-${String(n).padStart(3, "0")}`);
}
