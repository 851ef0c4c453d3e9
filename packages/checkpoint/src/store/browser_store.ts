import type { Plan } from "../zip/write_zip.ts";
import { missing, type Store, Turns } from "./store.ts";

/** What the folder, or the database, is called in a page's own storage. */
const NAME = "torch-optim-checkpoints";
const FILES = "files";

/** The numbers of the checkpoints that were written to a path, newest first. */
type Numbers = readonly number[];

/**
 * The store of a browser: the origin's private file system where pages may write to it, or else
 * IndexedDB. Every checkpoint is a file of its own with the next number, which is there when it is whole.
 */
export function browser_store(): Store {
  const can_write =
    "storage" in navigator &&
    "getDirectory" in navigator.storage &&
    "createWritable" in (globalThis.FileSystemFileHandle?.prototype ?? {});
  return new BrowserStore(can_write ? new PrivateFiles() : new Database());
}

/** Files by their paths and numbers, each of which is there whole or not at all. */
export interface NumberedFiles {
  numbers(path: string): Promise<Numbers>;
  get(path: string, number: number): Promise<Blob>;
  /** Puts a file there, and then removes others. */
  put(path: string, number: number, file: Blob, others: Numbers): Promise<void>;
}

export class BrowserStore implements Store {
  readonly #files: NumberedFiles;
  readonly #turns = new Turns();

  constructor(files: NumberedFiles) {
    this.#files = files;
  }

  write(path: string, plan: Plan, keep: number): Promise<void> {
    const file = new Blob([...plan.pieces()]);
    return this.#turns.take(path, async () => {
      const numbers = await this.#files.numbers(path);
      await this.#files.put(path, (numbers[0] ?? 0) + 1, file, numbers.slice(keep - 1));
    });
  }

  async read<Result>(
    path: string,
    back: number,
    use: (file: Blob) => Promise<Result>,
  ): Promise<Result> {
    const { [back]: number } = await this.#files.numbers(path);
    if (number === undefined) throw missing(path, back);
    return use(await this.#files.get(path, number));
  }
}

/** The origin's private file system. */
export class PrivateFiles implements NumberedFiles {
  async #folder(): Promise<FileSystemDirectoryHandle> {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(NAME, { create: true });
  }

  #name(path: string, number: number): string {
    return `${encodeURIComponent(path)}.${number}`;
  }

  async numbers(path: string): Promise<Numbers> {
    const folder = await this.#folder();
    const begin = this.#name(path, 0).slice(0, -1);
    const numbers: number[] = [];
    for await (const [name, entry] of folder.entries()) {
      const rest = name.slice(begin.length);
      if (!name.startsWith(begin) || !/^\d+$/.test(rest) || entry.kind !== "file") continue;
      // A file is there before it has its bytes, which come all at once.
      const { size } = await (entry as FileSystemFileHandle).getFile();
      if (size > 0) numbers.push(Number(rest));
    }
    return numbers.sort((a, b) => b - a);
  }

  async get(path: string, number: number): Promise<Blob> {
    const entry = await (await this.#folder()).getFileHandle(this.#name(path, number));
    return entry.getFile();
  }

  async put(path: string, number: number, file: Blob, others: Numbers): Promise<void> {
    const folder = await this.#folder();
    const entry = await folder.getFileHandle(this.#name(path, number), { create: true });
    const stream = await entry.createWritable();
    await stream.write(file);
    await stream.close();
    for (const other of others) await folder.removeEntry(this.#name(path, other));
  }
}

/** A database of the browser; all of a change is there or nothing. */
export class Database implements NumberedFiles {
  #opened: Promise<IDBDatabase> | undefined;

  #open(): Promise<IDBDatabase> {
    if (this.#opened) return this.#opened;
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(FILES);
    this.#opened = answer(request);
    return this.#opened;
  }

  async numbers(path: string): Promise<Numbers> {
    const files = (await this.#open()).transaction(FILES).objectStore(FILES);
    const keys = await answer(files.getAllKeys(IDBKeyRange.bound([path], [path, []])));
    return keys.map((key) => (key as [string, number])[1]).sort((a, b) => b - a);
  }

  async get(path: string, number: number): Promise<Blob> {
    const files = (await this.#open()).transaction(FILES).objectStore(FILES);
    return answer(files.get([path, number]));
  }

  async put(path: string, number: number, file: Blob, others: Numbers): Promise<void> {
    const database = await this.#open();
    const change = database.transaction(FILES, "readwrite", { durability: "strict" });
    const files = change.objectStore(FILES);
    files.put(file, [path, number]);
    for (const other of others) files.delete([path, other]);
    await new Promise<void>((resolve, reject) => {
      change.oncomplete = () => resolve();
      change.onabort = () => reject(change.error);
    });
  }
}

function answer<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
