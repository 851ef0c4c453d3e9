import { readdirSync } from "node:fs";
import type { Complete } from "@bomb.sh/tab";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** Adds the command `complete`, by which shells complete what is typed. */
export function addCompletion(program: Command): void {
  const completion = tab(program);
  for (const command of completion.commands.values()) {
    const spec = command.arguments.get("spec");
    if (spec) spec.handler = offerSpecFiles;
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
