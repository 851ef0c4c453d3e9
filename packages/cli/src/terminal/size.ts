const PIPED_COLUMNS = 80;
const FEWEST_COLUMNS = 30;
/** More than any terminal has. */
const MOST_COLUMNS = 1000;
const FEWEST_ROWS = 5;
const MOST_ROWS = 24;
/** What a chart needs besides its plot, and the prompt below it. */
const ROWS_AROUND = 8;

/** How wide to draw: as the terminal, or as COLUMNS says where there is none. */
export function terminalColumns(): number {
  const columns = process.stdout.columns || Number(process.env.COLUMNS);
  if (!Number.isInteger(columns) || columns < 1) return PIPED_COLUMNS;
  return Math.min(Math.max(FEWEST_COLUMNS, columns), MOST_COLUMNS);
}

/** How high to draw a plot so wide, within the terminal. */
export function terminalRows(columns: number): number {
  const room = (process.stdout.rows ?? Infinity) - ROWS_AROUND;
  return Math.max(FEWEST_ROWS, Math.min(Math.round(columns / 5), MOST_ROWS, room));
}
