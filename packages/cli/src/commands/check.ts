import { Command } from "commander";
import { SPEC_HELP } from "../options.ts";

export const check = new Command("check")
  .description("say everything that is wrong with specs")
  .argument("<spec...>", SPEC_HELP)
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim check schedules/*.json schedules/*.yaml
  $ torch-optim check "linear:10 > cosine:90"`,
  )
  .action(async (specs: string[]) => {
    const { runCheck } = await import("../actions/check.ts");
    await runCheck(specs);
  });
