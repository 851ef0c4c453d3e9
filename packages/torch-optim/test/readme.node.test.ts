import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import pytorch from "./fixtures/where_we_leave_pytorch.json";

const root = join(import.meta.dirname, "../../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

const PRELUDE = `import * as torch from "torch-optim";
declare const optimizer: torch.optim.AdamW;
declare const scheduler: torch.optim.SequentialLR;
`;

/** The TypeScript examples, the first with its own import, the others in terms of its names. */
function examples(): string[] {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  const [first, ...others] = blocks;
  return [first, ...others.map((code) => `${PRELUDE}export function example() {\n${code}}\n`)];
}

/** What the compiler says of sources that stand beside this file. */
function complaints(sources: readonly string[]): string[] {
  const names = sources.map((_, i) => join(import.meta.dirname, `readme_${i}.ts`));
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const unused = { noUnusedLocals: false };
  const host = ts.createCompilerHost({ ...options, ...unused });
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) => {
    const i = names.indexOf(name);
    return i < 0 ? read(name, version, ...rest) : ts.createSourceFile(name, sources[i], version);
  };
  const program = ts.createProgram(names, { ...options, ...unused }, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("README.md", () => {
  test("its examples compile under strict", () => {
    const sources = examples();
    expect(sources.length).toBeGreaterThan(3);
    expect(complaints(sources)).toEqual([]);
    expect(complaints([`${sources[0]}\nscheduler.stepp();`])).toHaveLength(1);
  });

  test("its table has the rows that are tested, in their order", () => {
    const table = /\| --- \| --- \| --- \|\n([\s\S]*?)\n\n/.exec(readme)?.[1] ?? "";
    const rows = table.split("\n").map((line) => line.split("|")[1].replaceAll("`", "").trim());
    expect(rows).toEqual(pytorch.rows.map(({ composition }) => composition));
  });
});
