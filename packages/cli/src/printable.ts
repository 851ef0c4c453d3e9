/** What moves a terminal's cursor, turns a line's direction, is seen by nobody, or is no XML. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** Text from outside in a form that can be shown on one line anywhere: what is unprintable as escapes. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (letter) => {
    const digits = letter.codePointAt(0)?.toString(16) ?? "";
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
  });
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
