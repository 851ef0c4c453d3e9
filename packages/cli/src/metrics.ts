import { printable } from "./printable.ts";
import { readText } from "./read_text.ts";
import { Refusal } from "./refusal.ts";

const MOST_BYTES = 64_000_000;

/** Reads the metrics in a file, or `-` for standard input: a number a line, or a JSON list. */
export function readMetrics(file: string): number[] {
  const name = file === "-" ? "standard input" : printable(file);
  const text = readText(file === "-" ? 0 : file, name, MOST_BYTES).trim();
  const metrics: unknown[] = text.startsWith("[") ? parseList(text, name) : numbersIn(text);
  if (metrics.length === 0) throw new Refusal(`${name}: has no metric in it`);
  const wrong = metrics.findIndex((metric) => typeof metric !== "number" || Number.isNaN(metric));
  if (wrong !== -1) throw new Refusal(`${name}: metric ${wrong + 1} is not a number`);
  return metrics as number[];
}

function numbersIn(text: string): number[] {
  return text === "" ? [] : text.split(/\s+/).map(Number);
}

function parseList(text: string, name: string): unknown[] {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${name}: ${(error as Error).message}`);
  }
}
