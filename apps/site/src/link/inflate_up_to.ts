import { FlateErrorCode, Inflate } from "fflate";
import { LinkError } from "./link_error.ts";

/** A byte unpacks to at most about a thousand, so that no piece unpacks to more than a megabyte. */
const PIECE = 512;

/**
 * Unpacks deflated bytes piece by piece, and stops as soon as there are more than `most`: what a few
 * bytes unpack to may fill a memory.
 *
 * @throws LinkError if they are not whole, not deflated, or too many.
 */
export function inflateUpTo(most: number, deflated: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    length += piece.length;
  });
  for (let at = 0; at < deflated.length; at += PIECE) {
    const isLast = at + PIECE >= deflated.length;
    push(stream, deflated.subarray(at, at + PIECE), isLast);
    if (length > most) {
      throw new LinkError("The link holds more than 1 MB, which is more than any schedule needs.");
    }
  }
  return joined(pieces, length);
}

function push(stream: Inflate, piece: Uint8Array, isLast: boolean): void {
  try {
    stream.push(piece, isLast);
  } catch (error) {
    const isCutOff = (error as { code?: unknown }).code === FlateErrorCode.UnexpectedEOF;
    const what = isCutOff ? "its end is missing" : "what it holds cannot be unpacked";
    throw new LinkError(`The link is broken: ${what}.`);
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
