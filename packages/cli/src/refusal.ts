/** What is not seen, but moves a terminal's cursor, breaks its lines or turns their direction. */
const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What the user is told in words when a command cannot do its work: exit code 1. */
export class Refusal extends Error {
  constructor(message: string) {
    super(printable(message));
  }
}

/** Text from a file, or a file's name, as a terminal may be given it: with escapes. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const digits = character.codePointAt(0)?.toString(16) ?? "";
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
  });
}
