import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CHECKPOINT } from "./checkpoint.ts";
import { Refusal } from "./refusal.ts";

const RUNS = "runs";

/** The folder of a run: the one that was named, or a new or the newest one under runs/. */
export function runFolder(named: string | undefined, resume: boolean): string {
  const folder = named ?? (resume ? newest() : next());
  const isRun = existsSync(join(folder, CHECKPOINT));
  if (resume && !isRun) throw new Refusal(`${folder} holds no run to resume`);
  if (!resume && isRun) {
    throw new Refusal(`${folder} already holds a run; add --resume, or name another folder`);
  }
  mkdirSync(folder, { recursive: true });
  return folder;
}

function numbers(): number[] {
  if (!existsSync(RUNS)) return [];
  return readdirSync(RUNS)
    .map((name) => Number(/^digits-(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((n) => n > 0);
}

function name(n: number): string {
  return join(RUNS, `digits-${String(n).padStart(3, "0")}`);
}

function next(): string {
  return name(Math.max(0, ...numbers()) + 1);
}

function newest(): string {
  const runs = numbers().filter((n) => existsSync(join(name(n), CHECKPOINT)));
  if (runs.length === 0) throw new Refusal(`there is no run under ${RUNS}/ to resume`);
  return name(Math.max(...runs));
}
