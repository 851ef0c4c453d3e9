import { CheckpointError } from "../checkpoint_error.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, of which `]` and `}` are two further on. */
const OPENING: readonly number[] = [0x5b, 0x7b];

/** Refuses JSON whose lists and objects stand too deep in one another, before anything is made of it. */
export function check_depth(bytes: Uint8Array, begin: number, most: number, what: string): void {
  let depth = 0;
  let in_text = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) in_text = !in_text;
    else if (in_text) i += byte === BACKSLASH ? 1 : 0;
    else if (OPENING.includes(byte)) depth++;
    else if (OPENING.includes(byte - 2)) depth--;
    if (depth > most) {
      throw new CheckpointError(begin + i, `${what} must be at most ${most} deep`);
    }
  }
}
