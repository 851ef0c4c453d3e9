/** What cannot be read, and where: an error that does not know the whole text yet. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/** How much of a snippet is shown in a sentence. */
const LONGEST = 40;

/** A part of a snippet as a sentence shows it. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST).trim()}…` : line;
}
