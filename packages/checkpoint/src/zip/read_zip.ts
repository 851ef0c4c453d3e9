import { inflateSync } from "fflate";
import type { Budget } from "../budget.ts";
import { CheckpointError, shown } from "../checkpoint_error.ts";
import { crc32 } from "../crc32.ts";
import { part, type Steps } from "../source.ts";
import {
  CENTRAL,
  CENTRAL_LENGTH,
  DEFLATED,
  END,
  END_64,
  END_64_LENGTH,
  END_LENGTH,
  EXTRA_64,
  FULL_16,
  FULL_32,
  LOCAL,
  LOCAL_LENGTH,
  LOCATOR_64,
  LOCATOR_64_LENGTH,
  STORED,
  view_of,
} from "./format.ts";

/** The longest comment that may follow the end record. */
const LONGEST_COMMENT = 0xffff;
const IS_ENCRYPTED = 1;
const NAMES = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One file in an archive. */
export interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  /** How many bytes it has in the archive, and how many it is. */
  readonly stored_size: number;
  readonly size: number;
  /** Where its header is, and where the next entry's is, or the directory. */
  readonly header: number;
  readonly end: number;
  /** Where the directory speaks of it. */
  readonly place: number;
}

/** Where the directory is, and of how many entries. */
interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

/** What `read` gives of an entry. */
export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it begins in the file. */
  readonly place: number;
}

/** An archive whose directory has been read and found to be true. */
export class Zip {
  readonly #size: number;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #budget: Budget;
  readonly #check_crc32: boolean;

  private constructor(
    size: number,
    entries: ReadonlyMap<string, Entry>,
    budget: Budget,
    check_crc32: boolean,
  ) {
    this.#size = size;
    this.#entries = entries;
    this.#budget = budget;
    this.#check_crc32 = check_crc32;
  }

