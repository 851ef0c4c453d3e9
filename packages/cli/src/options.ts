import { InvalidArgumentError, Option } from "commander";
import { Refusal } from "./refusal.ts";
import { readText } from "./spec_source.ts";

/** What decides a curve beside its spec. */
export interface CurveOptions {
  readonly epochs: number;
  readonly lr: readonly number[];
  readonly metrics?: readonly number[];
}

const MOST_EPOCHS = 10_000_000;

export const SPEC_HELP =
  'a file, "-" for standard input, or the short form, as "linear:10 > cosine:90"';

export function epochsOption(): Option {
  return new Option("-e, --epochs <n>", "how many epochs").argParser(parseEpochs).default(100);
}

export function lrOption(): Option {
  return new Option("-l, --lr <number>", "base lr, or one for each parameter group: 0.1,0.01")
    .argParser(parseLrs)
    .default([0.1], "0.1");
}

export function metricsOption(): Option {
  return new Option(
    "-m, --metrics <file>",
    "what ReduceLROnPlateau goes by, one for each epoch: a number a line, or a JSON list",
  ).argParser(readMetrics);
}

function parseEpochs(text: string): number {
  const epochs = Number(text);
  if (!/\d/.test(text) || !Number.isInteger(epochs) || epochs < 1 || epochs > MOST_EPOCHS) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_EPOCHS}.`);
  }
  return epochs;
}

function parseLrs(text: string): number[] {
  const lrs = text.split(",").map(Number);
  if (
    text.split(",").some((part) => !/\d/.test(part)) ||
    !lrs.every((lr) => lr > 0 && lr < Infinity)
  ) {
    throw new InvalidArgumentError("It must be a number above 0, or several with commas between.");
  }
  return lrs;
}

function readMetrics(file: string): number[] {
  const text = file === "-" ? readText(0, "standard input") : readText(file, file);
  // Trimmed of a byte order mark, too.
  const trimmed = text.trim();
  const metrics = trimmed.startsWith("[")
    ? parseList(trimmed, file)
    : trimmed.split(/\s+/).map(Number);
  const wrong = metrics.findIndex((metric) => typeof metric !== "number" || Number.isNaN(metric));
  if (wrong !== -1) throw new Refusal(`${file}: metric ${wrong + 1} is not a number`);
  return metrics;
}

function parseList(text: string, file: string): number[] {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${file}: ${(error as Error).message}`);
  }
}
