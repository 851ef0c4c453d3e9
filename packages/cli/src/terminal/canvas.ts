import { styleText } from "node:util";

/** Where a Braille cell's eight dots are, as bits of its code point: rows of two, from the top. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];
const BRAILLE = 0x2800;

interface Cell {
  text: string;
  dots: number;
  color: Color | undefined;
}

export type Color = "cyan" | "magenta" | "yellow" | "green" | "blue" | "red" | "gray";

export type Place = readonly [x: number, y: number];

/** A page of text on which lines are drawn with the dots of Braille letters: 2 × 4 in a cell. */
export class Canvas {
  readonly #cells: Cell[][];

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.#cells = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => ({ text: " ", dots: 0, color: undefined })),
    );
  }

  /** Writes text over what is there; what does not fit on the page is left out. */
  write(column: number, row: number, text: string, color?: Color): void {
    for (const [i, letter] of [...text].entries()) {
      const cell = this.#cells[row]?.[column + i];
      if (cell) Object.assign(cell, { text: letter, dots: 0, color });
    }
  }

  /** Draws a line between two places, given in columns and rows and fractions of them. */
  line([x0, y0]: Place, [x1, y1]: Place, color: Color): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0) * 2, Math.abs(y1 - y0) * 4)));
    for (let i = 0; i <= steps; i++) {
      this.#dot(x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps, color);
    }
  }

  #dot(x: number, y: number, color: Color): void {
    const cell = this.#cells[Math.floor(y)]?.[Math.floor(x)];
    if (!cell) return;
    cell.dots |= DOTS[Math.floor((y % 1) * 4)][Math.floor((x % 1) * 2)];
    cell.text = String.fromCodePoint(BRAILLE + cell.dots);
    cell.color = color;
  }

  /** The page as lines of text, without spaces at their ends. */
  toString(): string {
    return this.#cells.map(toLine).join("\n");
  }
}

/** A row's text, painted in as few pieces as there are changes of colour. */
function toLine(row: readonly Cell[]): string {
  const end = row.findLastIndex(({ text }) => text !== " ") + 1;
  let line = "";
  for (let start = 0; start < end; ) {
    const { color } = row[start];
    const change = row.findIndex((cell, i) => i > start && cell.color !== color);
    const next = change === -1 ? end : Math.min(change, end);
    const text = row
      .slice(start, next)
      .map((cell) => cell.text)
      .join("");
    line += color ? styleText(color, text) : text;
    start = next;
  }
  return line;
}
