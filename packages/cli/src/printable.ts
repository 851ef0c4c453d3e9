/** What steers a terminal, turns text around or is no XML: controls, halves of letters, marks of direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text from outside in a form that can be shown on one line anywhere: what is unprintable as escapes. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
