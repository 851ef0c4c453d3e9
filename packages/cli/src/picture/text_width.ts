/** The widths of the letters from space to "~" in Lato, in hundredths of the font's size. */
// biome-ignore format: a table reads best as one.
const WIDTHS = [
  19, 34, 40, 58, 58, 79, 70, 23, 30, 30, 40, 58, 21, 35, 21, 37, 58, 58, 58, 58, 58, 58, 58, 58,
  58, 58, 25, 25, 58, 58, 58, 40, 82, 68, 65, 68, 75, 58, 57, 73, 76, 31, 44, 68, 51, 92, 76, 80,
  61, 80, 64, 53, 59, 73, 68, 102, 64, 63, 62, 30, 38, 30, 58, 39, 31, 51, 56, 47, 56, 52, 34, 51,
  56, 26, 25, 52, 26, 82, 56, 56, 55, 56, 40, 43, 37, 56, 51, 77, 50, 51, 46, 30, 30, 30, 58,
];
const FIRST = 32;
/** Another letter's, or a sign's of East Asia. */
const OTHER = 60;
const WIDE = 100;
/** By how much the fonts may be wider that stand in where Lato is missing. */
const MARGIN = 1.2;

/** About how wide a text is, rather more than less. */
export function textWidth(text: string, size: number): number {
  let hundredths = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    hundredths += WIDTHS[code - FIRST] ?? (code < 0x1100 ? OTHER : WIDE);
  }
  return (hundredths / 100) * size * MARGIN;
}

/** A text in lines of at most `width`, broken at spaces where that can be. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/ *[^ ]+| +$/g) ?? [text]) {
    if (line !== "" && textWidth(line + word, size) > width) {
      lines.push(line);
      line = "";
    }
    for (const letter of line === "" ? word.trimStart() : word) {
      if (line !== "" && textWidth(line + letter, size) > width) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return [...lines, line];
}
