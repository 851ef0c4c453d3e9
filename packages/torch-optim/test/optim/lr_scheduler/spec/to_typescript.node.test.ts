import { join } from "node:path";
import { build as bundle } from "esbuild";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";
import { type Course, follow, schedulable } from "../../../support/curve.ts";
import { build, type Spec } from "../../../support/spec.ts";

const { parse_spec, to_typescript } = torch.optim.lr_scheduler;

const FOLDER = join(import.meta.dirname, "../../../..");
const SAMPLE = fc.sample(writable_tree, { numRuns: 40, seed: 1 });
const EPOCHS = 30;

function code_of(spec: Spec): string {
  return to_typescript(spec as unknown as torch.optim.SchedulerSpec);
}

/** A module that builds the spec's scheduler for the optimizer it finds. */
function module_of(spec: Spec): string {
  return `import type { SchedulableOptimizer } from "torch-optim/optim";
declare global { var optimizer: SchedulableOptimizer }
${code_of(spec)}export { scheduler };
`;
}

/** What the TypeScript compiler says of modules, in strict mode. */
function complaints_about(modules: readonly string[]): string[] {
  const names = modules.map((_, i) => join(FOLDER, `module_${i}.ts`));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ["@torch-optim/source"],
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => names.includes(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const i = names.indexOf(name);
    return i < 0
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, modules[i], ts.ScriptTarget.ES2023);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram(names, options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

async function run(module: string): Promise<Course> {
  const { outputFiles } = await bundle({
    stdin: { contents: module, resolveDir: FOLDER, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["@torch-optim/source"],
  });
  const [{ text }] = outputFiles;
  Object.assign(globalThis, { optimizer: schedulable() });
  const { scheduler } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return follow(scheduler, EPOCHS);
}

describe("to_typescript", () => {
  test("writes code that compiles", () => {
    expect(complaints_about(SAMPLE.map(module_of))).toEqual([]);
    expect(complaints_about(["const wrong: number = true;"])).toHaveLength(1);
  });

  test("and gives the spec's own curve", async () => {
    for (const spec of SAMPLE) {
      expect(await run(module_of(spec)), code_of(spec)).toEqual(
        follow(build(schedulable(), spec), EPOCHS),
      );
    }
  });

  test("that reads as a person would write it", () => {
    const spec = parse_spec("linear:10 > cosine:80 > linear:10(start_factor=0.01)");
    expect(to_typescript(spec)).toBe(
      `import { CosineAnnealingLR, LinearLR, SequentialLR } from "torch-optim/lr_scheduler";

const linear = new LinearLR(optimizer, { total_iters: 10 });
const cosineAnnealing = new CosineAnnealingLR(optimizer, { T_max: 80 });
const linear2 = new LinearLR(optimizer, { total_iters: 10, start_factor: 0.01 });
const scheduler = new SequentialLR(optimizer, {
  schedulers: [linear, cosineAnnealing, linear2],
  milestones: [10, 90],
});
`,
    );
  });
});

test("who imports only schedulers pays for no spec", async () => {
  const { metafile } = await bundle({
    stdin: {
      contents: `export { SequentialLR, LinearLR } from "torch-optim/lr_scheduler";`,
      resolveDir: FOLDER,
    },
    bundle: true,
    write: false,
    format: "esm",
    metafile: true,
    conditions: ["@torch-optim/source"],
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const files = Object.keys(inputs);
  expect(files.some((file) => file.endsWith("/linear_lr.ts"))).toBe(true);
  expect(files.filter((file) => /\/(spec|transformers)\/|simulate|to_schedule/.test(file))).toEqual(
    [],
  );
});