  /** Reads the directory of a file of this size; nothing else of it yet. */
  static *open(size: number, budget: Budget, check_crc32: boolean): Steps<Zip> {
    const directory = yield* find_directory(size);
    const { offset, length } = directory;
    budget.take(length, offset);
    const bytes = yield* part(size, offset, length, "the directory");
    return new Zip(size, read_entries(bytes, directory), budget, check_crc32);
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  entry(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  /** The bytes of an entry, as memory of their own if need be. */
  *read(entry: Entry, own = false): Steps<Content> {
    const place = yield* this.#find(entry);
    const { name, size, stored_size, method } = entry;
    // What is not copied takes no memory.
    if (own || method === DEFLATED) this.#budget.take(size, place);
    const what = `the entry ${shown(name)}`;
    const stored = yield* part(this.#size, place, stored_size, what, own && method === STORED);
    const bytes = method === STORED ? stored : inflate(stored, size, what, place);
    if (this.#check_crc32 && crc32(bytes) !== entry.crc) {
      throw new CheckpointError(place, `${what} does not have its checksum, so it was damaged`);
    }
    return { bytes, place };
  }

  /** Where the bytes of an entry begin, which its own header knows. */
  *#find({ name, header, end, stored_size, place }: Entry): Steps<number> {
    const what = `the header of the entry ${shown(name)}`;
    const fixed = yield* part(this.#size, header, LOCAL_LENGTH, what);
    const view = view_of(fixed);
    if (view.getUint32(0, true) !== LOCAL) {
      throw new CheckpointError(header, `${what} must be here, as byte ${place} says`);
    }
    const name_length = view.getUint16(26, true);
    const begin = header + LOCAL_LENGTH + name_length + view.getUint16(28, true);
    const own_name = yield* part(this.#size, header + LOCAL_LENGTH, name_length, what);
    if (decoded(own_name, header) !== name) {
      throw new CheckpointError(header, `${what} must have the name that byte ${place} says`);
    }
    if (begin + stored_size > end) {
      throw new CheckpointError(
        header,
        `the entry ${shown(name)} must end before byte ${end}, where the next one begins`,
      );
    }
    return begin;
  }
}

/** Finds the record at the end that says where the directory is. */
function* find_directory(size: number): Steps<Directory> {
  const length = Math.min(size, END_LENGTH + LONGEST_COMMENT + LOCATOR_64_LENGTH);
  const tail = yield* part(size, size - length, length, "the end");
  const view = view_of(tail);
  let at = length - END_LENGTH;
  while (at >= 0 && !ends_here(view, at)) at--;
  if (at < 0) {
    throw new CheckpointError(
      size,
      "there must be a zip archive's directory, as files of PyTorch have since 1.6; it was cut " +
        "short, or is no such file",
    );
  }
  const place = size - length + at;
  const directory = {
    count: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const has_locator = at >= LOCATOR_64_LENGTH;
  const locator = at - LOCATOR_64_LENGTH;
  if (has_locator && view.getUint32(locator, true) === LOCATOR_64) {
    const offset = whole(view, locator + 8, place - LOCATOR_64_LENGTH + 8);
    return yield* read_end_64(size, offset, directory, place);
  }
  return checked(directory, place, place);
}

function ends_here(view: DataView, at: number): boolean {
  return (
    view.getUint32(at, true) === END &&
    at + END_LENGTH + view.getUint16(at + 20, true) === view.byteLength
  );
}

/** The same of an archive that has large numbers. */
function* read_end_64(
  size: number,
  offset: number,
  short: Directory,
  place: number,
): Steps<Directory> {
  const what = "the zip64 record of the directory";
  const view = view_of(yield* part(size, offset, END_64_LENGTH, what));
  if (view.getUint32(0, true) !== END_64) {
    throw new CheckpointError(offset, `${what} must be here, as byte ${place} says`);
  }
  const long = {
    count: whole(view, 32, offset + 32),
    length: whole(view, 40, offset + 40),
    offset: whole(view, 48, offset + 48),
  };
  const agrees =
    (short.count === long.count || short.count === FULL_16) &&
    (short.length === long.length || short.length === FULL_32) &&
    (short.offset === long.offset || short.offset === FULL_32);
  if (!agrees) throw new CheckpointError(place, "both records of the directory must say the same");
  return checked(long, offset, offset);
}

/** Refuses a directory that does not end where the record of it begins. */
function checked(directory: Directory, end: number, place: number): Directory {
  const { offset, length, count } = directory;
  if (offset + length !== end) {
    throw new CheckpointError(
      place,
      `the directory must end at byte ${end}, got ${length} bytes from byte ${offset} on; ` +
        "the file was cut short or damaged",
    );
  }
  if (count * CENTRAL_LENGTH > length) {
    throw new CheckpointError(place, `${count} entries must have more than ${length} bytes`);
  }
  return directory;
}

/** Reads what a directory says of its entries, which must not overlap. */
function read_entries(
  bytes: Uint8Array<ArrayBuffer>,
  { offset, count }: Directory,
): Map<string, Entry> {
  const view = view_of(bytes);
  const found: Omit<Entry, "end">[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { entry, length } = read_entry(view, bytes, at, offset + at);
    found.push(entry);
    at += length;
  }
  if (at !== bytes.length) {
    throw new CheckpointError(offset + at, `the directory must end after its ${count} entries`);
  }
  return by_name(found, offset);
}

function by_name(found: readonly Omit<Entry, "end">[], directory: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const in_order = [...found].sort((a, b) => a.header - b.header);
  for (const [i, entry] of in_order.entries()) {
    const { name, header, stored_size, place } = entry;
    const end = in_order[i + 1]?.header ?? directory;
    if (header + LOCAL_LENGTH + stored_size > end) {
      throw new CheckpointError(
        place,
        `the entry ${shown(name)} must end before byte ${end}, where the next one begins`,
      );
    }
    if (entries.has(name)) {
      throw new CheckpointError(place, `the entry ${shown(name)} must be there once`);
    }
    entries.set(name, { ...entry, end });
  }
  return entries;
}

/** Reads one record of a directory, and says how long it is. */
function read_entry(view: DataView, bytes: Uint8Array<ArrayBuffer>, at: number, place: number) {
  if (at + CENTRAL_LENGTH > view.byteLength || view.getUint32(at, true) !== CENTRAL) {
    throw new CheckpointError(place, "a record of the directory must be here");
  }
  const name_length = view.getUint16(at + 28, true);
  const extra_length = view.getUint16(at + 30, true);
  const length = CENTRAL_LENGTH + name_length + extra_length + view.getUint16(at + 32, true);
  if (at + length > view.byteLength) {
    throw new CheckpointError(place, "a record of the directory must end within it");
  }
  const extra = at + CENTRAL_LENGTH + name_length;
  const name = decoded(bytes.subarray(at + CENTRAL_LENGTH, extra), place);
  const long = long_numbers(view, extra, extra + extra_length, place);
  const number = (offset: number) => {
    const short = view.getUint32(at + offset, true);
    return short === FULL_32 ? long() : short;
  };
  const size = number(24);
  const stored_size = number(20);
  const header = number(42);
  const method = view.getUint16(at + 10, true);
  const entry = {
    name,
    method,
    crc: view.getUint32(at + 16, true),
    size,
    stored_size,
    header,
    place,
  };
  refuse_method(entry, view.getUint16(at + 8, true));
  return { entry, length };
}

function refuse_method(entry: Omit<Entry, "end">, flags: number): void {
  const { name, method, size, stored_size, place } = entry;
  const what = `the entry ${shown(name)}`;
  if (flags & IS_ENCRYPTED) throw new CheckpointError(place, `${what} must not be encrypted`);
  if (method !== STORED && method !== DEFLATED) {
    throw new CheckpointError(place, `${what} must be stored or deflated, got method ${method}`);
  }
  if (method === STORED && size !== stored_size) {
    throw new CheckpointError(
      place,
      `${what} is stored, so its sizes must be equal, got ${stored_size} and ${size}`,
    );
  }
}

/** Gives the numbers in the zip64 field of an entry one after another. */
function long_numbers(view: DataView, begin: number, end: number, place: number): () => number {
  let at = begin;
  while (at + 4 <= end && view.getUint16(at, true) !== EXTRA_64) {
    at += 4 + view.getUint16(at + 2, true);
  }
  const last = at + 4 <= end ? Math.min(end, at + 4 + view.getUint16(at + 2, true)) : at;
  at += 4;
  return () => {
    if (at + 8 > last)
      throw new CheckpointError(place, "a large number must be in the zip64 field");
    at += 8;
    return whole(view, at - 8, place);
  };
}

/** A number of eight bytes; where it is no exact one, it is none of a file. */
function whole(view: DataView, at: number, place: number): number {
  const number = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(number)) {
    throw new CheckpointError(place, `a place in the file must be less than 2^53, got ${number}`);
  }
  return number;
}

function decoded(name: Uint8Array, place: number): string {
  try {
    return NAMES.decode(name);
  } catch (cause) {
    throw new CheckpointError(place, "the name of an entry must be UTF-8", { cause });
  }
}

/** Inflates into just as much memory as the directory says. */
function inflate(
  stored: Uint8Array<ArrayBuffer>,
  size: number,
  what: string,
  place: number,
): Uint8Array<ArrayBuffer> {
  let inflated: Uint8Array;
  const out = new Uint8Array(size);
  try {
    inflated = inflateSync(stored, { out });
  } catch (cause) {
    throw new CheckpointError(place, `${what} cannot be inflated`, { cause });
  }
  if (inflated.length !== size) {
    throw new CheckpointError(place, `${what} must have ${size} bytes, got ${inflated.length}`);
  }
  return out;
}
