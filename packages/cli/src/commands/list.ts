import { Command } from "commander";

export const list = new Command("list")
  .description("print the schedulers with their options")
  .argument("[scheduler...]", "only these, by either name")
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim list
  $ torch-optim list StepLR cosine`,
  )
  .action(async (names: string[]) => {
    const { runList } = await import("../actions/list.ts");
    runList(names);
  });
