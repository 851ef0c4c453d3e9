import { existsSync, readFileSync } from "node:fs";
import {
  parse_spec,
  type SchedulerSpec,
  SpecError,
  SpecSyntaxError,
} from "torch-optim/lr_scheduler";
import { printable, Refusal } from "./refusal.ts";

const STANDARD_INPUT = "-";

/** A spec and what the user called it. */
export interface NamedSpec {
  readonly name: string;
  readonly spec: SchedulerSpec;
}

/** Reads a SPEC argument: a file, `-` for standard input, or the spec itself in its short form. */
export function readSpec(argument: string): NamedSpec {
  if (argument === STANDARD_INPUT) return parse("standard input", readText(0, "standard input"));
  if (existsSync(argument)) return parse(argument, readText(argument, argument));
  if (argument.endsWith(".json")) throw new Refusal(`${argument}: there is no such file or folder`);
  return parse(argument, argument);
}

function parse(name: string, text: string): NamedSpec {
  try {
    return { name: printable(name), spec: parse_spec(text) };
  } catch (error) {
    throw new Refusal(explain(error, name === text ? "" : `${name}: `));
  }
}

/** Every mistake on a line of its own, with the file's name before it. */
function explain(error: unknown, prefix: string): string {
  if (error instanceof SpecSyntaxError) return prefix + error.message;
  if (!(error instanceof SpecError)) throw error;
  return error.problems.map(({ path, message }) => `${prefix}${path}: ${message}`).join("\n");
}

export function readText(file: string | 0, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Refusal(`${name}: ${reason(error)}`);
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "is a folder",
  ENOTDIR: "there is no such folder",
  EACCES: "permission denied",
};

/** Why a file could not be read or written, in words. */
export function reason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
