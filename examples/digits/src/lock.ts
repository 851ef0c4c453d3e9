import { closeSync, openSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { runs, startOf } from "./processes.ts";
import { Refusal } from "./refusal.ts";

/**
 * A process's claim on a folder: a file whose name says all there is to know, so that it is whole as
 * soon as it is there, and is known for a dead one's after a SIGKILL or a power cut.
 */
interface Claim {
  readonly name: string;
  readonly pid: number;
  readonly start: string;
  readonly host: string;
}

const CLAIM = /^lock\.(\d+)\.(\w+)\.(.+)$/;
const HOST = hostname().replace(/[^\w.-]/g, "_") || "unknown";
/** How long a claim waits for those that step back, and how often it looks, in milliseconds. */
const PATIENCE = 1000;
const PAUSE = 20;

/**
 * Takes a folder for this process until it ends. Each process first makes its claim and then looks
 * for others, so of two that come at once at least one sees the other: the one whose name sorts later
 * steps back, and the other waits for that.
 *
 * @throws Refusal if another process has the folder.
 */
export function takeFolder(folder: string): void {
  const own = claimOf(process.pid);
  const path = join(folder, own.name);
  rmSync(path, { force: true }); // A process with this number and unknown start may have left it.
  closeSync(openSync(path, "wx"));
  process.once("exit", () => rmSync(path, { force: true }));
  for (let waited = 0; ; waited += PAUSE) {
    const others = livingClaims(folder).filter(({ name }) => name !== own.name);
    if (others.length === 0) return;
    if (waited >= PATIENCE || others.some(({ name }) => name < own.name)) {
      rmSync(path, { force: true });
      throw new Refusal(inUse(folder, others[0]));
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

function claimOf(pid: number): Claim {
  const start = startOf(pid);
  return { name: `lock.${pid}.${start}.${HOST}`, pid, start, host: HOST };
}

/** The claims of processes that run; those of others are removed. */
function livingClaims(folder: string): Claim[] {
  return readdirSync(folder).flatMap((name) => {
    const [, pid, start, host] = CLAIM.exec(name) ?? [];
    if (pid === undefined) return [];
    const claim = { name, pid: Number(pid), start, host };
    // Of another machine's processes, nobody here can tell.
    if (host !== HOST || runs(claim.pid, start)) return [claim];
    rmSync(join(folder, name), { force: true });
    return [];
  });
}

function inUse(folder: string, { name, pid, host }: Claim): string {
  const sentence = `${folder} is in use: process ${pid}`;
  if (host === HOST) return `${sentence} trains in it; wait for it, or end it`;
  return `${sentence} on ${host} trains in it; if that has ended, remove ${join(folder, name)}`;
}
