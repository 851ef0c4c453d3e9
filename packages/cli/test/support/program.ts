import { run } from "../../../torch-optim/test/support/run.ts";

const BLOCK = /(?<=^```ts\n)[\s\S]*?(?=^```$)/gm;
const IMPORT = 'import * as torch from "torch-optim";';
/** A call that prints, and the comments below it, which say what. */
const PRINTING = /^( *)(.*?console\.log\([\s\S]*?\);\n)(?: *\/\/.*\n)*/gm;
const COLLECT = `
import { format as $format } from "node:util";
const $printed = [];
const $print = (call, ...values) => ($printed[call] ??= []).push($format(...values));
process.on("exit", () => process.stdout.write(JSON.stringify($printed)));
`;

/**
 * The programs that the TypeScript blocks of a page make up, from top to bottom: where the library is
 * imported again, the next one begins.
 */
export function programsOf(page: string): string[] {
  const programs: string[] = [];
  for (const block of page.match(BLOCK) ?? []) {
    const begins = programs.length === 0 || block.includes(IMPORT);
    programs.push(begins ? block : `${programs.pop()}\n${block}`);
  }
  return programs;
}

/** The page with what its programs print now, below each call that prints. */
export function withOutputs(page: string, folder: string): string {
  return withPrinted(page, (program) => run(program, folder));
}

/** The same of programs that are run in some other way. */
export function withPrinted(page: string, run: (program: string) => string): string {
  const outputs = programsOf(page).flatMap((program) => printed(program, run));
  let call = 0;
  return page.replace(BLOCK, (block) =>
    block.replace(PRINTING, (_, indent: string, printing: string) => {
      const lines = outputs[call++].join("\n").trimEnd().split("\n");
      const comments = lines.map((line) => `${indent}${`// ${line}`.trimEnd()}\n`);
      return indent + printing + comments.join("");
    }),
  );
}

/** What each call in a program's text has printed. */
function printed(program: string, run: (program: string) => string): string[][] {
  let call = 0;
  const numbered = program.replaceAll("console.log(", () => `$print(${call++}, `);
  return JSON.parse(run(COLLECT + numbered));
}
