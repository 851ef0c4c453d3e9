import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { complaints } from "./support/compile.ts";
import { run } from "./support/run.ts";

const root = join(import.meta.dirname, "../../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const page = readFileSync(join(root, "packages/torch-optim/README.md"), "utf8");

const IMPORTS = /^import .*\n/gm;
const PRELUDE = `import * as torch from "torch-optim";
declare const params: torch.Parameter[];
declare const optimizer: torch.optim.AdamW;
declare const scheduler: torch.optim.SequentialLR;
`;

const [first, ...others] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

/** An example that speaks of the first one's constants, as a module of its own. */
function module_of(code: string): string {
  const imports = code.match(IMPORTS)?.join("") ?? "";
  const prelude = imports.includes("* as torch") ? "" : PRELUDE;
  return `${prelude}${imports}export function example() {\n${code.replace(IMPORTS, "")}}\n`;
}

describe("README.md", () => {
  test("its examples compile under strict", () => {
    expect(others.length).toBeGreaterThan(3);
    expect(complaints([first, ...others.map(module_of)])).toEqual([]);
    expect(complaints([`${first}\nscheduler.stepp();`])).toHaveLength(1);
  });

  test("its checkpoint goes on bit for bit, parameters included", () => {
    const folder = mkdtempSync(join(tmpdir(), "torch-optim-readme-"));
    const resuming = others.find((code) => code.includes("function load(")) ?? "";
    const training = first.replace(
      /\/\/ … compute.*/,
      "params[0].grad = params[0].data.map(slope);",
    );
    const program = (loop: string, end: string) =>
      `${resuming}${training.replace(/for \(let epoch = 0; epoch < 100/, loop)}
      function slope(x: number, i: number) { return x - i / 7; }
      ${end}`;
    const print = `console.log(JSON.stringify([
      [...params[0].data], optimizer.state_dict(), scheduler.state_dict(),
    ]));`;

    const whole = run(program("for (let epoch = 0; epoch < 100", print), folder);
    run(program("for (let epoch = 0; epoch < 40", 'save("a.json");'), folder);
    const resumed = 'load("a.json");\nfor (let epoch = scheduler.last_epoch; epoch < 100';
    expect(run(program(resumed, print), folder)).toBe(whole);
  });
});

describe("the package's page", () => {
  test("begins as README.md does, up to how to install it", () => {
    const [screen] = readme.split("\nSee it train");
    expect(screen).toContain("npm install torch-optim");
    const text = (markdown: string) => markdown.replaceAll(/\]\(.*?\)/g, "]()");
    expect(text(page).startsWith(text(screen))).toBe(true);
  });

  test("leads to every page of the documentation", () => {
    // The start page, the studio and the list of versions are pages of the site alone.
    const of_the_site = new Set(["index.md", "studio.md", "changes.md"]);
    const pages = readdirSync(join(root, "docs")).filter(
      (name) => name.endsWith(".md") && !of_the_site.has(name),
    );
    expect(pages.filter((name) => !page.includes(`/docs/${name})`))).toEqual([]);
  });

  test("leads to nothing that is not there", () => {
    const place =
      /https:\/\/(?:github|raw\.githubusercontent)\.com\/torch-optim\/torch-optim\/(?:(?:blob|tree)\/)?main\/(.*?)[#)]/g;
    for (const [, path] of page.matchAll(place)) expect(existsSync(join(root, path))).toBe(true);
  });
});
