#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import manifest from "../package.json";
import { check } from "./commands/check.ts";
import { complete } from "./commands/complete.ts";
import { convert } from "./commands/convert.ts";
import { example } from "./commands/example.ts";
import { list } from "./commands/list.ts";
import { plot } from "./commands/plot.ts";
import { table } from "./commands/table.ts";
import { printableLines } from "./printable.ts";
import { Refusal, WrongUsage } from "./refusal.ts";

const REFUSED = 1;
const WRONG_USAGE = 2;

const program = new Command("torch-optim")
  .description("Look at learning-rate schedules before you train.")
  .version(manifest.version, "-V, --version", "print the version")
  .helpOption("-h, --help", "print this help")
  .helpCommand("help [command]", "print a command's help")
  .exitOverride()
  .configureOutput({
    outputError: (text, write) => write(printableLines(text.replace(/^error: /, "torch-optim: "))),
  })
  .addHelpText(
    "after",
    `
Start with:
  $ torch-optim plot "linear:10 > cosine:90"
  $ torch-optim example warmup-cosine > schedule.json
  $ torch-optim help plot`,
  );

for (const command of [plot, table, check, convert, list, example, complete]) {
  program.addCommand(command.copyInheritedSettings(program));
}
complete.allowExcessArguments(); // Shells ask it with all the words of a line.

// Whoever reads has gone, as after `| head`: there is nobody left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  } else if (error instanceof Refusal) {
    console.error(printableLines(error.message));
    process.exitCode = error instanceof WrongUsage ? WRONG_USAGE : REFUSED;
  } else {
    throw error;
  }
}
