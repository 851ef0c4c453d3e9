import { node_module } from "../platform.ts";
import type { Plan } from "../zip/write_zip.ts";
import { missing, type Store, Turns } from "./store.ts";

type Fs = typeof import("node:fs");

/** What a file is called that is not yet whole. */
const PARTIAL = /\.[0-9a-f]{16}\.partial$/;
/** After this time, in milliseconds, nobody is still at work on one. */
const STALE = 3_600_000;
/** The most bytes that are handed over at once: more are refused. */
const PIECE = 2 ** 30;

/** The store in files of Node.js; nothing where there is no Node.js. */
export function node_store(): Store | undefined {
  const fs = node_module("node:fs");
  const path = node_module("node:path");
  const crypto = node_module("node:crypto");
  return fs && path && crypto ? new NodeStore(fs, path, crypto) : undefined;
}

class NodeStore implements Store {
  readonly #fs: Fs;
  readonly #path: typeof import("node:path");
  readonly #crypto: typeof import("node:crypto");
  readonly #turns = new Turns();
  /** The files beside which what was left half-written has been removed. */
  readonly #cleaned = new Set<string>();

  constructor(fs: Fs, path: typeof import("node:path"), crypto: typeof import("node:crypto")) {
    this.#fs = fs;
    this.#path = path;
    this.#crypto = crypto;
  }

  async write(given: string, plan: Plan, keep: number): Promise<void> {
    const path = this.#path.resolve(given);
    // Nobody else's name, and new: a file or a link that stands there is neither followed nor taken.
    const beside = `${path}.${this.#crypto.randomBytes(8).toString("hex")}.partial`;
    this.#remove_partials(path);
    try {
      const file = this.#begin(beside, plan);
      await this.#turns.take(path, async () => {
        await this.#finish(file);
        if (keep > 1) this.#move_on(path, keep);
        this.#fs.renameSync(beside, path);
        this.#sync_folder(path);
      });
    } catch (error) {
      this.#fs.rmSync(beside, { force: true });
      throw error;
    }
  }

  /** Writes a new file, which stays open. */
  #begin(path: string, plan: Plan): number {
    const file = this.#fs.openSync(path, "wx");
    try {
      for (const piece of plan.pieces()) {
        for (let at = 0; at < piece.length; ) {
          const length = Math.min(PIECE, piece.length - at);
          at += this.#fs.writeSync(file, piece, at, length);
        }
      }
    } catch (error) {
      this.#fs.closeSync(file);
      throw error;
    }
    return file;
  }

  /** Waits until a file is on the disk, and closes it. */
  async #finish(file: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#fs.fsync(file, (error) => (error ? reject(error) : resolve()));
      });
    } finally {
      this.#fs.closeSync(file);
    }
  }

  /** Gives every older file the next number, the newest its first, while it keeps its own name too. */
  #move_on(path: string, keep: number): void {
    if (!this.#fs.existsSync(path)) return;
    // A crash may have come between this and the last step.
    if (this.#is_same(path, this.#older(path, 1))) return;
    for (let i = keep - 1; this.#fs.existsSync(this.#older(path, i)); i++) {
      this.#fs.rmSync(this.#older(path, i));
    }
    for (let i = keep - 2; i >= 1; i--) {
      const from = this.#older(path, i);
      if (this.#fs.existsSync(from)) this.#fs.renameSync(from, this.#older(path, i + 1));
    }
    this.#name_too(path, this.#older(path, 1));
  }

  /** Gives a file a second name; where a file can have but one, it is renamed. */
  #name_too(path: string, name: string): void {
    try {
      this.#fs.linkSync(path, name);
    } catch {
      this.#fs.renameSync(path, name);
    }
  }

  #is_same(path: string, other: string): boolean {
    if (!this.#fs.existsSync(other)) return false;
    const [a, b] = [path, other].map((each) => this.#fs.statSync(each, { bigint: true }));
    return a.ino === b.ino && a.dev === b.dev && a.ino !== 0n;
  }

  /** The name of the file before the newest, before that one, and so on: `checkpoint.1.pt`. */
  #older(path: string, back: number): string {
    const { dir, name, ext } = this.#path.parse(path);
    return back === 0 ? path : this.#path.join(dir, `${name}.${back}${ext}`);
  }

  /** Removes what processes that were killed have left half-written. */
  #remove_partials(path: string): void {
    if (this.#cleaned.has(path)) return;
    this.#cleaned.add(path);
    const { dir, base } = this.#path.parse(path);
    for (const name of this.#fs.readdirSync(dir)) {
      if (!PARTIAL.test(name) || name.replace(PARTIAL, "") !== base) continue;
      const partial = this.#path.join(dir, name);
      const { mtimeMs } = this.#fs.statSync(partial, { throwIfNoEntry: false }) ?? {};
      if (mtimeMs !== undefined && Date.now() - mtimeMs > STALE) {
        this.#fs.rmSync(partial, { force: true });
      }
    }
  }

  #sync_folder(path: string): void {
    if (globalThis.process.platform === "win32") return; // Folders cannot be opened there.
    const folder = this.#fs.openSync(this.#path.dirname(path), "r");
    try {
      this.#fs.fsyncSync(folder);
    } finally {
      this.#fs.closeSync(folder);
    }
  }

  async read<Result>(
    given: string,
    back: number,
    use: (file: import("node:fs/promises").FileHandle) => Promise<Result>,
  ): Promise<Result> {
    const path = this.#older(this.#path.resolve(given), back);
    // Where a file can have but one name, a crash may have come before the newest got its own.
    const is_there = [path, this.#older(path, 1)].find((each) => this.#fs.existsSync(each));
    if (is_there === undefined || (back > 0 && is_there !== path)) throw missing(given, back);
    const file = await this.#fs.promises.open(is_there, "r");
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
}
