import { existsSync } from "node:fs";
import {
  check_spec,
  type Lengths,
  parse_spec,
  type Spec,
  SpecError,
  SpecSyntaxError,
} from "torch-optim/lr_scheduler";
import type { LengthArguments } from "./options.ts";
import { printable } from "./printable.ts";
import { readText } from "./read_text.ts";
import { Refusal } from "./refusal.ts";

const STANDARD_INPUT = "-";
const MOST_BYTES = 4_000_000;
const YAML = /\.ya?ml$/i;
/** What is called so is meant as a file, whether it is there or not. */
const FILE = /\.[a-z]\w*$|^[^()[\]{}<>"]*[\\/][^()[\]{}<>"]*$/i;

/** A spec and what the user called it. */
export interface NamedSpec {
  readonly name: string;
  readonly spec: Spec;
}

/** A spec as it was read, its lengths resolved. */
export interface ReadSpec extends NamedSpec {
  /** Whether it has lengths that are shares of a total. */
  readonly hasShares: boolean;
}

/** Reads a SPEC argument: a file, `-` for standard input, or the spec itself in its short form. */
export async function readSpec(
  argument: string,
  { total, stepsPerEpoch }: LengthArguments = {},
): Promise<ReadSpec> {
  const lengths = { total, steps_per_epoch: stepsPerEpoch };
  const name = printable(argument);
  if (argument === STANDARD_INPUT) {
    const text = readText(0, "standard input", MOST_BYTES);
    return parse("standard input", lengths, (own) => parse_spec(text, own));
  }
  if (existsSync(argument)) {
    const text = readText(argument, name, MOST_BYTES);
    if (!YAML.test(argument)) return parse(name, lengths, (own) => parse_spec(text, own));
    const { parseYaml } = await import("./yaml.ts");
    const data = parseYaml(text, name);
    return parse(name, lengths, (own) =>
      typeof data === "string" ? parse_spec(data, own) : checked(data, own),
    );
  }
  if (FILE.test(argument)) throw new Refusal(`${name}: there is no such file or folder`);
  try {
    return { ...parse("", lengths, (own) => parse_spec(argument, own)), name };
  } catch (error) {
    // A single word may have been meant for a file.
    const isWord = error instanceof Refusal && /^\w+$/.test(argument);
    if (isWord) error.message = error.message.replace(/^no scheduler/, "no scheduler or file");
    throw error;
  }
}

function checked(data: unknown, lengths: Lengths): Spec {
  const problems = check_spec(data, lengths);
  if (problems.length > 0) throw new SpecError(problems);
  // What is sound can be read as JSON, which resolves its lengths.
  return parse_spec(JSON.stringify(data), lengths);
}

function parse(name: string, lengths: Lengths, read: (own: Lengths) => Spec): ReadSpec {
  const { total, ...others } = lengths;
  if (total !== undefined) {
    try {
      return { name, spec: read(others), hasShares: false };
    } catch {
      // It has shares, or is wrong: then it is wrong with a total too.
    }
  }
  try {
    return { name, spec: read(lengths), hasShares: total !== undefined };
  } catch (error) {
    throw new Refusal(explain(error, name && `${name}: `));
  }
}

/** Every mistake on a line of its own, with the file's name before it. */
function explain(error: unknown, prefix: string): string {
  if (error instanceof SpecSyntaxError) return prefix + inTermsOfCommands(error.message);
  if (!(error instanceof SpecError)) throw error;
  return error.problems
    .map(({ path, message }) => `${prefix}${path}: ${inTermsOfCommands(message)}`)
    .join("\n");
}

function inTermsOfCommands(message: string): string {
  return message
    .replace("describe_schedulers() has", "`torch-optim list` has")
    .replace(/needs total, got none$/gm, "needs --total, got none")
    .replace(/needs steps_per_epoch, got none$/gm, "needs --steps-per-epoch, got none");
}
