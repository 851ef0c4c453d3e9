import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import pytorch from "./fixtures/where_we_leave_pytorch.json";
import { complaints } from "./support/compile.ts";

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

describe("README.md", () => {
  test("its examples compile under strict", () => {
    const sources = examples();
    expect(sources.length).toBeGreaterThan(3);
    expect(complaints(sources)).toEqual([]);
    expect(complaints([`${sources[0]}\nscheduler.stepp();`])).toHaveLength(1);
  });

  test("its first example is that of the package's page too", () => {
    const page = readFileSync(join(root, "packages/torch-optim/README.md"), "utf8");
    expect(page).toContain(examples()[0]);
  });

  test("its table has the rows that are tested, in their order", () => {
    const table = /\| --- \| --- \| --- \|\n([\s\S]*?)\n\n/.exec(readme)?.[1] ?? "";
    const rows = table.split("\n").map((line) => line.split("|")[1].replaceAll("`", "").trim());
    expect(rows).toEqual(pytorch.rows.map(({ composition }) => composition));
  });
});
