import { Command } from "commander";
import { type LengthArguments, SPEC_HELP, stepsPerEpochOption, totalOption } from "../options.ts";

export const check = new Command("check")
  .description("say everything that is wrong with specs")
  .argument("<spec...>", SPEC_HELP)
  .addOption(totalOption())
  .addOption(stepsPerEpochOption())
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim check schedules/*.json schedules/*.yaml
  $ torch-optim check "linear:10 > cosine:90"
  $ torch-optim check "linear:5% > cosine:95%" --total 1000`,
  )
  .action(async (specs: string[], lengths: LengthArguments) => {
    const { runCheck } = await import("../actions/check.ts");
    await runCheck(specs, lengths);
  });
