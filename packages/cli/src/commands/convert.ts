import { Command, Option } from "commander";
import { type LengthArguments, SPEC_HELP, stepsPerEpochOption, totalOption } from "../options.ts";

export const LANGUAGES = ["python", "typescript", "json"] as const;

export interface ConvertArguments extends LengthArguments {
  readonly to: (typeof LANGUAGES)[number];
}

export const convert = new Command("convert")
  .description("write a schedule as code or as JSON")
  .argument("<spec>", SPEC_HELP)
  .addOption(
    new Option("-t, --to <language>", "what to write").choices(LANGUAGES).makeOptionMandatory(),
  )
  .addOption(
    totalOption(
      "how many steps it is to have: shares are of these, and what has none is stretched",
    ),
  )
  .addOption(stepsPerEpochOption())
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim convert schedule.json --to python
  $ torch-optim convert schedule.yaml --to json
  $ torch-optim convert "linear:10 > cosine:90" --to json > schedule.json
  $ torch-optim convert "linear:10 > cosine:90" --total 5000 --to json`,
  )
  .action(async (spec: string, options: ConvertArguments) => {
    const { runConvert } = await import("../actions/convert.ts");
    await runConvert(spec, options);
  });
