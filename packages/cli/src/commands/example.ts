import { Command } from "commander";

export const example = new Command("example")
  .description("print a ready spec, or the names of those there are")
  .argument("[name]", "which")
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim example
  $ torch-optim example warmup-cosine > schedule.json
  $ torch-optim example one-cycle | torch-optim plot -
  $ torch-optim example nanogpt | torch-optim convert - --to python`,
  )
  .action(async (name: string | undefined) => {
    const { runExample } = await import("../actions/example.ts");
    runExample(name);
  });
