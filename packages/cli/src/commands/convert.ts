import { Command, Option } from "commander";
import { type SchedulerSpec, to_python, to_typescript } from "torch-optim/lr_scheduler";
import { SPEC_HELP } from "../options.ts";
import { readSpec } from "../spec_source.ts";

const LANGUAGES = {
  python: to_python,
  typescript: to_typescript,
  json: (spec: SchedulerSpec) => JSON.stringify(spec, null, 2),
};

export const convert = new Command("convert")
  .description("write a schedule as code or as JSON")
  .argument("<spec>", SPEC_HELP)
  .addOption(
    new Option("-t, --to <language>", "what to write")
      .choices(Object.keys(LANGUAGES))
      .makeOptionMandatory(),
  )
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim convert schedule.json --to python
  $ torch-optim convert "linear:10 > cosine:90" --to json > schedule.json`,
  )
  .action(run);

function run(spec: string, { to }: { to: keyof typeof LANGUAGES }): void {
  console.log(LANGUAGES[to](readSpec(spec).spec).trimEnd());
}
