import { CheckpointError } from "../checkpoint_error.ts";
import { check_depth } from "../safetensors/check_depth.ts";

const DEEPEST = 100;
const UTF_8 = new TextDecoder("utf-8", { fatal: true });
/** A text, or one of the words that Python writes for numbers that are not finite. */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** Reads JSON as Python writes it, with bare `NaN` and `Infinity`, which become words. */
export function parse_json(bytes: Uint8Array, what: string): unknown {
  check_depth(bytes, 0, DEEPEST, what);
  try {
    const text = UTF_8.decode(bytes);
    return JSON.parse(text.replace(TEXT_OR_WORD, (word) => (word[0] === '"' ? word : `"${word}"`)));
  } catch (cause) {
    throw new CheckpointError(0, `${what} must be JSON`, { cause });
  }
}
