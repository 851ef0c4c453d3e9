/**
 * That a file cannot be read: what is wrong with it, and where.
 *
 * Whatever is in a file, reading it ends in its content or in this error.
 */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  /** The place in the file, counted in bytes from its beginning. */
  readonly place: number;

  constructor(place: number, sentence: string, options?: ErrorOptions) {
    super(`at byte ${place} of the file: ${sentence}`, options);
    this.place = place;
  }
}

/** How much of a text a sentence shows. */
const LONGEST = 80;
/** Characters that are not seen, but move the cursor, break the line or turn its direction. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text out of a file as a sentence may hold it: short, with an escape for what is not seen. */
export function shown(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return JSON.stringify(short).replace(
    INVISIBLE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
