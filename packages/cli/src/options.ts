import { InvalidArgumentError, Option } from "commander";
import { MOST_EPOCHS } from "./curve.ts";

/** As many steps as a schedule may be written for. */
const MOST_STEPS = 1e12;

/** What decides the curves of a command, as it was typed. */
export interface CurveArguments extends LengthArguments {
  readonly epochs?: number;
  readonly lr?: readonly number[];
  /** The parameter groups, as JSON or in a file. */
  readonly groups?: string;
  /** The file with the metrics. */
  readonly metrics?: string;
}

export const SPEC_HELP =
  'a file, "-" for standard input, or the short form, as "linear:10 > cosine:90"';

export function epochsOption(): Option {
  return new Option(
    "-e, --epochs <n>",
    "how many epochs (default: as many as the schedule is made for, or 100)",
  ).argParser((text) => parseWhole(text, 1, MOST_EPOCHS));
}

export function lrOption(): Option {
  return new Option("-l, --lr <number>", "base lr, or one for each parameter group: 0.1,0.01")
    .argParser(parseLrs)
    .default(undefined, "0.1; 1 for a recipe");
}

export function groupsOption(): Option {
  return new Option(
    "-g, --groups <json>",
    'parameter groups with names and base values: \'[{"name":"bias","lr":0.1},{"weight_decay":0.5}]\', or a file',
  );
}

/** What shares and epochs in a spec are counted by, as it was typed. */
export interface LengthArguments {
  readonly total?: number;
  readonly stepsPerEpoch?: number;
}

export function totalOption(help = "how many steps the whole has, for lengths such as 5%"): Option {
  return new Option("--total <n>", help).argParser((text) => parseWhole(text, 1, MOST_STEPS));
}

export function stepsPerEpochOption(): Option {
  return new Option(
    "--steps-per-epoch <n>",
    "how many steps an epoch has, for lengths such as 2ep",
  ).argParser((text) => parseWhole(text, 1, MOST_STEPS));
}

export function metricsOption(): Option {
  return new Option(
    "-m, --metrics <file>",
    "what ReduceLROnPlateau goes by, one for each epoch: a number a line, or a JSON list",
  );
}

/** Reads a whole number within bounds. */
export function parseWhole(text: string, min: number, max: number): number {
  const number = Number(text);
  if (!/\d/.test(text) || !Number.isInteger(number) || number < min || number > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  }
  return number;
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
