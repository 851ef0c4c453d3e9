import { run } from "../../../torch-optim/test/support/run.ts";

const BLOCK = /(?<=^```ts\n)[\s\S]*?(?=^```$)/gm;
/** A call that prints, and the comments below it, which say what. */
const PRINTING = /^( *)(.*?console\.log\([\s\S]*?\);\n)(?: *\/\/.*\n)*/gm;
const COLLECT = `
import { format as $format } from "node:util";
const $printed = [];
const $print = (call, ...values) => ($printed[call] ??= []).push($format(...values));
process.on("exit", () => process.stdout.write(JSON.stringify($printed)));
`;

/** The one program that the TypeScript blocks of a page make up, from top to bottom. */
export function programOf(page: string): string {
  return page.match(BLOCK)?.join("\n") ?? "";
}

/** The page with what its program prints now, below each call that prints. */
export function withOutputs(page: string, folder: string): string {
  const outputs = printed(programOf(page), folder);
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
function printed(program: string, folder: string): string[][] {
  let call = 0;
  const numbered = program.replaceAll("console.log(", () => `$print(${call++}, `);
  return JSON.parse(run(COLLECT + numbered, folder));
}
