import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { Refusal } from "./refusal.ts";

const CHUNK = 1 << 16;
/** How long an input that has nothing yet is left alone, in milliseconds. */
const PAUSE = 10;
/** Files that are the command's own open descriptors, as a shell's <(…) is. */
const DESCRIPTOR = /^\/dev\/(?:stdin|fd\/(\d+))$/;

/**
 * The text of a file, or of standard input. It is read no further than it may be long, so that nothing
 * endless is, and only if it is a file: others may never begin or never end.
 *
 * @param name - What the user calls it.
 * @throws Refusal
 */
export function readText(file: string | 0, name: string, mostBytes: number): string {
  try {
    const descriptor = typeof file === "number" ? file : descriptorOf(file);
    if (descriptor !== undefined) return read(descriptor, name, mostBytes);
    // Without waiting for somebody to write into it, if it is a pipe.
    const opened = openSync(String(file), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      mustBeFile(fstatSync(opened), name, mostBytes);
      return read(opened, name, mostBytes);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${name}: ${reason(error)}`);
  }
}

function descriptorOf(file: string): number | undefined {
  const match = process.platform === "win32" ? undefined : DESCRIPTOR.exec(file);
  return match ? Number(match[1] ?? 0) : undefined;
}

function mustBeFile(stats: Stats, name: string, mostBytes: number): void {
  if (stats.isDirectory()) throw new Refusal(`${name}: is a folder`);
  if (!stats.isFile()) throw new Refusal(`${name}: is no file but a pipe or a device`);
  if (stats.size > mostBytes) throw tooLong(name, mostBytes);
}

function tooLong(name: string, mostBytes: number): Refusal {
  return new Refusal(`${name}: is longer than ${mostBytes / 1e6} MB, the most that is read`);
}

function read(descriptor: number, name: string, mostBytes: number): string {
  const chunks: Buffer[] = [];
  for (let length = 0; ; ) {
    const chunk = Buffer.alloc(CHUNK);
    const count = readSome(descriptor, chunk);
    if (count === 0) return decode(Buffer.concat(chunks), name);
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (length > mostBytes) throw tooLong(name, mostBytes);
  }
}

/** Reads what comes next, waiting for it; 0 at the end. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // So does Windows say that a pipe has ended.
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** Without its byte-order mark; PowerShell's redirection may have written UTF-16. */
function decode(bytes: Buffer, name: string): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(`${name}: is no text in UTF-8`);
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "is a folder",
  ENOTDIR: "there is no such folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENXIO: "is no file but a pipe or a device",
  EBADF: "is not open",
};

/** Why a file could not be read or written, in words. */
export function reason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
