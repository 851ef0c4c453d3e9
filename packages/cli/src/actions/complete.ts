import { script } from "@bomb.sh/tab";
import type { Argument, Command, Option } from "commander";
import { SHELLS } from "../commands/complete.ts";
import { mustBeKnown } from "../nearest.ts";
import { WrongUsage } from "../refusal.ts";

/** Something that may stand at a place, and what it is. */
type Offer = readonly [value: string, about: string];

/** How what is offered ends: with the shell's own offers of files, or without. */
const FILES = ":0";
const NO_FILES = ":4";

// The library's own needs a further package, evaluates what was typed, and knows no files.
const BASH = `_torch_optim() {
  local value about
  COMPREPLY=()
  while IFS=$'\\t' read -r value about; do
    [[ $value == :* ]] || COMPREPLY+=("$value")
  done < <(torch-optim complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _torch_optim torch-optim`;

/** Answers a shell that asks `complete -- words`, or prints what makes it ask. */
export async function runComplete({ parent, args }: Command): Promise<void> {
  const [, dashes, ...words] = process.argv.slice(2);
  if (dashes === "--" && parent) {
    const offers = await offersFor(parent, words);
    for (const [value, about] of offers ?? []) console.log(`${value}\t${about}`);
    console.log(offers === undefined ? FILES : NO_FILES);
    return;
  }
  const [shell] = args;
  if (shell === undefined) throw new WrongUsage(`say for which shell: ${SHELLS.join(", ")}`);
  mustBeKnown("shell", shell, SHELLS, "torch-optim complete --help");
  if (shell === "bash") console.log(BASH);
  else script(shell, "torch-optim", "torch-optim");
}

/** What may stand where the last of the words does; undefined for a file. */
async function offersFor(program: Command, words: readonly string[]): Promise<Offer[] | undefined> {
  // Bash takes "--to=py" for three words, others for one.
  const parts = words
    .flatMap((word) => word.split(/(?<=^--[\w-]+)=/))
    .filter((word) => word !== "=");

  const typed = words.at(-1) === "=" ? "" : (parts.pop() ?? "");
  const offers = await allOffers(program, parts, typed);
  return offers?.filter(([value]) => value.startsWith(typed));
}

async function allOffers(
  program: Command,
  [name, ...before]: readonly string[],
  typed: string,
): Promise<Offer[] | undefined> {
  const commands = program.createHelp().visibleCommands(program);
  if (name === undefined) {
    return typed.startsWith("-") ? optionsOf(program) : commands.map(toOffer);
  }
  const command = commands.find((one) => one.name() === name);
  if (command === undefined) return [];
  const previous = optionCalled(command, before.at(-1));
  if (previous?.required) return valuesOf(previous);
  if (typed.startsWith("-")) return optionsOf(command);
  const position = operands(command, before);
  const argument = command.registeredArguments[position] ?? lastIfVariadic(command);
  if (argument === undefined) return [];
  return name === "help" ? commands.map(toOffer) : argumentsFor(argument);
}

function toOffer(command: Command): Offer {
  return [command.name(), command.description()];
}

function optionsOf(command: Command): Offer[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, description }) => [long ?? "", description]);
}

/** The values of an option; undefined for files, and for what is not known. */
function valuesOf({ argChoices, flags }: Option): Offer[] | undefined {
  if (argChoices) return argChoices.map((choice) => [choice, ""]);
  return flags.includes("<file>") ? undefined : [];
}

/** How many of the words are neither options nor their values. */
function operands(command: Command, words: readonly string[]): number {
  return words.filter(
    (word, i) => !word.startsWith("-") && !optionCalled(command, words[i - 1])?.required,
  ).length;
}

function optionCalled({ options }: Command, word: string | undefined): Option | undefined {
  return options.find(({ long, short }) => word !== undefined && (word === long || word === short));
}

function lastIfVariadic({ registeredArguments }: Command): Argument | undefined {
  return registeredArguments.findLast(({ variadic }) => variadic);
}

/** What may stand for an argument, by its name; undefined for a file. */
async function argumentsFor(argument: Argument): Promise<Offer[] | undefined> {
  switch (argument.name()) {
    case "shell":
      return SHELLS.map((shell) => [shell, ""]);
    case "name": {
      const { EXAMPLES } = await import("../examples.ts");
      const { PRESETS } = await import("torch-optim/lr_scheduler");
      return Object.entries({ ...PRESETS, ...EXAMPLES }).map(([name, { about }]) => [name, about]);
    }
    case "scheduler": {
      const { describe_schedulers } = await import("torch-optim/lr_scheduler");
      return describe_schedulers().flatMap(({ type, short_names, meaning = "" }) =>
        [type, ...short_names].map((name): Offer => [name, meaning]),
      );
    }
    default:
      return undefined;
  }
}
