import { writeFileSync } from "node:fs";
import { Argument, Command } from "commander";
import { checkpoints } from "./checkpoints.ts";
import { cli } from "./cli.ts";
import { digits } from "./digits.ts";
import { frameworks } from "./frameworks.ts";
import { gpu } from "./gpu.ts";
import { describeMachine } from "./machine.ts";
import { optimizers } from "./optimizers.ts";
import { PyTorch } from "./pytorch.ts";
import { schedulers } from "./schedulers.ts";
import { studio } from "./studio.ts";

const SUITES = { schedulers, optimizers, digits, frameworks, gpu, checkpoints, cli, studio };

const program = new Command("npm run bench --")
  .description("Measures torch-optim beside its peers, all sides in the same run.")
  .addArgument(
    new Argument("[suites...]", "what to measure (default: everything)")
      .choices(Object.keys(SUITES))
      .default(Object.keys(SUITES)),
  )
  .option("-m, --markdown <file>", "also write the results to a file")
  .parse();

const pytorch = await PyTorch.start();
const pages: string[] = [];

function say(markdown: string): void {
  console.log(`${markdown}\n`);
  pages.push(markdown);
}

say(`# Benchmarks

All sides of a comparison were measured in the same run, in turns, so that what else the machine
did fell on all of them alike. Times are medians, and so are ratios, each taken within a turn.
\`npm run bench\` measures anew; \`npm run bench -- --markdown docs/benchmarks.md\` writes this page.

${describeMachine(pytorch?.versions)}`);
for (const name of program.processedArgs[0] as (keyof typeof SUITES)[]) {
  for await (const section of SUITES[name](pytorch)) say(section);
}
await pytorch?.end();

const { markdown } = program.opts<{ markdown?: string }>();
if (markdown) writeFileSync(markdown, `${pages.join("\n\n")}\n`);
