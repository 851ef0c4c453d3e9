import { Argument, Command } from "commander";
import { EXAMPLES } from "../examples.ts";
import { alignColumns } from "../terminal/columns.ts";

export const example = new Command("example")
  .description("print a ready spec, or the names of those there are")
  .addArgument(new Argument("[name]", "which").choices(Object.keys(EXAMPLES)))
  .addHelpText(
    "after",
    `
Examples:
  $ torch-optim example
  $ torch-optim example warmup-cosine > schedule.json
  $ torch-optim example one-cycle | torch-optim plot -`,
  )
  .action(run);

function run(name: string | undefined): void {
  if (name === undefined) {
    const rows = Object.entries(EXAMPLES).map(([key, { about }]) => [key, about]);
    console.log(alignColumns(["name", "schedule"], rows));
  } else {
    console.log(JSON.stringify(EXAMPLES[name].spec, null, 2));
  }
}
