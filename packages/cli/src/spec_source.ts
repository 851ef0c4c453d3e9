import { existsSync } from "node:fs";
import {
  check_spec,
  parse_spec,
  type Spec,
  SpecError,
  SpecSyntaxError,
} from "torch-optim/lr_scheduler";
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

/** Reads a SPEC argument: a file, `-` for standard input, or the spec itself in its short form. */
export async function readSpec(argument: string): Promise<NamedSpec> {
  const name = printable(argument);
  if (argument === STANDARD_INPUT) {
    const text = readText(0, "standard input", MOST_BYTES);
    return parse("standard input", () => parse_spec(text));
  }
  if (existsSync(argument)) {
    const text = readText(argument, name, MOST_BYTES);
    if (!YAML.test(argument)) return parse(name, () => parse_spec(text));
    const { parseYaml } = await import("./yaml.ts");
    const data = parseYaml(text, name);
    return parse(name, () => (typeof data === "string" ? parse_spec(data) : checked(data)));
  }
  if (FILE.test(argument)) throw new Refusal(`${name}: there is no such file or folder`);
  try {
    return { name, spec: parse("", () => parse_spec(argument)).spec };
  } catch (error) {
    // A single word may have been meant for a file.
    const isWord = error instanceof Refusal && /^\w+$/.test(argument);
    if (isWord) error.message = error.message.replace(/^no scheduler/, "no scheduler or file");
    throw error;
  }
}

function checked(data: unknown): Spec {
  const problems = check_spec(data);
  if (problems.length > 0) throw new SpecError(problems);
  return data as Spec;
}

function parse(name: string, read: () => Spec): NamedSpec {
  try {
    return { name, spec: read() };
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
  return message.replace("describe_schedulers() has", "`torch-optim list` has");
}
