import { readdirSync } from "node:fs";
import type { Complete } from "@bomb.sh/tab";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { describe_schedulers } from "torch-optim/lr_scheduler";

/** What is offered for an argument, by its name. */
const OFFERS: Readonly<Record<string, (complete: Complete) => void>> = {
  spec: offerSpecFiles,
  scheduler: offerSchedulers,
};

/** Adds the command `complete`, by which shells complete what is typed. */
export function addCompletion(program: Command): void {
  const completion = tab(program);
  for (const command of completion.commands.values()) {
    for (const [name, argument] of command.arguments) {
      argument.handler = OFFERS[name] ?? argument.handler;
    }
  }
  program.commands
    .find((command) => command.name() === "complete")
    ?.description("print what makes a shell complete this command");
}

function offerSpecFiles(complete: Complete): void {
  for (const file of readdirSync(".")) {
    if (file.endsWith(".json")) complete(file, "a file");
  }
}

function offerSchedulers(complete: Complete): void {
  for (const { type, short_names, meaning = "" } of describe_schedulers()) {
    for (const name of [type, ...short_names]) complete(name, meaning);
  }
}
