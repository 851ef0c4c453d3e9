const BRAILLE = 0x2800;
/** The bit of each of a Braille letter's dots: columns of four, from the top. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** The rows of the dots in each column of dots, from the top of the text on. */
export function dotsByColumn(text: string): number[][] {
  const lines = text.split("\n").map((line) => [...line]);
  const width = 2 * Math.max(...lines.map(({ length }) => length));
  return Array.from({ length: width }, (_, column) =>
    lines.flatMap((letters, row) => {
      const bits = (letters[column >> 1]?.codePointAt(0) ?? 0) - BRAILLE;
      if (bits < 0 || bits > 0xff) return [];
      return DOTS[column % 2].flatMap((bit, i) => (bits & bit ? [row * 4 + i] : []));
    }),
  );
}
