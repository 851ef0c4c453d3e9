// Prints the size of what a bundler keeps for an import, and fails above the bar for a schedule of
// warm-up and cosine.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const BAR = 4096;

const IMPORTS: Record<string, readonly string[]> = {
  "SequentialLR + LinearLR + CosineAnnealingLR": ["SequentialLR", "LinearLR", "CosineAnnealingLR"],
  StepLR: ["StepLR"],
  "ChainedScheduler + ExponentialLR": ["ChainedScheduler", "ExponentialLR"],
  OneCycleLR: ["OneCycleLR"],
  ReduceLROnPlateau: ["ReduceLROnPlateau"],
};

async function size_of(names: readonly string[], from: string): Promise<number> {
  const result = await build({
    stdin: {
      contents: `export { ${names.join(", ")} } from "${from}";`,
      resolveDir: "packages/torch-optim",
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["@torch-optim/source"],
  });
  return gzipSync(result.outputFiles[0].contents, { level: 9 }).length;
}

const rows: [string, number][] = [];
for (const [label, names] of Object.entries(IMPORTS)) {
  rows.push([label, await size_of(names, "torch-optim/lr_scheduler")]);
}
rows.push(["all schedulers", await size_of(["lr_scheduler"], "torch-optim/optim")]);
rows.push(["AdamW", await size_of(["AdamW"], "torch-optim/optim")]);
rows.push(["everything", await size_of(["optim", "Parameter"], "torch-optim")]);

const width = Math.max(...rows.map(([label]) => label.length));
for (const [label, bytes] of rows) {
  console.log(`${label.padEnd(width)}  ${String(bytes).padStart(6)} bytes, minified and gzipped`);
}
if (rows[0][1] > BAR) {
  console.error(`${rows[0][0]} is above the bar of ${BAR} bytes`);
  process.exit(1);
}
