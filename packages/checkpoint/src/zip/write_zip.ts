import { crc32 } from "../crc32.ts";
import {
  CENTRAL,
  CENTRAL_LENGTH,
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

/** Numbers begin at multiples of this, as in PyTorch's files, so that they can be mapped into memory. */
const ALIGNMENT = 64;
/** The extra field that PyTorch pads with. */
const PADDING = 0x4246;
const EXTRA_64_LENGTH = 20;
const UTF_8_NAMES = 0x800;
const VERSION = 20;
const VERSION_64 = 45;
const UTF_8 = new TextEncoder();

/** A file that is to stand in an archive. */
export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Placed {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where its header is, and how much room is before its bytes. */
  readonly header: number;
  readonly room: number;
  crc: number;
}

/** A file that is written piece by piece. */
export interface Plan {
  /** How many bytes it will have. */
  readonly size: number;
  /** Its bytes from the first to the last; those of arrays are the arrays' own memory. */
  pieces(): Generator<Uint8Array<ArrayBuffer>>;
}

/** An archive of files that are stored as they are, the bytes of each at a multiple of 64. */
export function plan_zip(members: readonly Member[]): Plan {
  const placed: Placed[] = [];
  let at = 0;
  for (const { name, bytes } of members) {
    const encoded = UTF_8.encode(name);
    const fixed = LOCAL_LENGTH + encoded.length + (is_long(bytes.length) ? EXTRA_64_LENGTH : 0) + 4;
    const room = fixed + padding_at(at + fixed);
    placed.push({ name: encoded, bytes, header: at, room, crc: 0 });
    at += room + bytes.length;
  }
  const length = placed.reduce((sum, entry) => sum + central_length(entry), 0);
  const directory = { offset: at, length, count: placed.length };
  const size = at + length + end_length(directory);
  return { size, pieces: () => pieces(placed, directory) };
}

function* pieces(
  placed: readonly Placed[],
  directory: Directory,
): Generator<Uint8Array<ArrayBuffer>> {
  for (const entry of placed) {
    entry.crc = crc32(entry.bytes);
    yield local_header(entry);
    yield entry.bytes;
  }
  for (const entry of placed) yield central_header(entry);
  yield end_of(directory);
}

interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

function padding_at(offset: number): number {
  return (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT;
}

/** Whether a number has no room in four bytes. */
function is_long(number: number): boolean {
  return number >= FULL_32;
}

function local_header({ name, bytes, room, crc }: Placed): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(room);
  const view = view_of(header);
  const long = is_long(bytes.length);
  view.setUint32(0, LOCAL, true);
  view.setUint16(4, long ? VERSION_64 : VERSION, true);
  view.setUint16(6, UTF_8_NAMES, true);
  view.setUint16(8, STORED, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, long ? FULL_32 : bytes.length, true);
  view.setUint32(22, long ? FULL_32 : bytes.length, true);
  view.setUint16(26, name.length, true);
  view.setUint16(28, room - LOCAL_LENGTH - name.length, true);
  header.set(name, LOCAL_LENGTH);
  let at = LOCAL_LENGTH + name.length;
  if (long) at = write_longs(view, at, [bytes.length, bytes.length]);
  view.setUint16(at, PADDING, true);
  view.setUint16(at + 2, room - at - 4, true);
  return header;
}

/** Writes the field with the large numbers of an entry, and gives where it ends. */
function write_longs(view: DataView, at: number, numbers: readonly number[]): number {
  view.setUint16(at, EXTRA_64, true);
  view.setUint16(at + 2, 8 * numbers.length, true);
  for (const [i, number] of numbers.entries()) {
    view.setBigUint64(at + 4 + 8 * i, BigInt(number), true);
  }
  return at + 4 + 8 * numbers.length;
}

/** The numbers of an entry that have no room in its record, in their order there. */
function longs_of({ bytes, header }: Placed): number[] {
  return [bytes.length, bytes.length, header].filter(is_long);
}

function central_length(entry: Placed): number {
  const longs = longs_of(entry).length;
  return CENTRAL_LENGTH + entry.name.length + (longs > 0 ? 4 + 8 * longs : 0);
}

function central_header(entry: Placed): Uint8Array<ArrayBuffer> {
  const { name, bytes, header, crc } = entry;
  const longs = longs_of(entry);
  const record = new Uint8Array(central_length(entry));
  const view = view_of(record);
  const version = longs.length > 0 ? VERSION_64 : VERSION;
  view.setUint32(0, CENTRAL, true);
  view.setUint16(4, version, true);
  view.setUint16(6, version, true);
  view.setUint16(8, UTF_8_NAMES, true);
  view.setUint16(10, STORED, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, Math.min(bytes.length, FULL_32), true);
  view.setUint32(24, Math.min(bytes.length, FULL_32), true);
  view.setUint16(28, name.length, true);
  view.setUint16(30, record.length - CENTRAL_LENGTH - name.length, true);
  view.setUint32(42, Math.min(header, FULL_32), true);
  record.set(name, CENTRAL_LENGTH);
  if (longs.length > 0) write_longs(view, CENTRAL_LENGTH + name.length, longs);
  return record;
}

function is_large({ offset, length, count }: Directory): boolean {
  return is_long(offset) || is_long(length) || count >= FULL_16;
}

function end_length(directory: Directory): number {
  return END_LENGTH + (is_large(directory) ? END_64_LENGTH + LOCATOR_64_LENGTH : 0);
}

function end_of(directory: Directory): Uint8Array<ArrayBuffer> {
  const { offset, length, count } = directory;
  const record = new Uint8Array(end_length(directory));
  const view = view_of(record);
  const at = record.length - END_LENGTH;
  if (is_large(directory)) write_end_64(view, directory);
  view.setUint32(at, END, true);
  view.setUint16(at + 8, Math.min(count, FULL_16), true);
  view.setUint16(at + 10, Math.min(count, FULL_16), true);
  view.setUint32(at + 12, Math.min(length, FULL_32), true);
  view.setUint32(at + 16, Math.min(offset, FULL_32), true);
  return record;
}

function write_end_64(view: DataView, { offset, length, count }: Directory): void {
  view.setUint32(0, END_64, true);
  view.setBigUint64(4, BigInt(END_64_LENGTH - 12), true);
  view.setUint16(12, VERSION_64, true);
  view.setUint16(14, VERSION_64, true);
  view.setBigUint64(24, BigInt(count), true);
  view.setBigUint64(32, BigInt(count), true);
  view.setBigUint64(40, BigInt(length), true);
  view.setBigUint64(48, BigInt(offset), true);
  view.setUint32(END_64_LENGTH, LOCATOR_64, true);
  view.setBigUint64(END_64_LENGTH + 8, BigInt(offset + length), true);
  view.setUint32(END_64_LENGTH + 16, 1, true);
}
