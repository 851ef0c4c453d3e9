import { FONT_SIZE, label } from "./marks.ts";
import { lineStyle, phaseTint } from "./palette.ts";
import type { Line, PicturePhase } from "./picture.ts";
import { element } from "./svg.ts";
import { textWidth, wrapText } from "./text_width.ts";

export const TINT_OPACITY = 0.16;
const LINE_HEIGHT = 18;
const SAMPLE = 34;
const BOX = 22;
const GAP = 8;
/** Between two entries in a row. */
const APART = 20;

/** A sample and what it stands for, as many lines high as that needs. */
interface Entry {
  readonly width: number;
  readonly lines: readonly string[];
  readonly sample: number;
  readonly draw: (x: number, y: number) => string;
}

/** What explains a picture, below it. */
export interface Key {
  readonly height: number;
  readonly draw: (x: number, y: number) => string;
}

/** The lines and the phases of a picture with their names, all of them whole. */
export function makeKey(
  lines: readonly Line[],
  phases: readonly PicturePhase[],
  width: number,
): Key {
  const rows = [
    ...inRows(
      lines.map((line) => lineEntry(line, width)),
      width,
    ),
    ...inRows(
      phases.map((phase) => phaseEntry(phase, width)),
      width,
    ),
  ];
  const heights = rows.map((row) => LINE_HEIGHT * Math.max(...row.map((one) => one.lines.length)));
  return {
    height: heights.reduce((a, b) => a + b, 0),
    draw: (x, y) => {
      let top = y;
      return rows
        .map((row, i) => {
          const drawn = drawRow(row, x, top);
          top += heights[i];
          return drawn;
        })
        .join("");
    },
  };
}

/** Entries side by side, as many in a row as fit. */
function inRows(entries: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (taken + APART + entry.width > width) {
      rows.push([]);
      taken = -APART;
    }
    rows[rows.length - 1].push(entry);
    taken += APART + entry.width;
  }
  return rows;
}

function drawRow(row: readonly Entry[], x: number, y: number): string {
  let left = x;
  return row
    .map((entry) => {
      const names = entry.lines.map((line, i) =>
        label(line, [left + entry.sample + GAP, y + i * LINE_HEIGHT + 13], {
          "text-anchor": "start",
        }),
      );
      const drawn = entry.draw(left, y) + names.join("");
      left += entry.width + APART;
      return drawn;
    })
    .join("");
}

function lineEntry({ name, style }: Line, width: number): Entry {
  const { class: ink, color, dashes } = lineStyle(style);
  return {
    ...entryOf(name, SAMPLE, width),
    draw: (x, y) =>
      element("path", {
        d: `M${x},${y + 9}h${SAMPLE}`,
        class: ink,
        fill: "none",
        stroke: color,
        "stroke-width": 2,
        "stroke-dasharray": dashes || undefined,
      }),
  };
}

function phaseEntry({ name, index, start, end }: PicturePhase, width: number): Entry {
  return {
    ...entryOf(`${name}, ${end - start === 1 ? start : `${start}–${end - 1}`}`, BOX, width),
    draw: (x, y) =>
      element("rect", {
        x,
        y: y + 2,
        width: BOX,
        height: 14,
        fill: phaseTint(index),
        "fill-opacity": TINT_OPACITY,
      }) + label(String(index), [x + BOX / 2, y + 13], { "font-size": 11 }),
  };
}

function entryOf(name: string, sample: number, width: number) {
  const lines = wrapText(name, FONT_SIZE, width - sample - GAP);
  const longest = Math.max(...lines.map((line) => textWidth(line, FONT_SIZE)));
  return { lines, sample, width: sample + GAP + longest };
}
