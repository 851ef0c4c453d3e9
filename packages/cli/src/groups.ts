import { existsSync } from "node:fs";
import type { SimulatedGroup } from "torch-optim/lr_scheduler";
import { printable } from "./printable.ts";
import { readText } from "./read_text.ts";
import { Refusal } from "./refusal.ts";

const MOST_BYTES = 1_000_000;

/** Reads `--groups`: a list of parameter groups as JSON, or the name of a file that has one. */
export function readGroups(argument: string): SimulatedGroup[] {
  const isFile = !/^\s*\[/.test(argument) && existsSync(argument);
  const text = isFile ? readText(argument, printable(argument), MOST_BYTES) : argument;
  const groups = parse(text);
  if (Array.isArray(groups) && groups.length > 0 && groups.every(isGroup)) return groups;
  throw new Refusal(`--groups must be a JSON list of objects with numbers, got ${shown(argument)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isGroup(value: unknown): value is SimulatedGroup {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, option]) =>
    key === "name" ? typeof option === "string" : typeof option !== "string",
  );
}

function shown(argument: string): string {
  return printable(argument.length > 60 ? `${argument.slice(0, 60)}…` : argument);
}
