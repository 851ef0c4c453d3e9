import { LogError } from "./log_error.ts";

/** The log of a run as a table of numbers. */
export interface RunLog {
  /** The names of its columns, in their order. */
  readonly columns: readonly string[];
  /** By column; NaN where a row has no number. */
  readonly values: readonly Float64Array[];
}

/** What is laid over a plan: the lr of a run at its steps. */
export interface LoggedRun {
  readonly epochs: Float64Array;
  readonly values: Float64Array;
}

/** Names of columns, the likeliest first, as loggers write them. */
const STEPS = ["step", "global_step", "_step", "iteration", "iter", "epoch"];
const RATES = ["lr", "learning_rate", "train/learning_rate", "train/lr", "lr-adamw", "lr-sgd"];
const SEPARATORS = [",", "\t", ";"];
/** As many bytes as are read: a log of a million steps. */
export const LARGEST_LOG = 64_000_000;

/**
 * Reads a log: CSV with a head (commas, tabs or semicolons), JSON lines, or a JSON list of objects.
 *
 * @throws LogError that says what is wrong.
 */
export function parseLog(text: string): RunLog {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") throw new LogError("The log is empty.");
  const log = /^[[{]/.test(trimmed) ? fromObjects(readObjects(trimmed)) : fromCsv(trimmed);
  if (log.columns.length === 0) throw new LogError("The log has no column of numbers.");
  return log;
}

/** The column that has the steps, if one is called that way. */
export function stepColumn({ columns }: RunLog): string | undefined {
  return likeliest(columns, STEPS);
}

/** The column that has the lr, if one is called that way. */
export function rateColumn({ columns }: RunLog): string | undefined {
  return likeliest(columns, RATES) ?? columns.find((name) => /\blr\b|learning.?rate/i.test(name));
}

/**
 * The lr of a run at its steps, in their order. Rows that lack either are left out, as many loggers
 * write a row for every kind of metric.
 *
 * @param steps - The column that counts; without it, the rows are counted.
 * @param size - How many epochs of the plan one of its units is.
 */
export function runIn(log: RunLog, rate: string, steps?: string, size = 1): LoggedRun {
  const rates = log.values[log.columns.indexOf(rate)];
  const counted = steps === undefined ? undefined : log.values[log.columns.indexOf(steps)];
  const points = Array.from(rates, (value, row) => [(counted?.[row] ?? row) * size, value])
    .filter(([step, value]) => Number.isFinite(step) && Number.isFinite(value))
    .sort(([a], [b]) => a - b);
  return {
    epochs: Float64Array.from(points, ([step]) => step),
    values: Float64Array.from(points, ([, value]) => value),
  };
}

/** The point of a run that is farthest from what was planned. */
export function largestDifference(
  { epochs, values }: LoggedRun,
  planned: (epoch: number) => number | undefined,
): { epoch: number; logged: number; planned: number } | undefined {
  let largest: { epoch: number; logged: number; planned: number } | undefined;
  for (let i = 0; i < epochs.length; i++) {
    const epoch = Math.floor(epochs[i]);
    const expected = planned(epoch);
    if (expected === undefined || Number.isNaN(expected)) continue;
    const difference = Math.abs(values[i] - expected);
    if (largest && difference <= Math.abs(largest.logged - largest.planned)) continue;
    largest = { epoch, logged: values[i], planned: expected };
  }
  return largest;
}

function likeliest(columns: readonly string[], names: readonly string[]): string | undefined {
  const bare = columns.map((column) => column.toLowerCase().replaceAll(" ", "_"));
  const found = names.map((name) => bare.indexOf(name)).find((i) => i >= 0);
  return found === undefined ? undefined : columns[found];
}

function readObjects(text: string): unknown[] {
  if (text.startsWith("[")) {
    const list = readJson(text, "The log");
    return Array.isArray(list) ? list : [list];
  }
  return text
    .split("\n")
    .map((line, i) => [line.trim(), i + 1] as const)
    .filter(([line]) => line !== "")
    .map(([line, number]) => readJson(line, `Line ${number} of the log`));
}

function readJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LogError(`${what} is not JSON.`);
  }
}

function fromObjects(rows: readonly unknown[]): RunLog {
  const columns = new Map<string, Float64Array>();
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null) {
      throw new LogError(`Entry ${i + 1} of the log is no object with named values.`);
    }
    for (const [name, value] of Object.entries(row)) {
      const number = Array.isArray(value) ? value[0] : value;
      if (typeof number !== "number") continue;
      const column = columns.get(name) ?? new Float64Array(rows.length).fill(Number.NaN);
      columns.set(name, column);
      column[i] = number;
    }
  });
  return { columns: [...columns.keys()], values: [...columns.values()] };
}

function fromCsv(text: string): RunLog {
  const [head, ...rows] = text.split(/\r?\n/).filter((row) => row.trim() !== "");
  const separator = SEPARATORS.reduce((a, b) => (countOf(b, head) > countOf(a, head) ? b : a));
  const cells = (row: string) =>
    row.split(separator).map((cell) => cell.trim().replace(/^"|"$/g, ""));
  const names = cells(head);
  if (rows.length === 0) throw new LogError("The log has no rows below its head.");
  const values = names.map(() => new Float64Array(rows.length).fill(Number.NaN));
  rows.forEach((row, i) => {
    for (const [column, cell] of cells(row).entries()) {
      if (cell !== "" && column < values.length) values[column][i] = Number(cell);
    }
  });
  const isOfNumbers = values.map((column) => column.some(Number.isFinite));
  return {
    columns: names.filter((_, i) => isOfNumbers[i]),
    values: values.filter((_, i) => isOfNumbers[i]),
  };
}

function countOf(letter: string, text: string): number {
  return text.split(letter).length;
}
