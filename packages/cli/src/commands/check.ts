import { Command } from "commander";
import { SPEC_HELP } from "../options.ts";
import { Refusal } from "../refusal.ts";
import { readSpec } from "../spec_source.ts";

export const check = new Command("check")
  .description("say everything that is wrong with specs")
  .argument("<spec...>", SPEC_HELP)
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim check schedules/*.json
  $ torch-optim check "linear:10 > cosine:90"`,
  )
  .action(run);

function run(specs: readonly string[]): void {
  for (const spec of specs) {
    try {
      console.log(`${readSpec(spec).name}: ok`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      console.log(error.message);
      process.exitCode = 1;
    }
  }
}
