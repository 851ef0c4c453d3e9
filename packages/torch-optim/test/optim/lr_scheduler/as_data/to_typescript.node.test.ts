import { build as bundle } from "esbuild";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as torch from "../../../../src/index.ts";
import { writable_tree } from "../../../support/arbitrary.ts";
import { complaints, PACKAGE } from "../../../support/compile.ts";
import { type Course, follow, schedulable } from "../../../support/curve.ts";
import { odd_sequence } from "../../../support/odd_classes.ts";
import { build, type Spec } from "../../../support/spec.ts";

const { parse_spec, to_typescript } = torch.optim.lr_scheduler;

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

async function run(module: string): Promise<Course> {
  const { outputFiles } = await bundle({
    stdin: { contents: module, resolveDir: PACKAGE, loader: "ts" },
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

/** A module with classes whose names are likely to be confused, and the code of a spec of them. */
function odd_module(): string {
  const { spec, names } = odd_sequence();
  const classes = names.map(
    (name) => `class ${name} extends torch.optim.LRScheduler<{ lambda?: number; delete?: number }> {
  override get_lr() { return this.base_lrs; }
}`,
  );
  return `import * as torch from "torch-optim";
declare const optimizer: torch.optim.SchedulableOptimizer;
${classes.join("\n")}
${to_typescript(spec)}export { scheduler };
`;
}

describe("to_typescript", () => {
  test("writes code that compiles, whatever the classes are called", () => {
    expect(complaints([...SAMPLE.map(module_of), odd_module()])).toEqual([]);
    expect(complaints(["const wrong: number = true;"])).toHaveLength(1);
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

/** The files that know all schedulers. */
const OF_ALL = /\/(as_data|transformers)\/|catalogue|simulate|to_schedule/;

test("who imports only schedulers pays for no spec", async () => {
  const { metafile } = await bundle({
    stdin: {
      contents: `export { SequentialLR, LinearLR } from "torch-optim/lr_scheduler";`,
      resolveDir: PACKAGE,
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
  expect(files.filter((file) => OF_ALL.test(file))).toEqual([]);
});
