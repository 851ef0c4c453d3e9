import { Command, Option } from "commander";
import {
  type CurveArguments,
  epochsOption,
  groupsOption,
  lrOption,
  metricsOption,
  SPEC_HELP,
  stepsPerEpochOption,
  totalOption,
} from "../options.ts";

export const FORMATS = ["text", "csv", "json"] as const;

export interface TableArguments extends CurveArguments {
  readonly all?: boolean;
  readonly format: (typeof FORMATS)[number];
}

export const table = new Command("table")
  .description("print the learning rate epoch by epoch")
  .argument("<spec>", SPEC_HELP)
  .addOption(epochsOption())
  .addOption(lrOption())
  .addOption(groupsOption())
  .addOption(metricsOption())
  .addOption(totalOption())
  .addOption(stepsPerEpochOption())
  .option("-a, --all", "all epochs, not those alone at which something happens")
  .addOption(new Option("-f, --format <name>", "what to print").choices(FORMATS).default("text"))
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim table "linear:10 > cosine:90"
  $ torch-optim table schedule.json --all --format csv > schedule.csv
  $ torch-optim table schedule.json --lr 0.1,0.01 --format json`,
  )
  .action(async (spec: string, options: TableArguments) => {
    const { runTable } = await import("../actions/table.ts");
    await runTable(spec, options);
  });
