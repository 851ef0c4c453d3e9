import type { Plan } from "./zip/write_zip.ts";

/** Where a file is written: one that is open in Node.js, or a stream's writer. */
export interface Sink {
  /** Takes bytes; of Node.js it may be only some of them, and it says how many. */
  write(bytes: Uint8Array<ArrayBuffer>): unknown;
}

/** The whole file in memory. */
export function to_bytes({ size, pieces }: Plan): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces()) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Writes a file piece by piece. */
export async function write_to(sink: Sink, { pieces }: Plan): Promise<void> {
  for (const piece of pieces()) {
    let left = piece;
    while (left.length > 0) {
      const answer = (await sink.write(left)) as { bytesWritten?: number } | undefined;
      left = left.subarray(answer?.bytesWritten ?? left.length);
    }
  }
}
