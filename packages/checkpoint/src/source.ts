import { CheckpointError } from "./checkpoint_error.ts";

/** A file in memory. */
export type Bytes = Uint8Array | ArrayBuffer;

/** An open file of Node.js, as far as it is needed to read one. */
export interface ReadableHandle {
  stat(): Promise<{ size: number }>;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>;
}

/** A file of which only what is asked for comes into memory. */
export type FileSource = Blob | ReadableHandle;

/** A part of a file that is asked for. */
export interface Range {
  readonly offset: number;
  readonly length: number;
  /** Whether it must be memory of its own, which begins with it. */
  readonly own: boolean;
}

/** Work on a file that asks for its parts one after another, wherever they come from. */
export type Steps<Result> = Generator<Range, Result, Uint8Array<ArrayBuffer>>;

/** Asks for bytes, which must be in the file; `what` begins the sentence that says otherwise. */
export function* part(
  size: number,
  offset: number,
  length: number,
  what: string,
  own = false,
): Steps<Uint8Array<ArrayBuffer>> {
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new CheckpointError(
      Math.max(0, Math.min(offset, size)),
      `${what} must end within the file, which has ${size} bytes; it was cut short or damaged`,
    );
  }
  return yield { offset, length, own };
}

/** Runs the work on a file in memory. */
export function run<Result>(bytes: Bytes, work: (size: number) => Steps<Result>): Result {
  const file = as_bytes(bytes);
  const steps = work(file.length);
  let next = steps.next();
  while (!next.done) {
    const { offset, length, own } = next.value;
    const wanted = file.subarray(offset, offset + length);
    next = steps.next(own ? wanted.slice() : wanted);
  }
  return next.value;
}

/** Runs the work on a file of which only what it asks for comes into memory. */
export async function run_on_file<Result>(
  file: FileSource,
  work: (size: number) => Steps<Result>,
): Promise<Result> {
  const size = "stat" in file ? (await file.stat()).size : file.size;
  const steps = work(size);
  let next = steps.next();
  while (!next.done) {
    const { offset, length } = next.value;
    const bytes = await ("stat" in file
      ? read_handle(file, offset, length)
      : file
          .slice(offset, offset + length)
          .arrayBuffer()
          .then(as_bytes));
    if (bytes.length !== length) {
      throw new CheckpointError(offset + bytes.length, "the file became shorter while it was read");
    }
    next = steps.next(bytes);
  }
  return next.value;
}

/** All of a file that is short. */
export async function whole_file(file: Bytes | FileSource): Promise<Uint8Array<ArrayBuffer>> {
  if (is_bytes(file)) return as_bytes(file);
  return run_on_file(file, (size) => part(size, 0, size, "the file"));
}

async function read_handle(file: ReadableHandle, offset: number, length: number) {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) return bytes.subarray(0, read);
    read += bytesRead;
  }
  return bytes;
}

/** Whether it is a file in memory. */
export function is_bytes(source: unknown): source is Bytes {
  return source instanceof Uint8Array || source instanceof ArrayBuffer;
}

/** The same memory as plain bytes: `slice` of a Buffer of Node.js would copy nothing. */
export function as_bytes(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return bytes instanceof Uint8Array
    ? new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}
