// Installs the packages as they would be published into an empty project, type-checks a program with
// the library there under strict, and runs it, by import and by require; then runs the command.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const folder = mkdtempSync(join(tmpdir(), "torch-optim-package-"));
// The published files are to be found, not the workspace's sources.
const env = { ...process.env, NODE_OPTIONS: "" };

function run(command: string, args: readonly string[], cwd = folder): string {
  return execFileSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Packs a package as for publishing; gives the path of the file. */
function pack(name: string): string {
  const args = ["pack", "--silent", "--pack-destination", folder];
  return join(folder, run("npm", args, join(root, "packages", name)).trim());
}

/** The first TypeScript example of the README, on two parameters. */
function program(): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  return `${example}
import { SequentialLR } from "torch-optim/lr_scheduler";
import { AdamW } from "torch-optim/optim";
if (!(scheduler instanceof SequentialLR) || !(optimizer instanceof AdamW)) throw new Error("another class");
console.log(JSON.stringify(scheduler.get_last_lr()), scheduler.last_epoch);
`;
}

const REQUIRE = `const torch = require("torch-optim");
const optimizer = new torch.optim.SGD([new torch.Parameter([1, 2])], { lr: 0.1 });
new torch.optim.StepLR(optimizer, { step_size: 2 });
console.log(require("torch-optim/lr_scheduler").StepLR === torch.optim.StepLR);
`;

try {
  const tarballs = ["torch-optim", "cli"].map(pack);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"];
  run("npm", ["install", ...quiet, ...tarballs]);
  writeFileSync(join(folder, "program.ts"), program());
  writeFileSync(join(folder, "program.cjs"), REQUIRE);
  for (const [module, resolution] of [
    ["node16", "node16"],
    ["esnext", "bundler"],
  ]) {
    const options = [
      "--strict",
      "--noUncheckedIndexedAccess",
      "--exactOptionalPropertyTypes",
      "--target",
      "es2022",
    ];
    run(process.execPath, [
      tsc,
      ...options,
      "--module",
      module,
      "--moduleResolution",
      resolution,
      "program.ts",
    ]);
    console.log(`types under ${resolution}: ok`);
  }
  console.log(`import: ${run(process.execPath, ["program.js"]).trim()}`);
  console.log(`require: ${run(process.execPath, ["--no-warnings", "program.cjs"]).trim()}`);
  const schedule = "linear:10 > cosine:90";
  run("npx", ["torch-optim", "plot", schedule, "--svg", "plot.svg", "--png", "plot.png"]);
  console.log(`command:\n${run("npx", ["torch-optim", "table", schedule])}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
