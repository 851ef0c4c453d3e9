// Measures what bundlers keep of the built package for a small import, minified and gzipped. It says
// where that is more than the bars of the project allow, and fails where it is more than it was.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import nodeResolve from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";

/**
 * What a program uses, the subpath that has it, the most bytes that a bundler should keep, and how
 * many none may: the bars are missed so far.
 */
const BARS = [
  {
    names: ["SequentialLR", "LinearLR", "CosineAnnealingLR"],
    from: "lr_scheduler",
    bar: 5200,
    most: 6750,
  },
  { names: ["SGD"], from: "optim", bar: 6000, most: 6970 },
  { names: ["AdamW"], from: "optim", bar: 7000, most: 7000 },
] as const;

const root = join(import.meta.dirname, "..");
// Bundlers find the package from here as they would in a project that has installed it.
const folder = mkdtempSync(join(root, "node_modules", ".size-"));
const entry = join(folder, "entry.js");
const bundle = join(folder, "bundle.js");

/** How each bundler makes the bundle of the entry. */
const BUNDLERS = {
  async rollup() {
    const build = await rollup({ input: entry, plugins: [nodeResolve()] });
    await build.write({ file: bundle, plugins: [terser({ module: true })] });
  },
  vite: () =>
    vite.build({
      root: folder,
      configFile: false,
      logLevel: "error",
      build: {
        outDir: folder,
        emptyOutDir: false,
        modulePreload: false,
        rollupOptions: { input: entry, output: { entryFileNames: "bundle.js" } },
      },
    }),
  webpack: () =>
    new Promise<void>((resolve, reject) => {
      const output = { path: folder, filename: "bundle.js" };
      webpack({ context: folder, mode: "production", entry, output }, (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString("errors-only")));
        else resolve();
      });
    }),
  esbuild: () =>
    esbuild.build({
      entryPoints: [entry],
      outfile: bundle,
      bundle: true,
      minify: true,
      format: "esm",
    }),
};

/** The programs that use the names, by named imports and as the README's first example does. */
function programs(names: readonly string[], from: string): Readonly<Record<string, string>> {
  const through_namespace = names.map((name) => `torch.optim.${name}`);
  return {
    named: `import { ${names} } from "torch-optim/${from}"; globalThis.used = [${names}];`,
    namespace: `import * as torch from "torch-optim"; globalThis.used = [${through_namespace}];`,
  };
}

function gzipped(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

function print(label: string, way: string, cells: readonly (string | number)[]): void {
  console.log(
    label.padEnd(45) + way.padEnd(9) + cells.map((cell) => `${cell}`.padStart(9)).join(""),
  );
}

const missed: string[] = [];
let is_larger = false;
try {
  print("bytes, minified and gzipped", "import", [...Object.keys(BUNDLERS), "bar"]);
  for (const { names, from, bar, most } of BARS) {
    const label = names.join(" + ");
    for (const [way, program] of Object.entries(programs(names, from))) {
      writeFileSync(entry, program);
      const cells: (string | number)[] = [];
      for (const [bundler, build] of Object.entries(BUNDLERS)) {
        await build();
        const bytes = gzipped(bundle);
        // It keeps all that a namespace holds, which no way of building the package can change.
        const has_bar = !(bundler === "esbuild" && way === "namespace");
        cells.push(has_bar ? bytes : `(${bytes})`);
        if (!has_bar || bytes <= bar) continue;
        missed.push(`${label}, ${way}, ${bundler}: ${bytes - bar} bytes over the bar of ${bar}`);
        is_larger ||= bytes > most;
      }
      print(label, way, [...cells, bar]);
    }
  }
  const ready = join(root, "packages", "torch-optim", "dist", "torch-optim.min.js");
  print("torch-optim.min.js", "", [gzipped(ready)]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const each of missed) console.log(each);
if (is_larger) {
  console.error("A bundle has become larger than the most that this check allows.");
  process.exitCode = 1;
}
