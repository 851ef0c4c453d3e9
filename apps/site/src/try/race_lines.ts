import type { ChartLine } from "../chart/line.ts";
import type { Row } from "./messages.ts";
import { smoothed } from "./smooth.ts";

/** About as many points as can be told apart in a small chart. */
const MOST_POINTS = 500;

/** What came of a schedule so far. */
export interface Course {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** The figures that are drawn, each a chart of its own. */
export interface RaceLines {
  readonly lr: readonly ChartLine[];
  readonly loss: readonly ChartLine[];
  readonly accuracy: readonly ChartLine[];
}

/** @param areBatches - Whether the losses are those of batches, which differ by chance: they are smoothed. */
export function raceLines(courses: readonly Course[], areBatches: boolean): RaceLines {
  const each = courses.map(({ name, rows }, style) => {
    const losses = rows.map(({ loss }) => loss);
    const known = rows.filter(({ accuracy }) => accuracy !== undefined);
    return {
      lr: toLine(name, style, rows, (row) => row.lr),
      loss: toLine(name, style, rows, areBatches ? ofStep(smoothed(losses)) : ofStep(losses)),
      accuracy: toLine(name, style, known, ({ accuracy }) => accuracy ?? Number.NaN),
    };
  });
  return {
    lr: each.map(({ lr }) => lr),
    loss: each.map(({ loss }) => loss),
    accuracy: each.map(({ accuracy }) => accuracy),
  };
}

function ofStep(values: readonly number[]): (row: Row) => number {
  return ({ step }) => values[step];
}

function toLine(
  name: string,
  style: number,
  rows: readonly Row[],
  toValue: (row: Row) => number,
): ChartLine {
  const stride = Math.ceil(rows.length / MOST_POINTS);
  const shown = rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
  return {
    name,
    style,
    epochs: shown.map(({ step }) => step),
    values: shown.map(toValue),
  };
}
