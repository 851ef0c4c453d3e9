import { Command } from "commander";

export const list = new Command("list")
  .description("print the schedulers with their options")
  .argument("[scheduler...]", "only these, by either name")
  .option("--presets", "the schedules of known systems instead, with their sources")
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim list
  $ torch-optim list StepLR cosine
  $ torch-optim list --presets`,
  )
  .action(async (names: string[], { presets }: { presets?: boolean }) => {
    const { runList, runListPresets } = await import("../actions/list.ts");
    if (presets) runListPresets();
    else runList(names);
  });
